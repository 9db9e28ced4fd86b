// What is done in one transaction is recorded in it.
#include "daemon/job_steps.hpp"

#include "config/setting_table.hpp"
#include "cutover/cutover.hpp"
#include "daemon/fenced.hpp"
#include "daemon/giving_way.hpp"
#include "daemon/lock_attempts.hpp"
#include "daemon/logging.hpp"
#include "daemon/planning.hpp"
#include "daemon/reaction.hpp"
#include "daemon/sql.hpp"
#include "plan/neighbourhood.hpp"
#include "postgres/pause.hpp"
#include "triggers/triggers.hpp"

namespace eidolon::daemon {

using postgres::connection;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

asio::awaitable<void> build_ghost(job_context& job, const plan::plan& p) {
  const auto max_log = job.pace.settings().max_log;
  auto body = [&](connection& c) -> asio::awaitable<void> {
    co_await store_plan(c, job.j.record.id, p);
    co_await triggers::create_ghost(c, p, max_log);
  };
  co_await fenced(job.at.pool, job.session("ghost"), job.fence, body);
  job.max_log = max_log;
}

asio::awaitable<void> install_triggers(job_context& job) {
  const auto& p = job.plan();
  const auto change = job.change_to(state::copying);
  cutover::record_function install = [&job, &p, &change](connection& c) -> asio::awaitable<void> {
    job.attempts.now.locked = clock::now();
    co_await triggers::install(c, p);
    co_await change_state(c, change);
  };
  attempt_function attempt = [&](postgres::lock_policy policy,
                                 postgres::force force) -> asio::awaitable<cutover::attempt_result> {
    auto result = co_await cutover::attempt_triggers(job.at.pool, p, job.fence, policy, force, install);
    // Before anything else can fail: the record says so.
    if (result.what == cutover::attempt_result::outcome::swapped) job.entered(state::copying);
    co_return result;
  };
  const attempt_series series{.purpose = "installing the triggers", .leads_to = state::copying};
  co_await attempt_until_done(job, series, attempt);
}

asio::awaitable<void> remove_what_was_built(job_context& job) {
  attempt_function remove = [&job](postgres::lock_policy policy, postgres::force force) {
    return cutover::attempt_removal(job.at.pool, job.plan(), job.fence, policy, force);
  };
  const attempt_series removal{.purpose = "removing the triggers", .for_ever = true};
  co_await attempt_until_done(job, removal, remove);
  attempt_function drop = [&job](postgres::lock_policy policy, postgres::force) {
    return cutover::attempt_drop_ghost(job.at.pool, job.plan(), job.fence, policy);
  };
  const attempt_series dropping{.purpose = "dropping what was built", .for_ever = true, .felt = false};
  co_await attempt_until_done(job, dropping, drop);
}

// While there is one log, up to the end of the index builds, no switch to another brings the triggers a new limit. One
// that is under way when these end holds the lock that the first switch waits for, until it is over.
asio::awaitable<void> keep_max_log(job_context& job) {
  const auto wanted = job.pace.settings().max_log;
  if (job.max_log == wanted) co_return;
  auto body = [&job, wanted](connection& c) { return triggers::change_limit(c, job.plan(), 1, wanted); };
  try {
    co_await fenced(job.at.pool, job.session("log"), job.fence, body);
    job.max_log = wanted;
  } catch (const postgres::error& e) {
    log(spdlog::level::debug, e.what(), {{"database", job.j.database}, {"job", job.j.record.id}});
  }
}

asio::awaitable<void> watch_progress(job_context& job) {
  for (;;) {
    co_await read_progress(job);
    co_await postgres::pause(seconds{1});
  }
}

asio::awaitable<void> watch_the_first_log(job_context& job) {
  for (;;) {
    co_await keep_max_log(job);
    co_await read_progress(job);
    co_await postgres::pause(seconds{1});
  }
}

bool schema_exists(const postgres::result& r) { return r.front().get<bool>("present"); }

}  // namespace

asio::awaitable<plan::plan> plan_anew(job_context& job) {
  planning_sessions sessions{job.at.pool, job.at.control, job.session("plan")};
  auto made = co_await make_plan(std::move(sessions), job.j.record.id, job.j.record.request.what,
                                 job.j.record.settings.all_tables_allowed);
  if (auto* refusals = std::get_if<std::vector<plan::refusal>>(&made)) throw job_refused{std::move(*refusals)};
  co_return std::get<plan::plan>(std::move(made));
}

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

asio::awaitable<void> replace_plan(job_context& job, plan::plan updated) {
  auto body = [&](connection& c) { return store_plan(c, job.j.record.id, updated); };
  co_await fenced(job.at.pool, job.session("plan"), job.fence, body);
  job.j.record.plan = std::move(updated);
}

namespace {

asio::awaitable<void> read_index_progress(job_context& job, connection& c) {
  const auto ratio = co_await copier::index_progress(c, job.plan());
  if (ratio) job.j.live.step.reached(clock::now(), *ratio);
}

}  // namespace

asio::awaitable<void> read_progress(job_context& job) {
  if (!job.j.record.plan) co_return;
  // Later the phases know it, for they apply it.
  const bool estimates = job.j.record.state < state::ready && job.j.record.state != state::catching_up;
  try {
    auto lease = co_await job.at.control.acquire("eidolon control");
    job.j.live.progress = co_await copier::read_progress(*lease, job.plan());
    if (estimates) job.j.live.backlog = co_await copier::estimate_backlog(*lease, job.plan());
    if (job.j.record.state == state::indexing) co_await read_index_progress(job, *lease);
  } catch (const postgres::error&) {
    co_return;  // shown as it was; the phase itself meets whatever is wrong
  }
  if (!job.j.telemetry) co_return;
  constexpr double unknown = std::numeric_limits<double>::infinity();
  job.j.telemetry->progress(progress_ratio(job.j));
  job.j.telemetry->state_progress(state_ratio(job.j));
  job.j.telemetry->backlog(job.j.live.backlog);
  job.j.telemetry->eta(std::chrono::duration<double>{eta_seconds(job.j, clock::now()).value_or(unknown)});
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
}

asio::awaitable<void> copy(job_context& job) {
  auto work = copier::copy_rows(job.at.pool, job.plan(), job.fence, job.pace);
  co_await beside(std::move(work), watch_the_first_log(job));
  co_await read_progress(job);
}

namespace {

asio::awaitable<void> make_sure_of_the_copy(job_context& job) {
  const bool copied = co_await copier::is_copied(job.at.pool, job.plan());
  if (!copied) co_await copy(job);
}

asio::awaitable<void> analyze_ghost(job_context& job) {
  auto why = co_await copier::analyze(job.at.pool, job.plan());
  if (!why.empty()) co_await job.note("warning", "the table goes without fresh statistics: ANALYZE failed: " + why);
}

}  // namespace

asio::awaitable<void> build_indexes(job_context& job) {
  co_await make_sure_of_the_copy(job);
  co_await beside(copier::build_indexes(job.at.pool, job.plan(), job.fence, job.pace), watch_the_first_log(job));
  co_await analyze_ghost(job);
}

namespace {

copier::long_runner run_for_materialized_views(job_context& job) {
  return [&job](copier::long_transaction work) {
    return run_giving_way(job, "materialized views", "building materialized views", std::move(work));
  };
}

}  // namespace

asio::awaitable<void> refresh_materialized_views(job_context& job) {
  const auto run = run_for_materialized_views(job);
  co_await copier::build_materialized_views(job.plan(), job.fence, run);
  co_await copier::refresh_materialized_views(job.plan(), job.fence, run);
}

asio::awaitable<void> build_materialized_views(job_context& job) {
  const auto run = run_for_materialized_views(job);
  try {
    co_await copier::build_materialized_views(job.plan(), job.fence, run);
  } catch (const plan::source_changed& e) {
    if (e.changed != plan::source_changed::kind::neighbours) throw;
  }
}

namespace {

// Each range with a row that differs looks for its key in the whole log: a verification of hours would become slower
// with every write, and the log never shorter. It is applied by the rules of catching_up, which the calm hours do not
// hold.
asio::awaitable<void> keep_log_short(job_context& job, clock::time_point& looked_at) {
  constexpr std::int64_t long_log = 100'000;
  constexpr seconds between_looks{5};
  if (clock::now() - looked_at < between_looks) co_return;
  std::int64_t entries = 0;
  {
    auto lease = co_await job.at.control.acquire("eidolon control");
    entries = co_await copier::estimate_backlog(*lease, job.plan());
  }
  if (entries >= long_log) co_await job.catch_up();
  looked_at = clock::now();
}

// While the calm hours hold verification, the log would grow until it is at max_log, and the copy be lost.
asio::awaitable<void> prepare_next_ranges(job_context& job, clock::time_point& looked_at) {
  for (;;) {
    co_await keep_log_short(job, looked_at);
    if (!job.pace.waits_for_hours()) co_return;
    co_await job.j.changed.wait(seconds{1});
  }
}

}  // namespace

// The hours are waited for between ranges alone, where the log is applied meanwhile.
asio::awaitable<void> verify(job_context& job) {
  job.pace.heed_hours(false);
  auto looked_at = clock::now();
  auto between_ranges = [&job, &looked_at] { return prepare_next_ranges(job, looked_at); };
  co_await beside(copier::verify(job.at.pool, job.plan(), job.fence, job.pace, between_ranges), watch_progress(job));
}

asio::awaitable<void> check_new_foreign_keys(job_context& job) {
  if (job.plan().neighbours.checks.empty()) co_return;
  // The ghost lags, and the other table is read later than the ghost: a row is guilty when it is found again and again.
  constexpr int enough = 3, most = 20;
  const copier::long_runner run = [&job](copier::long_transaction work) {
    return run_giving_way(job, "foreign keys", "checking new foreign keys", std::move(work));
  };
  std::optional<copier::foreign_key_violation> found;
  for (int i = 0, times = 0; i < most && times < enough; ++i) {
    co_await job.catch_up();
    auto now = co_await copier::find_foreign_key_violation(job.plan(), job.fence, run);
    if (!now) co_return;
    const bool again = found && found->constraint == now->constraint && found->key == now->key;
    times = again ? times + 1 : 1;
    found = std::move(now);
    if (times >= enough)
      throw copier::data_error{"a row has no partner under the foreign key \"" + found->constraint + "\"",
                               found->constraint, found->key};
  }
}

namespace {

bool is_to_be_dropped(const job& j) { return j.record.drop_requested || is_time_to_drop(j, clock::now()); }

// The load, or the calm hours, may put off what nobody has asked for; meanwhile it may come to be kept for longer.
asio::awaitable<void> keep_old_table(job_context& job) {
  for (;;) {
    if (is_to_be_dropped(job.j)) co_await job.pace.admit();
    if (is_to_be_dropped(job.j)) co_return;
    job.pace.waits_for({});
    const std::chrono::duration<double> kept{seconds_since_swap(job.j, clock::now())};
    const std::chrono::duration<double> left = job.pace.settings().keep_old - kept;
    const auto nap = std::min<std::chrono::duration<double>>(left, std::chrono::hours{1});
    co_await job.j.changed.wait(std::chrono::ceil<milliseconds>(nap));
  }
}

// Whether it is still to be kept as long as this daemon knows. The record says otherwise only before this or never.
asio::awaitable<bool> is_kept_as_known(connection& c, const job_record& known) {
  const auto rows = co_await c.execute(postgres::sql(postgres::raw(sql::how_long_to_keep), known.id));
  if (rows.empty()) co_return false;
  auto recorded = known.settings;
  const postgres::row r = rows.front();
  const auto keep_old = r.get<std::optional<std::string>>("keep_old");
  if (keep_old) config::apply_setting("keep_old", json::string{*keep_old}, recorded);
  const bool asked = r.get<bool>("drop_requested");
  co_return recorded.keep_old == known.settings.keep_old&& asked == known.drop_requested;
}

}  // namespace

asio::awaitable<void> retain(job_context& job) {
  job.at.slot.release(job.j.record.id);
  const auto change = job.change_to(state::done);
  cutover::decide_function decide = [&job, &change](connection& c) -> asio::awaitable<bool> {
    const bool still = co_await is_kept_as_known(c, job.j.record);
    if (still) co_await change_state(c, change);
    co_return still;
  };
  attempt_function attempt = [&job, &decide](postgres::lock_policy policy,
                                             postgres::force force) -> asio::awaitable<cutover::attempt_result> {
    co_await keep_old_table(job);
    std::optional<std::chrono::duration<double>> since_swap{seconds_since_swap(job.j, clock::now())};
    if (job.j.record.drop_requested) since_swap.reset();
    auto result =
        co_await cutover::attempt_drop_old(job.at.pool, job.plan(), job.fence, since_swap, policy, force, decide);
    // Before anything else can fail: the record says so.
    if (result.what == cutover::attempt_result::outcome::swapped) job.entered(state::done);
    co_return result;
  };
  const attempt_series series{
      .purpose = "dropping the old table", .for_ever = true, .felt = false, .leads_to = state::done};
  co_await attempt_until_done(job, series, attempt);
}

namespace {

// From here on no write of the application depends on what the job made, nor is logged for nothing, however long the
// triggers stay. Who keeps the functions for longer than a moment has run into max_log, in a transaction of his that is
// open, and has done the same; the triggers' removal waits for him.
asio::awaitable<void> disarm(connection& c, const plan::plan& p) {
  constexpr int most_tries = 10;
  auto question = postgres::sql("SELECT to_regnamespace(quote_ident($1)) IS NOT NULL AS present", p.ghost_schema);
  const auto found = co_await c.execute(std::move(question));
  bool taken = !schema_exists(found);
  if (taken) co_return;
  for (int i = 0; i < most_tries && !taken; ++i) {
    if (i > 0) co_await postgres::pause(milliseconds{100});
    const auto rows = co_await c.execute(postgres::sql(postgres::raw(triggers::try_to_take_functions(p))));
    taken = rows.front().get<bool>("taken");
  }
  if (taken) co_await c.script(postgres::raw(triggers::neutralise_functions(p)));
}

}  // namespace

asio::awaitable<void> begin_again(job_context& job) {
  const auto change = job.change_to(state::preparing);
  auto body = [&](connection& c) -> asio::awaitable<void> {
    if (job.j.record.plan) co_await disarm(c, job.plan());
    if (change.from != change.to) co_await change_state(c, change);
  };
  co_await fenced(job.at.pool, job.session("abort"), job.fence, body);
  if (change.from != change.to) job.entered(state::preparing);
}

asio::awaitable<void> begin_clean_up(job_context& job, state end, std::optional<json::object> error) {
  auto change = job.change_to(state::aborting);
  change.end_state = end;
  change.error = error;
  if (error) change.detail["error"] = *error;
  auto body = [&](connection& c) -> asio::awaitable<void> {
    if (job.j.record.plan) co_await disarm(c, job.plan());
    co_await change_state(c, change);
  };
  co_await fenced(job.at.pool, job.session("abort"), job.fence, body);
  job.j.record.end_state = end;
  if (error) job.j.record.error = std::move(error);
  ++job.j.commands;
  set_paused(job.j, false);
  job.entered(state::aborting);
}

asio::awaitable<void> clean_up(job_context& job) {
  job.at.slot.release(job.j.record.id);
  if (job.j.record.plan) co_await remove_what_was_built(job);
}

}  // namespace eidolon::daemon
