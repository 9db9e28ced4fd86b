// Measures what jobs are throttled by: the lag of every standby, and the activity of others.
// One poller per database, beside one session with each configured replica.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

#include "config/daemon_config.hpp"
#include "daemon/job_record.hpp"
#include "daemon/lag.hpp"
#include "daemon/telemetry.hpp"
#include "daemon/throttle.hpp"
#include "postgres/pool.hpp"

namespace eidolon::daemon {

namespace asio = boost::asio;

class monitor {
 public:
  // The pool and the telemetry must outlive the monitor.
  monitor(const config::database_config& database, postgres::pool& pool, telemetry& t);

  // Measures until it is cancelled; failures are part of the report.
  asio::awaitable<void> run(database_identity home);
  const load_report& report() const { return report_; }

 private:
  struct replica {
    std::string conninfo, name;
    std::optional<clock::time_point> answered_at;
    log_position replayed{};
    std::string error{"it has not been asked yet"};
  };
  asio::awaitable<void> measure();
  asio::awaitable<void> watch(replica& r, database_identity home);
  asio::awaitable<void> ask(postgres::connection& c, replica& r, const database_identity& home);
  replica_lag lag_of(const replica& r, clock::time_point now) const;
  void publish(std::vector<replica_lag> lags);

  std::string database_;
  postgres::pool& pool_;
  telemetry& telemetry_;
  std::vector<std::unique_ptr<replica>> replicas_;
  position_history history_;
  load_report report_;
};

}  // namespace eidolon::daemon
