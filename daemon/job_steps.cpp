// What is done in one transaction is recorded in it.
#include "daemon/job_steps.hpp"

#include <algorithm>

#include "cutover/cutover.hpp"
#include "daemon/fenced.hpp"
#include "daemon/lock_attempts.hpp"
#include "daemon/reaction.hpp"
#include "plan/neighbourhood.hpp"
#include "plan/planner.hpp"
#include "postgres/pause.hpp"
#include "triggers/triggers.hpp"

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

asio::awaitable<plan::plan> plan_anew(job_context& job) {
  auto lease = co_await job.at.pool.acquire(job.session("plan"));
  auto made = co_await plan::make_plan(*lease, job.j.record.id, job.j.record.request.what,
                                       job.j.record.settings.all_tables_allowed);
  if (auto* refusals = std::get_if<std::vector<plan::refusal>>(&made)) throw job_refused{std::move(*refusals)};
  co_return std::get<plan::plan>(std::move(made));
}

asio::awaitable<void> build_ghost(job_context& job, const plan::plan& p) {
  const auto max_log = job.pace.settings().max_log;
  auto body = [&](connection& c) -> asio::awaitable<void> {
    co_await store_plan(c, job.j.record.id, &p);
    co_await triggers::create_ghost(c, p, max_log);
  };
  co_await fenced(job.at.pool, job.session("ghost"), job.fence, body);
}

asio::awaitable<void> install_triggers(job_context& job) {
  const auto& p = job.plan();
  const auto change = job.change_to(state::copying);
  cutover::record_function install = [&p, &change](connection& c) -> asio::awaitable<void> {
    co_await triggers::install(c, p);
    co_await change_state(c, change);
  };
  attempt_function attempt = [&](postgres::lock_policy policy, postgres::force force) {
    return cutover::attempt_triggers(job.at.pool, p, job.fence, policy, force, install);
  };
  const attempt_series series{"installing the triggers", false, false};
  co_await attempt_until_done(job, series, attempt);
}

asio::awaitable<void> remove_what_was_built(job_context& job) {
  attempt_function attempt = [&job](postgres::lock_policy policy, postgres::force force) {
    return cutover::attempt_removal(job.at.pool, job.plan(), job.fence, policy, force);
  };
  const attempt_series series{"removing the triggers", false, true};
  co_await attempt_until_done(job, series, attempt);
  co_await cutover::drop_ghost(job.at.pool, job.plan(), job.fence);
}

asio::awaitable<void> watch_progress(job_context& job) {
  for (;;) {
    co_await read_progress(job);
    co_await postgres::pause(seconds{1});
  }
}

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

// A job that has just swapped another table is making its foreign keys valid again: what would be planned now would
// leave one of them as it is for the moment. (One that cannot go on is not waited for: its foreign key stays as it is
// until somebody sees to it.)
asio::awaitable<void> wait_for_validations(job_context& job) {
  const auto until = clock::now() + std::chrono::minutes{1};
  while (clock::now() < until) {
    bool under_way = false;
    {
      auto lease = co_await job.at.pool.acquire(job.session("plan"));
      const auto rows = co_await lease->execute(postgres::sql(
          "SELECT EXISTS (SELECT FROM eidolon.job WHERE state = 'validating' AND NOT paused AND id <> $1) AS under_way",
          job.j.record.id));
      under_way = rows.front().get<bool>("under_way");
    }
    if (!under_way) co_return;
    co_await job.j.changed.wait(std::chrono::milliseconds{200});
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

// nullopt: it did not begin, because of an obstacle that only a look at all that hangs on the table has found.
asio::awaitable<std::optional<cutover::attempt_result>> attempt_cutover(job_context& job, postgres::lock_policy policy,
                                                                        postgres::force force, milliseconds drain_time,
                                                                        std::string& obstacle) {
  const auto& p = job.plan();
  auto to_validating = job.change_to(state::validating);
  auto& backlog = *job.known_backlog;
  cutover::drain_function drain = [&backlog, drain_time](connection& c) { return backlog.drain(c, drain_time); };
  cutover::record_function record = [&](connection& c) -> asio::awaitable<void> {
    co_await change_state(c, to_validating);
  };
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
  if (!obstacle.empty()) co_return std::nullopt;
  std::rethrow_exception(failure);
}

bool schema_exists(const postgres::result& r) { return r.front().get<bool>("present"); }

}  // namespace

asio::awaitable<void> replace_plan(job_context& job, plan::plan updated) {
  auto body = [&](connection& c) { return store_plan(c, job.j.record.id, &updated); };
  co_await fenced(job.at.pool, job.session("plan"), job.fence, body);
  job.j.record.plan = std::move(updated);
}

asio::awaitable<void> read_progress(job_context& job) {
  if (!job.j.record.plan) co_return;
  try {
    auto lease = co_await job.at.control.acquire("eidolon control");
    job.j.live.progress = co_await copier::read_progress(*lease, job.plan());
  } catch (const postgres::error&) {
    co_return;  // shown as it was; the phase itself meets whatever is wrong
  }
  if (!job.j.telemetry) co_return;
  constexpr double unknown = std::numeric_limits<double>::infinity();
  job.j.telemetry->progress(progress_ratio(job.j));
  job.j.telemetry->eta(std::chrono::duration<double>{eta_seconds(job.j, clock::now()).value_or(unknown)});
}

asio::awaitable<void> wait_for_calm_hours(job_context& job) {
  while (!job.at.load.copy_denied.empty()) {
    job.pace.waits_for({"window", job.at.load.copy_denied});
    co_await job.j.changed.wait(milliseconds{500});
  }
}

asio::awaitable<void> prepare(job_context& job) {
  if (job.j.record.plan) co_await remove_what_was_built(job);
  job.j.live.progress = {};
  job.known_backlog.reset();
  co_await wait_for_validations(job);
  auto made = co_await plan_anew(job);
  co_await build_ghost(job, made);
  job.j.record.plan = std::move(made);
  co_await install_triggers(job);
  job.entered(state::copying);
}

asio::awaitable<void> copy(job_context& job) {
  auto work = copier::copy_rows(job.at.pool, job.plan(), job.fence, job.pace);
  co_await beside(std::move(work), watch_progress(job));
  co_await read_progress(job);
}

asio::awaitable<void> analyze_ghost(job_context& job) {
  auto why = co_await copier::analyze(job.at.pool, job.plan());
  if (!why.empty()) co_await job.note("warning", "the table goes without fresh statistics: ANALYZE failed: " + why);
}

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

asio::awaitable<state> cut_over(job_context& job) {
  const attempt_series series{"cutover", true, false};
  std::optional<clock::time_point> refreshed, obstructed;
  attempt_tally tally;
  while (may_cut_over(job)) {
    auto obstacle = co_await find_obstacle(job);
    if (!obstacle.empty()) {
      const bool again = co_await wait_out(job, std::move(obstacle), obstructed);
      if (!again) break;
      continue;
    }
    co_await look_again(job, refreshed);
    co_await catch_up(job, true);
    if (auto why = budget_used_up(job.j.record); !why.empty()) {
      co_await job.hold(std::move(why));
      break;
    }
    const auto policy = lock_policy_of(job.j.record, tally);
    const auto force = postgres::force_at(policy, tally.in_the_way());
    const auto hold = postgres::hold_left(policy, policy.timeout).value_or(milliseconds{0});
    const auto tried = co_await attempt_cutover(job, policy, force, drain_time(tally.gave_way, hold), obstacle);
    if (!tried) {
      const bool again = co_await wait_out(job, std::move(obstacle), obstructed);
      if (!again) break;
      continue;
    }
    obstructed.reset();
    job.pace.keeps_from_swap("");
    const auto& result = *tried;
    const auto what = result.what;
    if (what == cutover::attempt_result::outcome::swapped) job.entered(state::validating);
    co_await note_attempt(job, series, tally.made + 1, result);
    if (what == cutover::attempt_result::outcome::swapped) co_return state::validating;
    tally.failed(result);
    if (auto why = enough_tried(job.j.record, series, tally); !why.empty()) {
      co_await job.hold(std::move(why));
      break;
    }
    const bool gave_way = what == cutover::attempt_result::outcome::backlog;
    auto pause = gave_way ? pause_after_backlog : postgres::pause_before(policy, tally.made, jitter());
    if (result.deadlocked) pause = std::min(pause, longest_pause_after_deadlock);
    // Hardly anybody has waited for it, and it is about to be content with less.
    const bool for_young = is_by_snapshots(result) && policy.young_snapshots;
    if (for_young && !job.j.record.settings.waits_for_young_snapshots) pause = std::min(pause, policy.first_pause);
    co_await stay_close_for(job, pause);
  }
  co_return state::ready;
}

asio::awaitable<void> check_new_foreign_keys(job_context& job) {
  if (job.plan().neighbours.checks.empty()) co_return;
  // The ghost lags, and the other table is read later than the ghost: a row is guilty when it is found again and again.
  constexpr int enough = 3, most = 20;
  std::optional<copier::foreign_key_violation> found;
  for (int i = 0, times = 0; i < most && times < enough; ++i) {
    co_await job.catch_up();
    auto now = co_await copier::find_foreign_key_violation(job.at.pool, job.plan(), job.fence);
    if (!now) co_return;
    const bool again = found && found->constraint == now->constraint && found->key == now->key;
    times = again ? times + 1 : 1;
    found = std::move(now);
    if (times >= enough)
      throw copier::data_error{"a row has no partner under the foreign key \"" + found->constraint + "\"",
                               found->constraint, found->key};
  }
}

asio::awaitable<void> retain(job_context& job) {
  job.at.slot.release(job.j.record.id);
  for (;;) {
    const std::chrono::duration<double> kept{seconds_since_swap(job.j, clock::now())};
    const std::chrono::duration<double> left = job.pace.settings().keep_old - kept;
    if (job.j.record.drop_requested || left.count() <= 0) break;
    const auto nap = std::min<std::chrono::duration<double>>(left, std::chrono::hours{1});
    co_await job.j.changed.wait(std::chrono::ceil<milliseconds>(nap));
  }
  attempt_function attempt = [&job](postgres::lock_policy policy, postgres::force force) {
    std::optional<std::chrono::duration<double>> since_swap{seconds_since_swap(job.j, clock::now())};
    if (job.j.record.drop_requested) since_swap.reset();
    return cutover::attempt_drop_old(job.at.pool, job.plan(), job.fence, since_swap, policy, force);
  };
  const attempt_series series{"dropping the old table", false, true, false};
  co_await attempt_until_done(job, series, attempt);
}

asio::awaitable<void> begin_clean_up(job_context& job, state end, std::optional<json::object> error) {
  auto change = job.change_to(state::aborting);
  change.end_state = end;
  change.error = error;
  if (error) change.detail["error"] = *error;
  auto body = [&](connection& c) -> asio::awaitable<void> {
    if (job.j.record.plan) {
      auto question =
          postgres::sql("SELECT to_regnamespace(quote_ident($1)) IS NOT NULL AS present", job.plan().ghost_schema);
      const auto found = co_await c.execute(std::move(question));
      const auto stop = triggers::take_functions(job.plan()) + "; " + triggers::neutralise_functions(job.plan());
      if (schema_exists(found)) co_await c.script(postgres::raw(stop));
    }
    co_await change_state(c, change);
  };
  co_await fenced(job.at.pool, job.session("abort"), job.fence, body);
  job.j.record.end_state = end;
  if (error) job.j.record.error = std::move(error);
  ++job.j.commands;
  job.j.record.paused = false;
  job.j.record.paused_reason.clear();
  job.entered(state::aborting);
}

asio::awaitable<void> clean_up(job_context& job) {
  job.at.slot.release(job.j.record.id);
  if (job.j.record.plan) co_await remove_what_was_built(job);
}

}  // namespace eidolon::daemon
