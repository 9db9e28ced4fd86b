// The way from a ghost that is complete to the swap: attempts, and what is looked at before and between them.
#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "cutover/cutover.hpp"
#include "daemon/job_steps.hpp"
#include "daemon/lock_attempts.hpp"
#include "daemon/reaction.hpp"
#include "plan/neighbourhood.hpp"

namespace eidolon::daemon {

using postgres::connection;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr seconds between_catch_ups{1};
// An attempt that gave way held the lock for a moment all the same.
constexpr milliseconds pause_after_backlog{250};
// Other jobs wait for this one meanwhile.
constexpr std::chrono::minutes patience_with_obstacles{5};
constexpr seconds between_looks_at_obstacles{10};
// Locks on several tables can close a circle with the application's at any time; it costs 20 ms to find out, and says
// nothing about the next attempt.
constexpr milliseconds longest_pause_after_deadlock{1000};

asio::awaitable<void> catch_up(job_context& job, bool closely) {
  job.pace.heed_pause(false);
  co_await job.catch_up(closely);
}

bool may_cut_over(const job_context& job) {
  return cutover_is_wanted(job.j.record) && job.at.load.cutover_denied.empty();
}

// Catches up again and again for as long as an attempt has to wait for the next one.
asio::awaitable<void> stay_close_for(job_context& job, milliseconds pause) {
  const auto until = clock::now() + pause;
  while (may_cut_over(job) && clock::now() < until) {
    const auto left = std::chrono::ceil<milliseconds>(until - clock::now());
    co_await job.j.changed.wait(std::min<milliseconds>(left, between_catch_ups));
    co_await catch_up(job, true);
  }
}

// What hangs on the table may have changed while the rows were copied: by the application, or because another job
// swapped a table at the other end of a foreign key. It is planned anew, and only that. Throws job_refused.
asio::awaitable<void> refresh_neighbours(job_context& job) {
  const auto& p = job.plan();
  std::string state;
  {
    auto lease = co_await job.at.pool.acquire(job.session("plan"));
    state = co_await plan::read_neighbourhood_state(*lease, p.source.oid, p.ghost_schema);
  }
  if (state == p.neighbours.state) co_return;
  co_await wait_for_validations(job);
  auto anew = co_await plan_anew(job);
  const bool same_views = std::equal(
      anew.neighbours.rebuilt.begin(), anew.neighbours.rebuilt.end(), p.neighbours.rebuilt.begin(),
      p.neighbours.rebuilt.end(),
      [](const auto& a, const auto& b) { return a.oid == b.oid && a.build == b.build && a.indexes == b.indexes; });
  if (!plan::same_shape(anew, p) || !same_views || anew.neighbours.statistics != p.neighbours.statistics)
    throw plan::source_changed{plan::source_changed::what::definition,
                               fmt::format("what hangs on {}.{} changed while the job ran, and with it what the "
                                           "alteration means",
                                           p.source.schema, p.source.name)};
  auto updated = p;
  updated.neighbours = std::move(anew.neighbours);
  co_await replace_plan(job, std::move(updated));
  co_await job.note("planned", "what hangs on the table has changed and was planned anew");
}

// Throws plan::source_changed when it is the table itself that is not what it was.
asio::awaitable<void> check_source(job_context& job) {
  auto c = co_await job.at.pool.acquire(job.session("plan"));
  const plan::batch look{plan::isolation::read_committed, {}};
  auto nothing = [](connection&) -> asio::awaitable<void> { co_return; };
  co_await plan::in_batch(*c, job.plan(), job.fence, look, nothing);
}

// What cannot be carried over and has come while the rows were copied costs the swap, and not the copy: a temporary
// view goes with its session, and what else there is may be dropped. Returns what is in the way, or nothing.
asio::awaitable<std::string> find_obstacle(job_context& job) {
  std::string obstacle;
  try {
    co_await refresh_neighbours(job);
  } catch (const job_refused& r) {
    obstacle = r.what();
  }
  if (!obstacle.empty()) co_await check_source(job);
  co_return obstacle;
}

// Gives it time to go. false: it has had enough, and the job has paused itself.
asio::awaitable<bool> wait_out(job_context& job, std::string obstacle, std::optional<clock::time_point>& since) {
  const auto now = clock::now();
  if (!since) since = now;
  if (now - *since > patience_with_obstacles) {
    co_await job.hold(obstacle + "; resume tries again");
    co_return false;
  }
  job.pace.keeps_from_swap(std::move(obstacle));
  co_await stay_close_for(job, between_looks_at_obstacles);
  co_return true;
}

// What came of an attempt, or the obstacle because of which there was none.
using attempt_or_obstacle = std::variant<cutover::attempt_result, std::string>;

struct attempts_so_far {
  attempt_tally tally;
  std::optional<clock::time_point> refreshed, obstructed;  // since when
};

// An obstacle: one that only a look at all that hangs on the table has found.
asio::awaitable<attempt_or_obstacle> attempt_cutover(job_context& job, postgres::lock_policy policy,
                                                     const attempt_tally& tally) {
  const auto& p = job.plan();
  const auto force = postgres::force_at(policy, tally.in_the_way());
  const auto hold = postgres::hold_left(policy, policy.timeout).value_or(milliseconds{0});
  const auto drain_time = daemon::drain_time(tally.gave_way, hold);
  auto to_validating = job.change_to(state::validating);
  auto& backlog = *job.known_backlog;
  cutover::drain_function drain = [&backlog, drain_time](connection& c) { return backlog.drain(c, drain_time); };
  cutover::record_function record = [&](connection& c) -> asio::awaitable<void> {
    co_await change_state(c, to_validating);
  };
  std::string obstacle;
  std::exception_ptr failure;
  try {
    co_return co_await cutover::attempt(job.at.pool, p, job.fence, policy, force, drain, record);
  } catch (const plan::source_changed& e) {
    if (e.what_changed == plan::source_changed::what::neighbours)
      obstacle = static_cast<const std::runtime_error&>(e).what();
    failure = std::current_exception();
  } catch (...) {
    failure = std::current_exception();
  }
  job.known_backlog.reset();
  if (!obstacle.empty()) co_return obstacle;
  std::rethrow_exception(failure);
}

// What was looked at before the cutover was wanted may be long ago: no refresh of a materialized view by the
// application is undone by the swap, but the one of the last minutes, and new foreign keys still hold.
asio::awaitable<void> look_again(job_context& job, std::optional<clock::time_point>& refreshed) {
  constexpr std::chrono::minutes fresh{5};
  if (refreshed && clock::now() - *refreshed < fresh) co_return;
  co_await check_new_foreign_keys(job);
  co_await copier::build_materialized_views(job.at.pool, job.plan(), job.fence);
  co_await copier::refresh_materialized_views(job.at.pool, job.plan(), job.fence);
  refreshed = clock::now();
}

asio::awaitable<attempt_or_obstacle> prepare_and_attempt(job_context& job, postgres::lock_policy policy,
                                                         attempts_so_far& so_far) {
  auto obstacle = co_await find_obstacle(job);
  if (!obstacle.empty()) co_return obstacle;
  co_await look_again(job, so_far.refreshed);
  co_await catch_up(job, true);
  co_return co_await attempt_cutover(job, policy, so_far.tally);
}

milliseconds pause_after(const cutover::attempt_result& r, const postgres::lock_policy& policy,
                         const attempt_tally& tally, bool waits_for_young_snapshots) {
  if (r.what == cutover::attempt_result::outcome::backlog) return pause_after_backlog;
  const auto pause = postgres::pause_before(policy, tally.made, jitter());
  if (r.deadlocked) return std::min(pause, longest_pause_after_deadlock);
  // Hardly anybody has waited for it, and it is about to be content with less.
  const bool for_young = is_by_snapshots(r) && policy.young_snapshots && !waits_for_young_snapshots;
  return for_young ? std::min(pause, policy.first_pause) : pause;
}

}  // namespace

asio::awaitable<void> wait_until_wanted(job_context& job) {
  if (!may_cut_over(job)) {
    job.at.slot.release(job.j.record.id);
    std::string why = "ready: the cutover was postponed until it is asked for";
    if (cutover_is_wanted(job.j.record)) why = "ready: " + job.at.load.cutover_denied;
    if (job.j.record.paused) why = "ready, and paused";
    co_await job.note("waiting", std::move(why));
  }
  while (!may_cut_over(job)) {
    co_await catch_up(job, false);
    job.pace.show_pause();
    co_await job.j.changed.wait(between_catch_ups);
  }
}

asio::awaitable<state> cut_over(job_context& job) {
  using outcome = cutover::attempt_result::outcome;
  const attempt_series series{"cutover", true, false};
  attempts_so_far so_far;
  while (may_cut_over(job)) {
    if (auto why = budget_used_up(job.j.record); !why.empty()) {
      co_await job.hold(std::move(why));
      break;
    }
    const auto policy = lock_policy_of(job.j.record, so_far.tally);
    const auto tried = co_await prepare_and_attempt(job, policy, so_far);
    if (const auto* obstacle = std::get_if<std::string>(&tried)) {
      const bool again = co_await wait_out(job, *obstacle, so_far.obstructed);
      if (!again) break;
      continue;
    }
    so_far.obstructed.reset();
    job.pace.keeps_from_swap("");
    const auto& result = std::get<cutover::attempt_result>(tried);
    if (result.what == outcome::swapped) job.entered(state::validating);
    co_await note_attempt(job, series, so_far.tally.made + 1, result);
    if (result.what == outcome::swapped) co_return state::validating;
    so_far.tally.failed(result);
    if (auto why = enough_tried(job.j.record, series, so_far.tally); !why.empty()) {
      co_await job.hold(std::move(why));
      break;
    }
    const auto pause = pause_after(result, policy, so_far.tally, job.j.record.settings.waits_for_young_snapshots);
    co_await stay_close_for(job, pause);
  }
  co_return state::ready;
}

}  // namespace eidolon::daemon
