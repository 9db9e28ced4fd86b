// How a lock that the application feels is asked for: one attempt at a time, each
// under one shrinking deadline, with growing, jittered pauses between them. Triggers,
// cutover and clean-up all go through here.
//
// lock_timeout counts per lock, so a transaction that takes three locks with 300 ms
// each can wait 900 ms; lock_deadline sets lock_timeout before each lock to what is
// left of the attempt's budget instead. The budget stays below the server's
// deadlock_timeout, else the application is the one that gets "deadlock detected".
#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "postgres/connection.hpp"

namespace eidolon::postgres {

struct lock_target {
  std::uint32_t table{};  // OID
  std::string mode;       // as LOCK TABLE spells it: "ACCESS EXCLUSIVE"
};

// Who stands in the way of a lock.
struct blocker {
  int pid{};         // 0: a prepared transaction
  std::string kind;  // client backend, autovacuum worker, prepared transaction, unknown (no right to see), …
  std::string application_name;  // of a prepared transaction: its identifier
  std::string query;             // first 200 characters
  double seconds{};              // since its transaction began
  bool anti_wraparound{};        // an autovacuum that must not be cancelled
  bool snapshot{};               // holds no lock, but keeps an old snapshot
  bool waiting{};                // has no such lock either, and is before us in the queue for one
  std::string query_start{};     // of the server's clock; empty: none, or hidden
};

// ---- deciding (pure)

struct lock_policy {
  milliseconds timeout{300};  // of one attempt, all its locks together
  milliseconds hold{0};       // for which it may keep them; 0: any
  milliseconds together{0};   // waiting and keeping them; 0: any
  milliseconds first_pause{500};
  milliseconds longest_pause{60'000};
  int force_after{0};          // 0: never
  bool young_snapshots{true};  // where old ones matter, those of young transactions do too
};

enum class force { none, cancel, terminate };

// The pause before attempt number `attempt` (1 is the first retry): doubles up to the
// longest, times a factor of 0.5 to 1.0 from jitter (0 to 1).
milliseconds pause_before(const lock_policy&, int attempt, double jitter);

// Whether attempt number `attempt` (from 0) may cancel (from force_after on) or
// terminate (from 2 * force_after on) blockers.
force force_at(const lock_policy&, int attempt);

// For how long an attempt that has waited so long may keep its locks; nullopt: any time.
std::optional<milliseconds> hold_left(const lock_policy&, milliseconds waited);

// The budget of one attempt, below the server's deadlock_timeout.
milliseconds attempt_budget(const lock_policy&, milliseconds deadlock_timeout);

// ---- doing

class lock_deadline {
 public:
  explicit lock_deadline(milliseconds budget);
  // LOCK TABLE ONLY <table> IN <mode> MODE (or any statement that waits for a lock) with
  // lock_timeout = what is left, for this and what follows in the transaction. Takes no
  // snapshot of its own. Throws statement_error 55P03 when it does not come in time.
  asio::awaitable<void> take(connection& c, raw_sql statement);
  // Each of them with what is left by then, which the server works out itself: a round trip for each would be time in
  // which the application waits. The transaction must be READ COMMITTED. Throws as take() does.
  asio::awaitable<void> take_each(connection& c, const std::vector<std::string>& statements);
  milliseconds left() const;
  // In take() and take_each() so far, failed or not; round trips included.
  std::chrono::microseconds waited() const { return waited_; }

 private:
  asio::awaitable<void> run(connection& c, std::string script);

  std::chrono::steady_clock::time_point end_;
  std::chrono::microseconds waited_{0};
};

// The application's deadlock_timeout, as far as this session can know it: the value that it
// began with, before session.sql shortened its own.
asio::awaitable<milliseconds> server_deadlock_timeout(connection& c);

// Sessions that hold a lock conflicting with one of the wanted ones, or wait for one, other than our own backends;
// longest transaction first, each once. Empty: nobody is in the way.
asio::awaitable<std::vector<blocker>> find_blockers(connection& c, const std::vector<lock_target>& wanted);

// Whether force_after concerns it: an application's session or an ordinary autovacuum; never one that prevents
// wraparound, replication, or another job, nor one that waits in the queue itself.
bool may_be_cleared(const blocker& b);

// pg_cancel_backend or pg_terminate_backend for each blocker that may be cleared. One that this role may not signal is
// left alone. Outside a transaction.
asio::awaitable<void> clear_blockers(connection& c, std::vector<blocker> blockers, force how);

}  // namespace eidolon::postgres
