// app.t locked at all times, as by a writer, and by no transaction that is old: two sessions take turns. The daemon
// does not ask for a lock at all whose holder's transaction is older than a second (cutover/lock_transaction.cpp).
#pragma once
#include <chrono>
#include <utility>

#include "await.hpp"
#include "cluster.hpp"

namespace eidolon::test {

class held_in_turns {
 public:
  explicit held_in_turns(const database& db) : holder_{db.session()}, other_{db.session()}, onlooker_{db.session()} {
    holder_.sql(take);
  }

  // Until somebody waits for a lock on it; false when nobody does within the limit.
  bool until_wanted(std::chrono::seconds limit) {
    const auto wanted = [this] {
      return onlooker_.value("SELECT count(*) FROM pg_locks WHERE relation = 'app.t'::regclass AND NOT granted") != "0";
    };
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!eventually(wanted, std::chrono::milliseconds{400})) {
      if (std::chrono::steady_clock::now() >= end) return false;
      other_.sql(take);
      holder_.sql("COMMIT");
      std::swap(holder_, other_);
    }
    return true;
  }

  // Whose turn it is, in a transaction: what it writes to app.t queues behind nobody.
  session& holder() { return holder_; }

 private:
  static constexpr auto take = "BEGIN; LOCK TABLE app.t IN ROW EXCLUSIVE MODE";

  session holder_, other_, onlooker_;
};

}  // namespace eidolon::test
