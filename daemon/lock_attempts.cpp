// The pauses between attempts come from postgres::pause_before; a change of the job's record cuts them short.
#include "daemon/lock_attempts.hpp"

#include <fmt/format.h>

#include <algorithm>

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

postgres::lock_policy lock_policy_of(const job_record& r, const attempt_tally& tally) {
  postgres::lock_policy p;
  p.timeout = r.settings.lock_timeout;
  p.hold = r.settings.max_hold;
  p.young_snapshots = r.settings.waits_for_young_snapshots || tally.by_snapshots < most_by_snapshots;
  if (r.settings.lock_budget.count() > 0) {
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
  return fmt::format("{} did not succeed within {} attempts{}; resume tries again", series.purpose, tally.made,
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

asio::awaitable<void> note_attempt(job_context& job, attempt_series series, int number, cutover::attempt_result r) {
  const seconds waited{r.waited}, held{r.held};
  const bool swapped = r.what == outcome::swapped;
  job_store::attempt a;
  const seconds blocked = series.felt ? waited + held : seconds{0};
  a.blocked_seconds = blocked.count();
  if (series.is_cutover) a.cutover_outcome = std::string{name_of(r.what)};
  if (series.is_cutover && swapped) a.held_seconds = held.count();
  job.j.live.blockers = r.blockers;
  if (job.j.telemetry) {
    if (waited.count() > 0) job.j.telemetry->lock_wait(waited);
    job.j.telemetry->blocked_application(blocked);
    if (series.is_cutover) job.j.telemetry->cutover_attempt(name_of(r.what));
    if (a.held_seconds) job.j.telemetry->cutover_held(held);
  }
  event e{job.j.record.id, "attempt", describe_attempt(series, number, r), {}};
  e.detail = {{"outcome", name_of(r.what)},
              {"waited_seconds", waited.count()},
              {"held_seconds", held.count()},
              {"drained", r.drained ? json::value(*r.drained) : json::value(nullptr)},
              {"blockers", without_queries(r.blockers)}};
  auto totals = co_await job.at.store.note_attempt(job.j.record.id, std::move(a), std::move(e), job.fence);
  job.j.record.cutover = std::move(totals.cutover);
  const auto states = job.j.record.timings["states"];
  job.j.record.timings = std::move(totals.timings);
  job.j.record.timings["states"] = states;
  job.j.changed.notify_all();
}

asio::awaitable<void> attempt_until_done(job_context& job, attempt_series series, attempt_function attempt) {
  for (attempt_tally tally;;) {
    co_await job.wait_while_paused();
    if (auto why = budget_used_up(job.j.record); !why.empty() && !series.for_ever) {
      co_await job.hold(std::move(why));
      continue;
    }
    const auto policy = lock_policy_of(job.j.record, tally);
    const auto force = postgres::force_at(policy, tally.in_the_way());
    const auto result = co_await attempt(policy, force);
    job.pace.waits_for(held_by_locks(series, tally.made + 1, result));
    co_await note_attempt(job, series, tally.made + 1, result);
    if (result.what == outcome::swapped) co_return;
    tally.failed(result);
    if (auto why = enough_tried(job.j.record, series, tally); !why.empty()) {
      co_await job.hold(std::move(why));
      tally = {};
    } else {
      co_await job.j.changed.wait(postgres::pause_before(policy, tally.made, jitter()));
    }
  }
}

}  // namespace eidolon::daemon
