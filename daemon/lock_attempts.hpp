// Attempts at locks that the application feels, one after the other, each recorded as an event that
// names who stood in the way.
#pragma once
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include "cutover/cutover.hpp"
#include "daemon/job_context.hpp"

namespace eidolon::daemon {

using attempt_function =
    std::function<asio::awaitable<cutover::attempt_result>(postgres::lock_policy, postgres::force)>;

// How long the application has waited for the job's locks.
std::chrono::duration<double> blocked_so_far(const job_record& r);
// Why no further attempt is made; empty: there is time left, or no limit.
std::string budget_used_up(const job_record& r);
// Nothing but old snapshots was in the way.
bool is_by_snapshots(const cutover::attempt_result& r);
// With no more time for an attempt, waiting or under its locks, than is left of lock_budget, unless there is no way
// back.
postgres::lock_policy lock_policy_of(const job_record& r, const attempt_tally& tally = {}, bool for_ever = false);
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

// Why an attempt that ended so counts as one: trouble with the server, the connection or another transaction. nullopt:
// it does not. Another daemon leads, say; the statement says what is wrong; or no session was to be had in time, nor a
// standby's answer, and no lock was asked for.
std::optional<std::string> why_it_broke(const std::exception_ptr& e);
// The most that an attempt which broke at that moment may have cost the application: in front of the locks it waits no
// longer than the policy allows, and under them it was since it is known to have had them.
cutover::attempt_result at_most(const attempt_times& t, clock::time_point broke, const postgres::lock_policy& policy);
std::string describe_attempt(const ended_attempt& a);

// Runs one attempt. One that breaks is counted, and is rethrown: what it came to may have to be settled first, so it is
// noted when the step begins anew.
asio::awaitable<cutover::attempt_result> watch_attempt(job_context& job, attempt_series series,
                                                       postgres::lock_policy policy,
                                                       asio::awaitable<cutover::attempt_result> attempt);

// Event, metrics and the job's totals of the attempt that ended last, unless they are recorded.
asio::awaitable<void> note_attempt(job_context& job);

// Before an attempt: waits while the job is paused, which it is once its budget is used up, until that is raised.
asio::awaitable<void> heed_budget(job_context& job);

// Tries until it succeeds. When the retries are used up (and the series is not for ever) the job
// pauses itself, and begins anew once it is resumed.
asio::awaitable<void> attempt_until_done(job_context& job, attempt_series series, attempt_function attempt);

}  // namespace eidolon::daemon
