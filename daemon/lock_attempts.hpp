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
  std::string purpose;  // "installing the triggers"
  bool is_cutover{};    // counted and timed as such
  bool for_ever{};      // retries are not limited: there is no way back
  bool felt{true};      // the application uses the table whose lock it is
};

// How long the application has waited for the job's locks.
std::chrono::duration<double> blocked_so_far(const job_record& r);
// With no more time for an attempt than is left of lock_budget.
postgres::lock_policy lock_policy_of(const job_record& r);
// Why no further attempt is made; empty: there is time left, or no limit.
std::string budget_used_up(const job_record& r);
std::string_view name_of(cutover::attempt_result::outcome o);
std::string describe_attempt(const attempt_series& series, int number, const cutover::attempt_result& r);

// Event, metrics and the job's totals of one attempt; number counts from 1.
asio::awaitable<void> note_attempt(const job_context& job, attempt_series series, int number,
                                   cutover::attempt_result r);

// Tries until it succeeds. When the retries are used up (and the series is not for ever) the job
// pauses itself, and begins anew once it is resumed.
asio::awaitable<void> attempt_until_done(const job_context& job, attempt_series series, attempt_function attempt);

}  // namespace eidolon::daemon
