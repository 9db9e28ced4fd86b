// Two statements every half second on the primary, one on each configured replica.
#include "daemon/monitor.hpp"

#include <boost/system/system_error.hpp>
#include <limits>

#include "daemon/logging.hpp"
#include "daemon/sql.hpp"
#include "daemon/task_group.hpp"

namespace eidolon::daemon {

using postgres::raw;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr milliseconds interval{500};
constexpr seconds answer_within{3};
constexpr seconds connect_again{1};

asio::awaitable<void> pause(milliseconds d) {
  asio::steady_timer timer{co_await asio::this_coro::executor, d};
  co_await timer.async_wait(asio::use_awaitable);
}

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

monitor::monitor(const config::database_config& database, postgres::pool& pool, telemetry& t)
    : database_{database.name}, pool_{pool}, telemetry_{t} {
  for (const auto& conninfo : database.replicas) {
    replicas_.push_back(std::make_unique<replica>());
    replicas_.back()->conninfo = conninfo;
    replicas_.back()->name = replica_name(conninfo);
  }
}

asio::awaitable<void> monitor::run(database_identity home) {
  const auto executor = co_await asio::this_coro::executor;
  task_group watchers{executor};
  for (auto& r : replicas_) watchers.spawn(watch(*r, home));
  std::exception_ptr stopped;
  while (!stopped) {
    std::exception_ptr failure;
    try {
      co_await measure();
    } catch (...) {
      failure = std::current_exception();
    }
    try {
      if (failure) log(spdlog::level::debug, sentence(failure), {{"database", database_}});
      co_await pause(interval);
    } catch (...) {
      stopped = std::current_exception();
    }
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  watchers.cancel();
  co_await watchers.join();
  std::rethrow_exception(stopped);
}

asio::awaitable<void> monitor::measure() {
  auto lease = co_await pool_.acquire("eidolon monitor");
  const auto load = co_await lease->execute(postgres::sql(raw(sql::load)), answer_within);
  const auto standbys = co_await lease->execute(postgres::sql(raw(sql::standbys)), answer_within);
  const auto now = clock::now();
  const auto row = load.front();
  history_.add(now, row.get<std::int64_t>("written"));
  std::vector<replica_lag> lags;
  for (const auto& s : standbys) {
    const standby_row standby{s.get<std::string>("name"), s.get<std::optional<std::string>>("state"),
                              s.get<std::optional<std::int64_t>>("replayed"),
                              s.get<std::optional<double>>("replay_lag")};
    if (auto lag = assess(standby, history_, now)) lags.push_back(std::move(*lag));
  }
  for (const auto& r : replicas_) lags.push_back(lag_of(*r, now));
  report_.measured_at = now;
  report_.active = row.get<int>("active");
  report_.activity_hidden = row.get<bool>("hidden");
  publish(std::move(lags));
}

void monitor::publish(std::vector<replica_lag> lags) {
  for (const auto& old : report_.replicas) {
    const bool still = std::any_of(lags.begin(), lags.end(), [&](const replica_lag& l) { return l.name == old.name; });
    if (!still) telemetry_.forget_replica(database_, old.name);
  }
  constexpr std::chrono::duration<double> unknown{std::numeric_limits<double>::infinity()};
  for (const auto& l : lags) telemetry_.replication_lag(database_, l.name, l.behind.value_or(unknown));
  report_.replicas = std::move(lags);
}

replica_lag monitor::lag_of(const replica& r, clock::time_point now) const {
  replica_lag lag{r.name, std::nullopt, std::nullopt, "direct", r.error};
  if (!r.error.empty() || !r.answered_at) return lag;
  if (now - *r.answered_at > stale_after) {
    lag.error = "it has not answered for some seconds";
    return lag;
  }
  lag.behind = history_.behind(r.replayed, *r.answered_at);
  if (lag.behind && lag.behind->count() < 0) lag.behind = std::chrono::duration<double>{0};
  if (const auto newest = history_.newest()) lag.bytes = std::max<std::int64_t>(0, *newest - r.replayed);
  if (!lag.behind) lag.error = "the primary's position is not known yet";
  return lag;
}

asio::awaitable<void> monitor::watch(replica& r, database_identity home) {
  std::unique_ptr<postgres::connection> session;
  for (;;) {
    std::exception_ptr failure;
    try {
      if (!session || !session->usable()) {
        postgres::connect_options options;
        options.conninfo = r.conninfo;
        options.application_name = "eidolon lag";
        options.connect_timeout = answer_within;
        session = co_await postgres::connection::open(std::move(options));
      }
      co_await ask(*session, r, home);
      co_await pause(interval);
    } catch (...) {
      failure = std::current_exception();
    }
    if (!failure) continue;
    r.error = sentence(failure);
    session.reset();
    co_await pause(connect_again);
  }
}

asio::awaitable<void> monitor::ask(postgres::connection& c, replica& r, const database_identity& home) {
  const auto rows = co_await c.execute(postgres::sql(raw(sql::replayed)), answer_within);
  const auto row = rows.front();
  const auto position = row.get<std::optional<std::int64_t>>("replayed");
  if (row.get<std::string>("system_identifier") != home.system_identifier)
    r.error = "it is not a replica of this database's server";
  else if (!row.get<bool>("in_recovery") || !position)
    r.error = "it is not a standby";
  else {
    r.replayed = *position;
    r.answered_at = clock::now();
    r.error.clear();
  }
}

}  // namespace eidolon::daemon
