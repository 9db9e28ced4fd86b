// The pauses between attempts come from postgres::pause_before; a change of the job's record cuts them short.
#include "daemon/lock_attempts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "daemon/job_view.hpp"

namespace eidolon::daemon {

using outcome = cutover::attempt_result::outcome;
using seconds = std::chrono::duration<double>;

namespace {

constexpr std::chrono::milliseconds shortest_attempt{10};
// The next one would do no better, and the application waits for each.
constexpr int most_held_too_long = 3;
// Of an application that works in REPEATABLE READ all the time, or looks like that, there is hardly a moment without
// one.
constexpr int most_by_snapshots = 5;
// An attempt that gave way held the lock for a moment all the same.
constexpr std::chrono::milliseconds pause_after_backlog{250};
// Locks on several tables can close a circle with the application's at any time; it costs 20 ms to find out, and says
// nothing about the next attempt.
constexpr std::chrono::milliseconds longest_pause_after_deadlock{1000};

std::string why_not(const cutover::attempt_result& r) {
  if (r.what != outcome::blocked) return "ran out of time waiting for a lock";
  return fmt::format("{}, {}", r.held.count() > 0 ? "was given up" : "did not begin",
                     is_by_snapshots(r) ? "others keep a snapshot from before it" : "a lock is held by others");
}

std::string describe(const postgres::blocker& b) {
  const auto pid = b.pid != 0 ? fmt::format(" {}", b.pid) : "";
  return fmt::format("{}{} ({}), for {:.1f} s", b.kind, pid, b.application_name, b.seconds);
}

// What a session runs is shown while it lasts, to whoever may ask the daemon. It is not kept where the database's owner
// may read it, whom PostgreSQL does not show other roles' statements.
json::array without_queries(std::vector<postgres::blocker> blockers) {
  for (auto& b : blockers) b.query.clear();
  return view(blockers);
}

std::chrono::milliseconds budget_left(const job_record& r) {
  return std::chrono::floor<std::chrono::milliseconds>(r.settings.lock_budget - blocked_so_far(r));
}

}  // namespace

bool is_by_snapshots(const cutover::attempt_result& r) {
  return r.what == outcome::blocked &&
         std::all_of(r.blockers.begin(), r.blockers.end(), [](const auto& b) { return b.snapshot; });
}

seconds blocked_so_far(const job_record& r) {
  const auto* recorded = r.timings.if_contains("blocked_application_seconds");
  return seconds{recorded && recorded->is_number() ? recorded->to_number<double>() : 0};
}

postgres::lock_policy lock_policy_of(const job_record& r, const attempt_tally& tally, bool for_ever) {
  postgres::lock_policy p;
  p.timeout = r.settings.lock_timeout;
  p.hold = r.settings.max_hold;
  p.young_snapshots = r.settings.waits_for_young_snapshots || tally.by_snapshots < most_by_snapshots;
  if (r.settings.lock_budget.count() > 0 && !for_ever) {
    p.together = std::max(shortest_attempt, budget_left(r));
    p.timeout = std::min(p.timeout, p.together);
  }
  p.force_after = r.settings.force_after;
  return p;
}

std::string budget_used_up(const job_record& r) {
  if (r.settings.lock_budget.count() <= 0 || budget_left(r) >= shortest_attempt) return {};
  return fmt::format(
      "lock_budget is used up: the application has waited {:.1f} s for the job's locks; raise it, and resume",
      blocked_so_far(r).count());
}

void attempt_tally::broke() {
  ++made;
  ++broken;
}

void attempt_tally::failed(const cutover::attempt_result& r) {
  ++made;
  if (is_by_snapshots(r)) ++by_snapshots;
  if (!r.drained) ++gave_way;
  if (r.what != outcome::held_too_long) return;
  ++held_too_long;
  gave_way = 0;
}

std::string enough_tried(const job_record& r, const attempt_series& series, const attempt_tally& tally) {
  if (tally.held_too_long >= most_held_too_long)
    return fmt::format("{}: {} attempts would have held their locks for longer than max_hold; raise it, and resume",
                       series.purpose, tally.held_too_long);
  if (series.for_ever || tally.made <= r.settings.lock_retries) return {};
  return fmt::format("{} did not succeed within {} attempt{}{}; resume tries again", series.purpose, tally.made,
                     tally.made == 1 ? "" : "s",
                     tally.by_snapshots == tally.made ? ", because others always keep a snapshot from before it" : "");
}

std::chrono::milliseconds pause_after(const cutover::attempt_result& r, const postgres::lock_policy& policy,
                                      const attempt_tally& tally, bool waits_for_young_snapshots, double jitter) {
  if (r.what == outcome::backlog) return pause_after_backlog;
  const auto pause = postgres::pause_before(policy, tally.made, jitter);
  if (r.deadlocked) return std::min(pause, longest_pause_after_deadlock);
  // Hardly anybody has waited for it, and it is about to be content with less.
  const bool for_young = is_by_snapshots(r) && policy.young_snapshots && !waits_for_young_snapshots;
  return for_young ? std::min(pause, policy.first_pause) : pause;
}

std::chrono::milliseconds drain_time(int gave_way, std::chrono::milliseconds hold) {
  constexpr std::chrono::milliseconds at_first{200};
  constexpr int most_doublings = 10;
  const auto grown = at_first * (1 << std::min(gave_way, most_doublings));
  return hold.count() > 0 ? std::min(grown, hold / 2) : grown;
}

std::string_view name_of(outcome o) {
  switch (o) {
    case outcome::swapped:
      return "swapped";
    case outcome::blocked:
      return "blocked";
    case outcome::timed_out:
      return "timed_out";
    case outcome::backlog:
      return "backlog";
    case outcome::held_too_long:
      return "held_too_long";
  }
  return "unknown";
}

namespace {

// As it is recorded and exported.
std::string_view outcome_of(const ended_attempt& a) { return a.failure.empty() ? name_of(a.result.what) : "failed"; }

}  // namespace

std::string describe_attempt(const attempt_series& series, int number, const cutover::attempt_result& r) {
  if (r.what == outcome::swapped) return fmt::format("{}: attempt {} succeeded", series.purpose, number);
  if (r.what == outcome::backlog)
    return fmt::format("{}: attempt {} gave way, {}", series.purpose, number,
                       !r.drained       ? "too much was left to apply"
                       : r.gone.empty() ? "what hangs on the table has changed"
                                        : r.gone);
  if (r.what == outcome::held_too_long)
    return fmt::format("{}: attempt {} was given up after {:.1f} s with its locks", series.purpose, number,
                       seconds{std::max(r.held, r.waited)}.count());
  std::string text = fmt::format("{}: attempt {} {}", series.purpose, number, why_not(r));
  for (const auto& b : r.blockers) text += "; " + describe(b);
  return text;
}

hold held_by_locks(const attempt_series& series, int number, const cutover::attempt_result& r) {
  if (r.what == outcome::swapped || r.what == outcome::backlog) return {};
  return {"locks", describe_attempt(series, number, r)};
}

std::optional<std::string> why_it_broke(const std::exception_ptr& e) {
  try {
    std::rethrow_exception(e);
  } catch (const postgres::timeout_error&) {
    return std::nullopt;  // under its locks it would have been held_too_long
  } catch (const postgres::connection_error& c) {
    return std::string{c.what()};
  } catch (const postgres::statement_error& s) {
    if (postgres::may_pass(s) && s.sqlstate() != postgres::sqlstate::fenced) return std::string{s.what()};
  } catch (...) {
  }
  return std::nullopt;
}

cutover::attempt_result at_most(const attempt_times& t, clock::time_point broke, const postgres::lock_policy& policy) {
  using std::chrono::microseconds;
  const auto locked = t.locked.value_or(broke);
  const clock::duration longest{policy.timeout};
  cutover::attempt_result r;
  r.what = outcome::timed_out;
  r.waited = std::chrono::duration_cast<microseconds>(std::min(locked - t.began, longest));
  r.held = std::chrono::duration_cast<microseconds>(broke - locked);
  return r;
}

std::string describe_attempt(const ended_attempt& a) {
  if (a.failure.empty()) return describe_attempt(a.series, a.number, a.result);
  return fmt::format("{}: attempt {} failed: {}", a.series.purpose, a.number, a.failure);
}

namespace {

void remember_broken(attempt_history& attempts, attempt_series series, const postgres::lock_policy& policy,
                     std::string why) {
  const auto now = clock::now();
  auto& so_far = attempts.of[series.purpose];
  so_far.tally.broke();
  const int number = so_far.tally.made;
  attempts.unnoted = ended_attempt{std::move(series), number, at_most(attempts.now, now, policy), std::move(why)};
  so_far.rest =
      attempt_rest{now + postgres::pause_before(policy, number, jitter()), describe_attempt(*attempts.unnoted)};
}

}  // namespace

asio::awaitable<cutover::attempt_result> watch_attempt(job_context& job, attempt_series series,
                                                       postgres::lock_policy policy,
                                                       asio::awaitable<cutover::attempt_result> attempt) {
  // Where no session is to be had, nothing is attempted.
  { auto lease = co_await job.at.pool.acquire(job.session("locks")); }
  job.attempts.now = attempt_times{clock::now()};
  std::exception_ptr failure;
  try {
    co_return co_await std::move(attempt);
  } catch (...) {
    failure = std::current_exception();
  }
  if (auto why = why_it_broke(failure)) remember_broken(job.attempts, std::move(series), policy, std::move(*why));
  std::rethrow_exception(failure);
}

namespace {

// The record says what became of a COMMIT that was not answered.
ended_attempt as_settled(ended_attempt a, state recorded) {
  if (a.failure.empty() || a.series.leads_to != recorded) return a;
  a.failure.clear();
  a.result.what = outcome::swapped;
  return a;
}

job_store::attempt to_record(const ended_attempt& a) {
  const bool swapped = a.failure.empty() && a.result.what == outcome::swapped;
  job_store::attempt r;
  if (a.series.felt) r.blocked_seconds = seconds{a.result.waited + a.result.held}.count();
  if (a.series.is_cutover) r.cutover_outcome = std::string{outcome_of(a)};
  if (a.series.is_cutover && swapped) r.held_seconds = seconds{a.result.held}.count();
  return r;
}

json::object detail_of(const ended_attempt& a) {
  const auto& r = a.result;
  return {{"outcome", outcome_of(a)},
          {"waited_seconds", seconds{r.waited}.count()},
          {"held_seconds", seconds{r.held}.count()},
          {"drained", r.drained ? json::value(*r.drained) : json::value(nullptr)},
          {"blockers", without_queries(r.blockers)}};
}

void export_attempt(job_telemetry& t, const ended_attempt& a, const job_store::attempt& recorded) {
  // How long one that broke has waited is not known.
  if (a.failure.empty() && a.result.waited.count() > 0) t.lock_wait(a.result.waited);
  t.blocked_application(seconds{recorded.blocked_seconds});
  if (recorded.cutover_outcome) t.cutover_attempt(*recorded.cutover_outcome);
  if (recorded.held_seconds) t.cutover_held(seconds{*recorded.held_seconds});
}

}  // namespace

asio::awaitable<void> note_attempt(job_context& job) {
  if (!job.attempts.unnoted) co_return;
  const auto ended = *std::exchange(job.attempts.unnoted, std::nullopt);
  const auto a = as_settled(ended, job.j.record.state);
  job.j.live.blockers = a.result.blockers;
  auto record = to_record(a);
  event e{job.j.record.id, "attempt", describe_attempt(a), detail_of(a)};
  job_store::attempt_totals totals;
  try {
    totals = co_await job.at.store.note_attempt(job.j.record.id, record, std::move(e), job.fence);
  } catch (const postgres::in_doubt&) {
    throw;  // it may be there
  } catch (const boost::system::system_error&) {
    throw;
  } catch (...) {
    job.attempts.unnoted = ended;
    throw;
  }
  if (job.j.telemetry) export_attempt(*job.j.telemetry, a, record);
  job.j.record.cutover = std::move(totals.cutover);
  const auto states = job.j.record.timings["states"];
  job.j.record.timings = std::move(totals.timings);
  job.j.record.timings["states"] = states;
  job.j.changed.notify_all();
}

namespace {

// The step begins anew after an attempt that broke.
asio::awaitable<void> rest(job_context& job, attempt_series series) {
  auto& so_far = job.attempts.of[series.purpose];
  const auto due = std::exchange(so_far.rest, std::nullopt);
  if (!due) co_return;
  if (auto why = enough_tried(job.j.record, series, so_far.tally); !why.empty()) {
    co_await job.hold(std::move(why));
    so_far.tally = {};
    co_return;
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(due->until - clock::now());
  if (left.count() <= 0) co_return;
  job.pace.waits_for({"retry", due->why});
  co_await job.j.changed.wait(left);
}

}  // namespace

asio::awaitable<void> heed_budget(job_context& job) {
  for (;;) {
    co_await job.wait_while_paused();
    auto why = budget_used_up(job.j.record);
    if (why.empty()) co_return;
    co_await job.hold(std::move(why));
  }
}

asio::awaitable<void> attempt_until_done(job_context& job, attempt_series series, attempt_function attempt) {
  auto& tally = job.attempts.of[series.purpose].tally;
  co_await rest(job, series);
  for (;;) {
    if (series.for_ever)
      co_await job.wait_while_paused();
    else
      co_await heed_budget(job);
    if (series.gives_way) co_await job.pace.admit();
    const auto policy = lock_policy_of(job.j.record, tally, series.for_ever);
    auto attempted = attempt(policy, postgres::force_at(policy, tally.in_the_way()));
    const auto result = co_await watch_attempt(job, series, policy, std::move(attempted));
    if (result.needless) co_return;
    const int number = tally.made + 1;
    job.attempts.unnoted = ended_attempt{series, number, result, {}};
    const bool done = result.what == outcome::swapped;
    if (done)
      tally = {};
    else
      tally.failed(result);
    job.pace.waits_for(held_by_locks(series, number, result));
    co_await note_attempt(job);
    if (done) co_return;
    if (auto why = enough_tried(job.j.record, series, tally); !why.empty()) {
      co_await job.hold(std::move(why));
      tally = {};
    } else {
      co_await job.j.changed.wait(postgres::pause_before(policy, tally.made, jitter()));
    }
  }
}

}  // namespace eidolon::daemon
