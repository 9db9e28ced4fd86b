// Attempts at locks that the application feels, one after the other, each recorded as an event that
// names who stood in the way.
#pragma once
#include <functional>
#include <string>

#include "cutover/cutover.hpp"
#include "daemon/job_context.hpp"

namespace eidolon::daemon {

using attempt_function =
    std::function<asio::awaitable<cutover::attempt_result>(postgres::lock_policy, postgres::force)>;

struct attempt_series {
  std::string purpose{};  // "installing the triggers"
  bool is_cutover{};      // counted and timed as such
  bool for_ever{};        // retries are not limited: there is no way back
  bool felt{true};        // the application uses the table whose lock it is
};

// How long the application has waited for the job's locks.
std::chrono::duration<double> blocked_so_far(const job_record& r);
// Why no further attempt is made; empty: there is time left, or no limit.
std::string budget_used_up(const job_record& r);
// Nothing but old snapshots was in the way.
bool is_by_snapshots(const cutover::attempt_result& r);
// Failed attempts of a series so far.
struct attempt_tally {
  int made{}, held_too_long{}, gave_way{};  // gave_way: because too much was left to apply
  int by_snapshots{};                       // kept from it by old snapshots and nothing else

  void failed(const cutover::attempt_result& r);
  int in_the_way() const { return made - held_too_long; }  // attempts that others may have kept from their locks
};
// With no more time for an attempt, waiting or under its locks, than is left of lock_budget.
postgres::lock_policy lock_policy_of(const job_record& r, const attempt_tally& tally = {});
// Why no further attempt is made; empty: another one is.
std::string enough_tried(const job_record& r, const attempt_series& series, const attempt_tally& tally);
// Before the next attempt at the cutover; jitter: 0 to 1.
std::chrono::milliseconds pause_after(const cutover::attempt_result& r, const postgres::lock_policy& policy,
                                      const attempt_tally& tally, bool waits_for_young_snapshots, double jitter);
// For how long the cutover may apply, under its locks, what is left: longer after each attempt that gave way because it
// was more, or a table that is written to fast would never be swapped; never for most of `hold` (0: any).
std::chrono::milliseconds drain_time(int gave_way, std::chrono::milliseconds hold);
std::string_view name_of(cutover::attempt_result::outcome o);
std::string describe_attempt(const attempt_series& series, int number, const cutover::attempt_result& r);
// That a job waits for locks after this attempt; without a reason when it does not.
hold held_by_locks(const attempt_series& series, int number, const cutover::attempt_result& r);

// Event, metrics and the job's totals of one attempt; number counts from 1.
asio::awaitable<void> note_attempt(job_context& job, attempt_series series, int number, cutover::attempt_result r);

// Tries until it succeeds. When the retries are used up (and the series is not for ever) the job
// pauses itself, and begins anew once it is resumed.
asio::awaitable<void> attempt_until_done(job_context& job, attempt_series series, attempt_function attempt);

}  // namespace eidolon::daemon
