// The swap: one short transaction that puts the ghost in the source's place.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "plan/batch.hpp"
#include "plan/plan.hpp"
#include "postgres/lock_attempt.hpp"
#include "postgres/pool.hpp"

namespace eidolon::cutover {

namespace asio = boost::asio;

struct attempt_result {
  enum class outcome {
    swapped,
    blocked,        // a long holder, or an old snapshot, is in the way: not even tried, or given up before COMMIT
    timed_out,      // a lock did not come within the budget
    backlog,        // it gave way: too much was left to apply, or what hangs on the table has changed
    held_too_long,  // it was given up, because the locks had been held for as long as they may be
  } what{};
  std::vector<postgres::blocker> blockers;
  std::chrono::microseconds
      waited{};  // until the last lock was granted, or none came: what the application may have felt
  std::chrono::microseconds held{};        // from the last lock granted to commit, or to giving up
  std::string gone{};                      // what was to be locked and is not there any more
  std::optional<std::int64_t> drained{0};  // entries that were applied under the locks; none: it was too much
  bool needless{};                         // swapped, as it were: there was nothing to do, and no lock was asked for
  bool deadlocked{};  // timed_out because of a circle, which the server found: the next attempt may come soon
};

// Applies what is left, in the cutover's transaction; none: it is too much.
using drain_function = std::function<asio::awaitable<std::optional<std::int64_t>>(postgres::connection&)>;
// Records the new state in the same transaction.
using record_function = std::function<asio::awaitable<void>(postgres::connection&)>;
// The same, where it is still to be done; false: it is not.
using decide_function = std::function<asio::awaitable<bool>(postgres::connection&)>;

// One attempt. Throws postgres::in_doubt when COMMIT was not answered: the caller reads
// the job's row with FOR UPDATE and decides. Throws plan::source_changed, postgres::error.
asio::awaitable<attempt_result> attempt(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                        postgres::lock_policy policy, postgres::force force, drain_function drain,
                                        record_function record);

// Installs the sync triggers under the same lock discipline; one attempt.
asio::awaitable<attempt_result> attempt_triggers(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                                 postgres::lock_policy policy, postgres::force force,
                                                 record_function install);

// Adds a foreign key after the swap: the one on the first of the tables, which refers to the last (qualified and
// quoted); one attempt.
asio::awaitable<attempt_result> attempt_foreign_key(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                                    postgres::lock_policy policy, postgres::force force,
                                                    std::vector<std::string> tables, record_function add);

// Removes the sync triggers from the source (abort, restart of the copy); one attempt.
asio::awaitable<attempt_result> attempt_removal(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                                postgres::lock_policy policy, postgres::force force);

// Drops the old table and the job's schemas (RESTRICT), once nobody has a snapshot from before the swap, which was
// `since_swap` ago (nullopt: whoever has one); one attempt.
asio::awaitable<attempt_result> attempt_drop_old(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                                 std::optional<std::chrono::duration<double>> since_swap,
                                                 postgres::lock_policy policy, postgres::force force,
                                                 decide_function decide);

// Drops the ghost and the job's schemas after an abort, when the triggers are gone; one attempt, for which nobody has
// to go.
asio::awaitable<attempt_result> attempt_drop_ghost(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                                   postgres::lock_policy policy);

}  // namespace eidolon::cutover
