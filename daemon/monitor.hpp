// Measures what jobs are throttled by on the server: the lag of every standby, the activity of others, what the server
// must keep and what room it has. One poller per database, beside one session with each configured replica.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/daemon_config.hpp"
#include "daemon/job_record.hpp"
#include "daemon/lag.hpp"
#include "daemon/leadership.hpp"
#include "daemon/notifier.hpp"
#include "daemon/task_group.hpp"
#include "daemon/telemetry.hpp"
#include "daemon/throttle.hpp"
#include "postgres/pool.hpp"

namespace eidolon::daemon {

namespace asio = boost::asio;

class monitor {
 public:
  // The pool and the telemetry must outlive the monitor.
  monitor(const config::database_config& database, postgres::pool& pool, database_telemetry& t);

  // Measures until it is cancelled; failures are part of the report. What is known of the positions and standbys of
  // another timeline does not count: after a failover the primary is one of them.
  asio::awaitable<void> run(server_facts home);
  const load_report& report() const { return report_; }

  // Calm hours that count from now on: until the clock was looked at they deny what they may.
  void keep_hours(std::vector<config::window> windows);
  // Configured replicas that count from now on; those that were configured before stay as they are.
  void keep_replicas(const std::vector<std::string>& conninfos);
  // Whether a job is at work: then it measures often enough to steer by.
  void attend(bool job_at_work);
  // The disks are looked at only for a job that asks for it: a mount that hangs would hang the daemon.
  void look_at_disks(bool wanted) { disks_wanted_ = wanted; }
  // A standby that is gone holds nobody any more. false: no such standby is missed. Throws postgres::error.
  asio::awaitable<bool> forget_replica(std::string name);

 private:
  struct replica {
    std::string conninfo, name;
    std::optional<clock::time_point> answered_at;
    log_position replayed{};
    replay_rate rate{};
    std::string error{"it has not been asked yet"};
    bool primary{};       // it was the primary itself when it last answered: after a failover, say
    bool wanted{true};    // it is configured still
    bool watched{false};  // somebody asks it
  };
  void forget_other_log(std::string log);
  asio::awaitable<void> read_and_note_standbys(postgres::connection& c);
  asio::awaitable<void> keep_in_mind(postgres::connection& c);
  asio::awaitable<void> measure();
  void note_failure(std::string why);  // empty: there was none
  asio::awaitable<std::vector<replica_lag>> measure_standbys(postgres::connection& c);
  asio::awaitable<void> measure_load(postgres::connection& c);
  asio::awaitable<void> look_at_clock(postgres::connection& c);
  asio::awaitable<void> make_standbys_answer(postgres::connection& c, bool written);
  std::chrono::milliseconds interval() const;
  void watch_new_ones(task_group& watchers, const server_facts& home);
  asio::awaitable<void> watch(std::shared_ptr<replica> r, server_facts home);
  asio::awaitable<void> ask(postgres::connection& c, replica& r, const server_facts& home);
  void leave_out(replica& r);
  std::optional<replica_lag> lag_of(const replica& r, clock::time_point now) const;
  void publish(std::vector<replica_lag> lags);

  static constexpr std::chrono::seconds answer_within{3};  // to each question

  std::string database_;
  std::vector<config::window> windows_;
  postgres::pool& pool_;
  database_telemetry& telemetry_;
  std::vector<std::shared_ptr<replica>> replicas_;  // those who ask hold them, too
  position_history history_;
  std::map<std::string, replay_rate> rates_;  // of those in pg_stat_replication
  standby_memory gone_;
  std::set<std::string> to_remember_;  // standbys that are not recorded yet
  std::string log_;                    // whose positions and standbys are known: system identifier and timeline
  std::optional<clock::time_point> load_measured_at_, clock_read_at_, pushed_at_, renewed_at_;
  std::vector<warning> warnings_;
  failure_news failure_news_;
  bool attending_{}, disks_wanted_{}, recalled_{};
  notifier attention_;
  load_report report_;
};

}  // namespace eidolon::daemon
