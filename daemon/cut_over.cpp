// The way from a ghost that is complete to the swap: attempts, and what is looked at before and between them.
#include <fmt/format.h>

#include <algorithm>
#include <utility>
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
// Other jobs wait for this one meanwhile.
constexpr std::chrono::minutes patience_with_obstacles{5};
constexpr seconds between_looks_at_obstacles{10};

asio::awaitable<void> catch_up(job_context& job, bool closely) {
  job.pace.heed_pause(false);
  co_await job.catch_up(closely);
}

attempt_series series_of_cutovers() {
  return {.purpose = "cutover", .is_cutover = true, .leads_to = state::validating};
}

series_so_far& so_far(job_context& job) { return job.attempts.of[series_of_cutovers().purpose]; }

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
    throw plan::source_changed{plan::source_changed::kind::definition,
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

// What came of an attempt, or the obstacle because of which there was none.
using attempt_or_obstacle = std::variant<cutover::attempt_result, std::string>;

// An obstacle: one that only a look at all that hangs on the table has found.
asio::awaitable<attempt_or_obstacle> attempt_cutover(job_context& job, postgres::lock_policy policy) {
  const auto& p = job.plan();
  const auto series = series_of_cutovers();
  const auto& tally = so_far(job).tally;
  const auto force = postgres::force_at(policy, tally.in_the_way());
  const auto hold = postgres::hold_left(policy, policy.timeout).value_or(milliseconds{0});
  const auto drain_time = daemon::drain_time(tally.gave_way, hold);
  auto to_validating = job.change_to(state::validating);
  auto& backlog = *job.known_backlog;
  cutover::drain_function drain = [&job, &backlog, drain_time](connection& c) {
    job.attempts.now.locked = clock::now();
    return backlog.drain(c, drain_time);
  };
  cutover::record_function record = [&](connection& c) -> asio::awaitable<void> {
    co_await change_state(c, to_validating);
  };
  std::string obstacle;
  std::exception_ptr failure;
  try {
    auto attempted = cutover::attempt(job.at.pool, p, job.fence, policy, force, drain, record);
    co_return co_await watch_attempt(job, series, policy, std::move(attempted));
  } catch (const plan::source_changed& e) {
    if (e.changed == plan::source_changed::kind::neighbours) obstacle = e.what();
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
  job.pace.heed_pause(false);  // one that is paused goes back to where the log is applied
  co_await check_new_foreign_keys(job);
  co_await refresh_materialized_views(job);
  refreshed = clock::now();
}

enum class round { again, held, swapped };

asio::awaitable<round> hold(job_context& job, std::string why) {
  co_await job.hold(std::move(why));
  co_return round::held;
}

// Gives the obstacle time to go.
asio::awaitable<round> wait_out(job_context& job, std::string obstacle, std::optional<clock::time_point>& since) {
  const auto now = clock::now();
  if (!since) since = now;
  if (now - *since > patience_with_obstacles) co_return co_await hold(job, obstacle + "; resume tries again");
  job.pace.keeps_from_swap({"neighbours", std::move(obstacle)});
  co_await stay_close_for(job, between_looks_at_obstacles);
  co_return round::again;
}

asio::awaitable<round> follow_up(job_context& job, const postgres::lock_policy& policy,
                                 const cutover::attempt_result& result) {
  auto& tally = so_far(job).tally;
  const auto series = series_of_cutovers();
  const int number = tally.made + 1;
  job.attempts.unnoted = ended_attempt{series, number, result, {}};
  const bool swapped = result.what == cutover::attempt_result::outcome::swapped;
  if (swapped)
    job.entered(state::validating);
  else
    tally.failed(result);
  job.pace.keeps_from_swap(held_by_locks(series, number, result));
  co_await note_attempt(job);
  if (swapped) co_return round::swapped;
  if (auto why = enough_tried(job.j.record, series, tally); !why.empty()) co_return co_await hold(job, std::move(why));
  const bool waits_for_young = job.j.record.settings.waits_for_young_snapshots;
  co_await stay_close_for(job, pause_after(result, policy, tally, waits_for_young, jitter()));
  co_return round::again;
}

asio::awaitable<round> one_round(job_context& job, looks_so_far& looks) {
  auto obstacle = co_await find_obstacle(job);
  if (!obstacle.empty()) co_return co_await wait_out(job, std::move(obstacle), looks.obstructed);
  co_await look_again(job, looks.refreshed);
  co_await catch_up(job, true);
  // All that may have taken long, and while it held, somebody paused the job, or the calm hours ended.
  if (!may_cut_over(job)) co_return round::again;
  if (auto why = budget_used_up(job.j.record); !why.empty()) co_return co_await hold(job, std::move(why));
  const auto policy = lock_policy_of(job.j.record, so_far(job).tally);
  auto tried = co_await attempt_cutover(job, policy);
  if (auto* found = std::get_if<std::string>(&tried))
    co_return co_await wait_out(job, std::move(*found), looks.obstructed);
  looks.obstructed.reset();
  const auto& result = std::get<cutover::attempt_result>(tried);
  co_return co_await follow_up(job, policy, result);
}

// The step begins anew after an attempt that broke: it counts, and the next one waits, as after any other.
asio::awaitable<round> rest(job_context& job) {
  const auto due = std::exchange(so_far(job).rest, std::nullopt);
  if (!due) co_return round::again;
  const auto series = series_of_cutovers();
  if (auto why = enough_tried(job.j.record, series, so_far(job).tally); !why.empty())
    co_return co_await hold(job, std::move(why));
  job.pace.keeps_from_swap({"retry", due->why});
  co_await stay_close_for(job, std::chrono::ceil<milliseconds>(due->until - clock::now()));
  co_return round::again;
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
  auto r = co_await rest(job);
  while (r == round::again && may_cut_over(job)) r = co_await one_round(job, job.attempts.looks);
  so_far(job) = {};
  job.attempts.looks = {};
  co_return r == round::swapped ? state::validating : state::ready;
}

}  // namespace eidolon::daemon
