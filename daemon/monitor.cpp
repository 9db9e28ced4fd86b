// A few short statements on the primary, one on each configured replica, some times a second while a job is at work.
#include "daemon/monitor.hpp"

#include <algorithm>
#include <boost/system/system_error.hpp>
#include <filesystem>
#include <limits>
#include <utility>

#include "daemon/logging.hpp"
#include "daemon/sql.hpp"
#include "postgres/pause.hpp"

namespace eidolon::daemon {

using postgres::raw;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr milliseconds steering{200}, working{500}, idling{1000};
constexpr milliseconds load_while_idle{5000};  // the costliest of the queries, by far
constexpr milliseconds push_again{1000};
constexpr seconds renewed_every{5};
constexpr seconds connect_again{1};

// One sentence for a failure; rethrows when the activity was cancelled.
std::string sentence(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& e) {
    if (e.code() == asio::error::operation_aborted) throw;
    return e.what();
  } catch (const std::exception& e) {
    return e.what();
  }
}

}  // namespace

monitor::monitor(const config::database_config& database, postgres::pool& pool, database_telemetry& t)
    : database_{database.name}, pool_{pool}, telemetry_{t} {
  keep_replicas(database.replicas);
  keep_hours(database.windows);
}

void monitor::keep_hours(std::vector<config::window> windows) {
  windows_ = std::move(windows);
  clock_read_at_.reset();
  report_.copy_denied = config::denial(windows_, config::windowed::copy, {});
  report_.cutover_denied = config::denial(windows_, config::windowed::cutover, {});
  attention_.notify_all();
}

// One that goes is shown, and holds, until the next measurement.
void monitor::keep_replicas(const std::vector<std::string>& conninfos) {
  std::vector<std::shared_ptr<replica>> kept;
  for (const auto& conninfo : conninfos) {
    const auto known =
        std::find_if(replicas_.begin(), replicas_.end(), [&](const auto& r) { return r && r->conninfo == conninfo; });
    kept.push_back(known == replicas_.end() ? std::make_shared<replica>() : std::move(*known));
    kept.back()->conninfo = conninfo;
    kept.back()->name = replica_name(conninfo);
  }
  for (const auto& r : replicas_)
    if (r) r->wanted = false;
  replicas_ = std::move(kept);
  attention_.notify_all();
}

void monitor::forget_other_log(std::string log) {
  if (log == log_) return;
  log_ = std::move(log);
  to_remember_.clear();
  history_ = {};
  rates_.clear();
  for (auto& r : replicas_) {
    r->answered_at.reset();
    r->rate = {};
    r->error = replica{}.error;
  }
  publish({});
}

asio::awaitable<void> monitor::run(server_facts home) {
  forget_other_log(home.identity.system_identifier + " " + home.timeline);
  // Another daemon may have led meanwhile: what it has seen, and what it was told to forget, is recorded.
  gone_ = {};
  recalled_ = false;
  report_.error.clear();
  const auto executor = co_await asio::this_coro::executor;
  task_group watchers{executor};
  for (auto& r : replicas_) r->watched = false;
  std::exception_ptr stopped;
  while (!stopped) {
    watch_new_ones(watchers, home);
    std::exception_ptr failure;
    try {
      co_await measure();
    } catch (...) {
      failure = std::current_exception();
    }
    try {
      note_failure(failure ? sentence(failure) : "");
      co_await attention_.wait(interval());
    } catch (...) {
      stopped = std::current_exception();
    }
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  watchers.cancel();
  co_await watchers.join();
  std::rethrow_exception(stopped);
}

void monitor::note_failure(std::string why) {
  report_.error = std::move(why);
  const bool news = failure_news_.update(report_, clock::now());
  if (report_.error.empty()) return;
  log(news ? spdlog::level::warn : spdlog::level::debug, "the server cannot be measured: " + report_.error,
      {{"database", database_}});
}

void monitor::attend(bool job_at_work) {
  if (std::exchange(attending_, job_at_work) == job_at_work) return;
  attention_.notify_all();
}

namespace {

// Nothing that jobs depend on at this moment: it waits neither for a lock nor for a standby.
constexpr auto begin_noting = "BEGIN READ WRITE; SET LOCAL synchronous_commit = off; SET LOCAL lock_timeout = '200ms'";

}  // namespace

asio::awaitable<void> monitor::read_and_note_standbys(postgres::connection& c) {
  co_await c.script(raw(begin_noting), answer_within);
  if (!recalled_) {
    const auto rows = co_await c.execute(postgres::sql(raw(sql::known_standbys), log_), answer_within);
    for (const auto r : rows) gone_.was_seen(r.get<std::string>("name"));
  }
  const std::vector<std::string> names(to_remember_.begin(), to_remember_.end());
  if (!names.empty()) co_await c.execute(postgres::sql(raw(sql::remember_standbys), log_, names), answer_within);
  co_await c.commit();
  recalled_ = true;
  for (const auto& name : names) {
    gone_.was_seen(name);
    to_remember_.erase(name);
  }
}

// What cannot be read or recorded now is tried again.
asio::awaitable<void> monitor::keep_in_mind(postgres::connection& c) {
  if (recalled_ && to_remember_.empty()) co_return;
  bool failed = false;
  try {
    co_await read_and_note_standbys(c);
  } catch (const postgres::error& e) {
    log(spdlog::level::debug, e.what(), {{"database", database_}});
    failed = true;
  }
  if (failed && c.usable()) co_await c.rollback();
}

asio::awaitable<bool> monitor::forget_replica(std::string name) {
  const auto shown = std::find_if(report_.replicas.begin(), report_.replicas.end(), [&](const auto& r) {
    return r.name == name && r.source == "pg_stat_replication" && !r.behind;
  });
  if (shown == report_.replicas.end()) co_return false;
  {
    auto lease = co_await pool_.acquire("eidolon monitor");
    auto forget = [&](postgres::connection& c) -> asio::awaitable<void> {
      co_await c.execute(postgres::sql(raw(sql::forget_standby), log_, name), answer_within);
    };
    co_await postgres::in_transaction(*lease, raw(begin_noting), forget);
  }
  gone_.forget(name);
  to_remember_.erase(name);
  std::erase_if(report_.replicas, [&](const auto& r) { return r.name == name; });
  telemetry_.forget_replica(name);
  co_return true;
}

milliseconds monitor::interval() const {
  if (!attending_) return idling;
  return report_.replicas.empty() ? working : steering;
}

asio::awaitable<void> monitor::measure() {
  auto lease = co_await pool_.acquire("eidolon monitor");
  const auto began = clock::now();
  co_await keep_in_mind(*lease);
  auto lags = co_await measure_standbys(*lease);
  const auto load_every = attending_ ? working : load_while_idle;
  if (!load_measured_at_ || began - *load_measured_at_ >= load_every) {
    load_measured_at_.reset();
    co_await measure_load(*lease);
    load_measured_at_ = began;
  }
  if (!clock_read_at_ || began - *clock_read_at_ >= working) {
    clock_read_at_.reset();
    co_await look_at_clock(*lease);
    clock_read_at_ = began;
  }
  publish(std::move(lags));
  report_.measured_at = began;  // a server that is slow to answer has told of that time
  // Only another session sees whether it still is.
  if (report_.read_only && (!renewed_at_ || began - *renewed_at_ >= renewed_every)) {
    renewed_at_ = began;
    lease->close();
  }
}

asio::awaitable<std::vector<replica_lag>> monitor::measure_standbys(postgres::connection& c) {
  const auto rows = co_await c.execute(postgres::sql(raw(sql::standbys)), answer_within);
  const auto now = clock::now();
  const auto written = rows.front().get<std::int64_t>("written");
  history_.add(now, written);
  std::vector<replica_lag> lags;
  for (const auto& s : rows) {
    if (!s.get<bool>("present")) continue;
    standby_row standby{s.get<std::string>("name"), s.get<std::optional<std::string>>("state"),
                        s.get<std::optional<std::int64_t>>("replayed"), s.get<std::optional<double>>("replay_lag")};
    const auto twins = std::count_if(lags.begin(), lags.end(), [&](const auto& l) {
      return l.name == standby.name || l.name.starts_with(standby.name + "#");
    });
    if (twins > 0) standby.name += "#" + std::to_string(twins + 1);
    auto lag = assess(standby, history_, now);
    if (!lag) continue;
    auto& rate = rates_[standby.name];
    if (standby.replayed) rate.add(now, *standby.replayed, *standby.replayed >= written);
    lag->rate = rate.bytes_per_second();
    // A second session of a standby is one that it has left behind, or is about to.
    if (s.get<bool>("missed") && gone_.saw(standby.name, now) && twins == 0) to_remember_.insert(standby.name);
    lags.push_back(std::move(*lag));
  }
  for (auto& missing : gone_.missing(lags, now)) lags.push_back(std::move(missing));
  std::erase_if(rates_, [&](const auto& r) {
    return std::none_of(lags.begin(), lags.end(), [&](const auto& l) { return l.name == r.first; });
  });
  for (const auto& r : replicas_)
    if (auto lag = lag_of(*r, now)) lags.push_back(std::move(*lag));
  co_await make_standbys_answer(c, written != report_.written);
  report_.written = written;
  co_return lags;
}

// A standby tells how far it is when it receives something, so on a silent primary nothing is learnt of one that is
// replaying what it had received. An empty transaction is something.
asio::awaitable<void> monitor::make_standbys_answer(postgres::connection& c, bool written) {
  const auto now = clock::now();
  const bool anybody_behind = std::any_of(report_.replicas.begin(), report_.replicas.end(), [](const auto& r) {
    return r.source == "pg_stat_replication" && r.bytes.value_or(0) > 0;
  });
  if (!attending_ || written || !anybody_behind || (pushed_at_ && now - *pushed_at_ < push_again)) co_return;
  pushed_at_ = now;
  co_await c.execute(postgres::sql("SELECT pg_current_xact_id()::text AS id"), answer_within);
}

void monitor::publish(std::vector<replica_lag> lags) {
  for (const auto& old : report_.replicas) {
    const bool still = std::any_of(lags.begin(), lags.end(), [&](const replica_lag& l) { return l.name == old.name; });
    if (!still) telemetry_.forget_replica(old.name);
  }
  constexpr std::chrono::duration<double> unknown{std::numeric_limits<double>::infinity()};
  for (const auto& l : lags) telemetry_.replication_lag(l.name, l.behind.value_or(unknown), l.bytes);
  report_.replicas = std::move(lags);
}

// Nothing of the primary itself, which has no lag.
std::optional<replica_lag> monitor::lag_of(const replica& r, clock::time_point now) const {
  replica_lag lag{r.name, std::nullopt, std::nullopt, "direct", r.error};
  if (!r.error.empty() || !r.answered_at) return lag;
  if (now - *r.answered_at > stale_after) {
    lag.error = "it has not answered for some seconds";
    return lag;
  }
  if (r.primary) return std::nullopt;
  lag.behind = history_.behind(r.replayed, *r.answered_at);
  if (lag.behind && lag.behind->count() < 0) lag.behind = std::chrono::duration<double>{0};
  if (const auto newest = history_.newest()) lag.bytes = std::max<std::int64_t>(0, *newest - r.replayed);
  lag.rate = r.rate.bytes_per_second();
  if (!lag.behind) lag.error = "the primary's position is not known yet";
  return lag;
}

void monitor::watch_new_ones(task_group& watchers, const server_facts& home) {
  for (const auto& r : replicas_)
    if (!std::exchange(r->watched, true)) watchers.spawn(watch(r, home));
}

asio::awaitable<void> monitor::watch(std::shared_ptr<replica> r, server_facts home) {
  std::unique_ptr<postgres::connection> session;
  while (r->wanted) {
    std::exception_ptr failure;
    try {
      if (!session || !session->usable()) {
        postgres::connect_options options;
        options.conninfo = r->conninfo;
        options.application_name = "eidolon lag";
        options.connect_timeout = answer_within;
        session = co_await postgres::connection::open(std::move(options));
      }
      co_await ask(*session, *r, home);
      // Its conninfo may lead to another server by now.
      if (r->primary) session.reset();
      co_await postgres::pause(r->primary ? connect_again : interval());
    } catch (...) {
      failure = std::current_exception();
    }
    if (!failure) continue;
    r->error = sentence(failure);
    session.reset();
    co_await postgres::pause(connect_again);
  }
}

// It was promoted, and the dsn leads to it since. Any other server that can be written to stays an error, for it does
// not follow this one.
void monitor::leave_out(replica& r) {
  if (!std::exchange(r.primary, true))
    log(spdlog::level::warn, "a configured replica is the primary itself, and is left out while it is",
        {{"database", database_}, {"replica", r.name}});
  r.answered_at = clock::now();
  r.error.clear();
}

asio::awaitable<void> monitor::ask(postgres::connection& c, replica& r, const server_facts& home) {
  const auto rows = co_await c.execute(postgres::sql(raw(sql::replayed)), answer_within);
  const auto row = rows.front();
  const auto position = row.get<std::optional<std::int64_t>>("replayed");
  if (row.get<std::string>("system_identifier") != home.identity.system_identifier)
    r.error = "it is not a replica of this database's server";
  else if (c.server() == home.server)
    leave_out(r);
  else if (!row.get<bool>("in_recovery") || !position)
    r.error = "it is not a standby";
  else {
    r.primary = false;
    r.replayed = *position;
    r.answered_at = clock::now();
    r.rate.add(*r.answered_at, r.replayed, r.replayed >= history_.newest().value_or(0));
    r.error.clear();
  }
}

}  // namespace eidolon::daemon
