// The life of a database's connection: reach it, stand by, lead, lose the lead, begin again.
#include "daemon/database.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "daemon/lock_attempts.hpp"
#include "daemon/logging.hpp"
#include "daemon/reaction.hpp"
#include "daemon/runner.hpp"
#include "plan/refusals/refusals.hpp"
#include "postgres/pause.hpp"

namespace eidolon::daemon {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr int most_connections = 48;  // of the phases of all jobs of a database
constexpr int idle_connections = 8;
constexpr int most_control_connections = 6;
constexpr milliseconds control_timeout{30'000};
constexpr seconds settles_within{3};
constexpr int look_for_jobs_every = 10;              // seconds
constexpr std::chrono::minutes series_kept_for{10};  // metrics of a job that has ended

postgres::connect_options options_for(const std::string& dsn, milliseconds statement_timeout) {
  postgres::connect_options o;
  o.conninfo = dsn;
  o.application_name = "eidolon";
  o.statement_timeout = statement_timeout;
  return o;
}

bool at_work(const job& j) { return j.record.state != state::queued && gives_way(j, clock::now()); }

}  // namespace

database::database(asio::any_io_executor executor, config::database_config config, telemetry& t,
                   const config::job_settings& defaults)
    : executor_{executor},
      config_{std::move(config)},
      telemetry_{t},
      told_{t, config_.name},
      defaults_{defaults},
      pool_{executor, options_for(config_.dsn, milliseconds{0}), most_connections, idle_connections},
      control_{executor, options_for(config_.dsn, control_timeout), most_control_connections},
      store_{control_},
      lead_{config_.dsn},
      monitor_{config_, control_, told_},
      tasks_{executor} {}

database::~database() = default;

asio::awaitable<void> database::run() {
  for (int attempt = 1; !stopping_; ++attempt) {
    auto serving = asio::bind_cancellation_slot(serving_.slot(), asio::as_tuple(asio::use_awaitable));
    const auto began = clock::now();
    const auto [why] = co_await asio::co_spawn(executor_, serve(), std::move(serving));
    // A job that begins from here on is not run: nothing would cancel it.
    if (std::exchange(leading_, false)) told_.leads(false);
    if (why && classify(why).code == server_crashed) count_crash();
    tasks_.cancel();
    co_await tasks_.join();
    stop_leading(why);
    if (stopping_) break;
    if (clock::now() - began > seconds{30}) attempt = 1;
    co_await wake_.wait(retry_pause(attempt, jitter()));
  }
}

void database::stop() {
  stopping_ = true;
  serving_.emit(asio::cancellation_type::terminal);
  wake_.notify_all();
}

void database::stop_leading(const std::exception_ptr& why) {
  leader_known_ = reachable_ = stands_by_ = false;
  publishers_.clear();
  lead_.close();
  pool_.close_idle();
  control_.close_idle();
  told_.forget_measures();
  for (const auto& [id, j] : jobs_) j->telemetry.reset();  // the leader tells
  if (stopping_ || !why) return;                           // whoever follows says whether it is up
  told_.up(false);
  error_ = classify(why).message;
  log(spdlog::level::warn, error_, {{"database", config_.name}});
  tell_jobs({{"database", "it cannot be reached: " + error_}});
}

void database::keep_hours(std::vector<config::window> windows) {
  if (windows == config_.windows) return;
  config_.windows = std::move(windows);
  monitor_.keep_hours(config_.windows);
}

void database::keep_replicas(std::vector<std::string> conninfos) {
  if (conninfos == config_.replicas) return;
  config_.replicas = std::move(conninfos);
  monitor_.keep_replicas(config_.replicas);
}

void database::count_crash() {
  for (const auto& [id, j] : running_) {
    if (!works_hard(j->record.state) || j->record.paused) continue;
    auto& c = j->crashes;
    if (c.at != j->record.state) c = {j->record.state, 0};
    ++c.times;
  }
}

// While no job runs that could say so itself.
void database::tell_jobs(const std::vector<hold>& holds) {
  for (const auto& [id, j] : jobs_) {
    if (is_end(j->record.state)) continue;
    j->live.rate.clear();
    j->live.held.update(holds, clock::now(), std::chrono::system_clock::now());
    j->changed.notify_all();
  }
}

asio::awaitable<void> database::serve() {
  facts_ = co_await lead_.open();
  for (auto* p : {&pool_, &control_}) p->keep_to(facts_.server);
  told_.up(true);
  co_await wait_for_publishers();
  co_await lead_.prepare();
  co_await refresh();
  reachable_ = true;
  error_.clear();
  tell_jobs({});
  co_await stand_by_until_leading();
  co_await take_the_lead();
  co_await refresh();
  leading_ = leader_known_ = true;
  told_.leads(true);
  settled_.notify_all();
  log(spdlog::level::info, "leads", {{"database", config_.name}, {"epoch", lead_.current().epoch}});
  tasks_.spawn(monitor_.run(facts_));
  tasks_.spawn(follow_the_clock());
  slot_.expect_nobody();
  for (const auto& [id, j] : jobs_)
    if (j->at_home && needs_slot(j->record.state)) slot_.expect(id);
  for (const auto& [id, j] : jobs_) start(j);
  co_await lead_.watch([this] { stay_at_one_server(); });
}

asio::awaitable<void> database::take_the_lead() {
  stands_by_ = false;
  co_await lead_.raise_epoch([this](const std::string& why) { is_held_up(why); });
  error_.clear();
  tell_jobs({});
}

// Nobody leads, as long as that lasts.
void database::is_held_up(const std::string& why) {
  leader_known_ = false;
  if (why == error_) return;
  log(spdlog::level::warn, why, {{"database", config_.name}});
  error_ = why;
  tell_jobs({{"database", why}});
  settled_.notify_all();
}

// After a failover in which the old primary goes on, the sessions that there are stay with it, and new ones come to the
// other, which has the same epoch, and not what was committed since: whoever worked on both would lose rows. The dsn
// decides which is meant.
void database::stay_at_one_server() const {
  if (pool_.met_another_server() || control_.met_another_server())
    throw postgres::connection_error{
        "the dsn leads to another server now, or to the same one since it was started again"};
}

// Nothing is written before the control schema is, and what is written to it would be published.
asio::awaitable<void> database::wait_for_publishers() {
  for (;;) {
    publishers_ = co_await lead_.read_publishers();
    if (defaults_.all_tables_allowed || publishers_allowed_) publishers_.clear();
    leader_known_ = !publishers_.empty();
    if (!leader_known_) co_return;
    const auto no = plan::refusals::publishes_all_tables(publishers_.front());
    auto why = no.reason + " " + no.advice;
    if (why != error_) log(spdlog::level::warn, why, {{"database", config_.name}});
    error_ = std::move(why);
    reachable_ = true;
    settled_.notify_all();
    co_await wake_.wait(seconds{2});
  }
}

void database::allow_publishers() {
  publishers_allowed_ = true;
  leader_known_ = false;
  error_.clear();
  wake_.notify_all();
}

asio::awaitable<void> database::stand_by_until_leading() {
  // GCC 12 destroys an awaitable in a loop's condition twice: it has a statement of its own.
  for (;;) {
    const bool leads = co_await lead_.try_lead();
    stay_at_one_server();
    if (leads) co_return;
    if (!leader_known_) log(spdlog::level::info, "stands by: another daemon leads", {{"database", config_.name}});
    leader_known_ = stands_by_ = true;
    tell_that_another_leads();
    settled_.notify_all();
    co_await wake_.wait(seconds{1});
  }
}

asio::awaitable<void> database::refresh() {
  auto records = co_await store_.load_all();
  // A standby that has come to lead meanwhile runs its jobs from records of its own.
  if (!leading_) take(std::move(records));
  tell_that_another_leads();
}

// Once for each job: whoever follows one looks again when it has news.
void database::tell_that_another_leads() {
  if (!stands_by_) return;
  const std::vector<hold> why{
      {"database", "another daemon leads it: only that one knows how far its jobs are, and what holds them"}};
  for (const auto& [id, j] : jobs_)
    if (!is_end(j->record.state) && j->live.held.entries().empty())
      j->live.held.update(why, clock::now(), std::chrono::system_clock::now());
}

// Jobs keep their identity, because clients and views refer to them; only their records are replaced.
void database::take(std::vector<job_record> records) {
  std::map<std::int64_t, std::shared_ptr<job>> known;
  for (auto& r : records) {
    const auto id = r.id;
    auto j = find(id);
    // Whoever follows looks again soon anyway; if each look woke the others, they would look without end.
    const bool news = !j || j->record.state != r.state || j->record.paused != r.paused;
    if (!j) j = std::make_shared<job>(config_.name, job_record{});
    j->record = std::move(r);
    j->read_at = clock::now();
    j->at_home = j->record.home == facts_.identity;
    j->live.progress = j->record.progress;
    if (news) j->changed.notify_all();
    known.emplace(id, std::move(j));
  }
  jobs_.swap(known);
}

std::shared_ptr<job> database::find(std::int64_t id) const {
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? nullptr : found->second;
}

std::shared_ptr<job> database::begin(job_record r) {
  if (auto known = find(r.id)) return known;
  auto j = std::make_shared<job>(config_.name, std::move(r));
  j->at_home = j->record.home == facts_.identity;
  jobs_[j->record.id] = j;
  if (leading_) start(j);
  return j;
}

void database::reconsider(job& j) {
  j.changed.notify_all();
  slot_.reconsider();
}

void database::start(std::shared_ptr<job> j) {
  if (is_end(j->record.state)) return;
  const json::object fields{{"database", config_.name}, {"job", j->record.id}, {"state", name_of(j->record.state)}};
  if (!j->at_home) {
    log(spdlog::level::warn, "a job of another database, of which this is a copy, is left alone", fields);
    return;
  }
  log(spdlog::level::info, "runs", fields);
  tasks_.spawn(run_job(std::move(j)));
}

asio::awaitable<void> database::read_final_times(job& j) {
  for (auto level = spdlog::level::warn;; level = spdlog::level::debug) {
    try {
      j.record = co_await store_.load(j.record.id);
      j.read_at = clock::now();
      co_return;
    } catch (const postgres::error& e) {
      log(level, fmt::format("the record of a job that has ended cannot be read, and is asked for again: {}", e.what()),
          {{"database", config_.name}, {"job", j.record.id}});
    }
    co_await wake_.wait(seconds{1});
  }
}

asio::awaitable<void> database::run_job(std::shared_ptr<job> j) {
  const auto id = j->record.id;
  j->telemetry = std::make_unique<job_telemetry>(telemetry_, config_.name, id, j->record.relation);
  j->telemetry->state(name_of(j->record.state));
  j->telemetry->blocked_application_before(blocked_so_far(j->record));
  tell_limits(*j);
  running_[id] = j;
  if (at_work(*j)) monitor_.attend(true);
  std::exception_ptr failed;
  try {
    {
      runner r{*j, surroundings()};
      co_await r.run();
    }
    j->ended_at = clock::now();
    j->live.lag_seconds.reset();
    co_await read_final_times(*j);
  } catch (...) {
    failed = std::current_exception();
  }
  running_.erase(id);
  j->changed.notify_all();
  if (failed) std::rethrow_exception(failed);
}

job_surroundings database::surroundings() {
  return {pool_, control_, store_, lead_, slot_, monitor_.report(), [this] { monitor_.attend(true); }};
}

// A submission whose COMMIT was not answered may have left a job that nobody here knows.
asio::awaitable<void> database::look_for_unknown_jobs() {
  const auto unfinished = co_await store_.unfinished_jobs();
  for (const auto id : unfinished) {
    if (find(id)) continue;
    auto record = co_await store_.load(id);
    begin(std::move(record));
  }
}

asio::awaitable<void> database::read_doubtful_command(std::int64_t id) {
  if (const auto j = find(id)) {
    const int before = j->commands;
    job_orders recorded = co_await store_.load(id);
    if (j->commands != before) co_return;  // it may have been read before that
    static_cast<job_orders&>(j->record) = std::move(recorded);
    tell_limits(*j);
    reconsider(*j);
  }
  doubtful_.erase(id);
}

// What fails, because the server is away or somebody has deleted a job's record, is looked at again.
asio::awaitable<void> database::try_to(asio::awaitable<void> look) {
  try {
    co_await std::move(look);
  } catch (...) {
    const auto failed = classify(std::current_exception());
    if (failed.kind == failure_kind::cancelled) throw;
    log(spdlog::level::debug, failed.message, {{"database", config_.name}});
  }
}

asio::awaitable<void> database::look_for_news(bool for_jobs_too) {
  if (for_jobs_too) co_await try_to(look_for_unknown_jobs());
  const auto ids = doubtful_;
  for (const auto id : ids) co_await try_to(read_doubtful_command(id));
}

void database::show_lag() {
  std::optional<double> worst;
  for (const auto& r : monitor_.report().replicas) {
    worst = r.behind ? std::optional{std::max(worst.value_or(0), r.behind->count())} : std::nullopt;
    if (!worst) break;  // it cannot be told
  }
  for (const auto& [id, j] : running_) j->live.lag_seconds = worst;
}

void database::steer_monitor() {
  const auto any = [this](auto of_interest) {
    return std::any_of(running_.begin(), running_.end(), [&](const auto& r) { return of_interest(*r.second); });
  };
  monitor_.look_at_disks(any([](const job& j) { return limits_free_space(j.record.settings); }));
  monitor_.attend(any(at_work));
}

// Lag and metrics follow the clock rather than an event.
asio::awaitable<void> database::follow_the_clock() {
  for (int second = 0;; ++second) {
    co_await look_for_news(second % look_for_jobs_every == 0);
    show_lag();
    steer_monitor();
    for (const auto& [id, j] : jobs_)
      if (j->telemetry && j->ended_at && clock::now() - *j->ended_at > series_kept_for) j->telemetry.reset();
    co_await postgres::pause(seconds{1});
  }
}

asio::awaitable<void> database::settle() {
  const auto until = clock::now() + settles_within;
  while (!settled() && error_.empty() && !stopping_ && clock::now() < until) co_await settled_.wait(milliseconds{200});
}

database_status database::status() const {
  database_status s{config_.name, reachable_, std::nullopt, error_, {}};
  if (leader_known_) s.leader = leading_;
  if (leading_) s.replicas = monitor_.report().replicas;
  return s;
}

}  // namespace eidolon::daemon
