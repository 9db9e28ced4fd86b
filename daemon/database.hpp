// One database: its leadership, and the jobs that run or wait in it. Databases know nothing of one another.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "config/daemon_config.hpp"
#include "daemon/copy_slot.hpp"
#include "daemon/job.hpp"
#include "daemon/job_context.hpp"
#include "daemon/job_store.hpp"
#include "daemon/job_view.hpp"
#include "daemon/leadership.hpp"
#include "daemon/monitor.hpp"
#include "daemon/planning.hpp"
#include "daemon/task_group.hpp"
#include "daemon/telemetry.hpp"

namespace eidolon::daemon {

class database {
 public:
  // All must outlive the database. `defaults`: of jobs.
  database(asio::any_io_executor executor, config::database_config config, telemetry& t,
           const config::job_settings& defaults);
  ~database();

  // Leads, or stands by, and runs jobs until stop(); a server that cannot be reached is tried for ever.
  asio::awaitable<void> run();
  void stop();

  const config::database_config& configuration() const { return config_; }
  // Other calm hours, and other replicas, from now on; what runs goes on.
  void keep_hours(std::vector<config::window> windows);
  void keep_replicas(std::vector<std::string> conninfos);
  bool leads() const { return leading_; }
  // It was reached, and it is known who leads; or that nobody does, because of publishers().
  bool settled() const { return reachable_ && leader_known_; }
  // Returns when it is settled, when reaching it has failed, or after a few seconds: a daemon that has just
  // started, or just lost the lead, does not turn its first clients away.
  asio::awaitable<void> settle();
  database_status status() const;
  // Publications because of which it neither leads nor writes anything, until they are gone or allowed to publish it.
  const std::vector<std::string>& publishers() const { return publishers_; }
  void allow_publishers();
  // As monitor::forget_replica.
  asio::awaitable<bool> forget_replica(std::string name) { return monitor_.forget_replica(std::move(name)); }
  plan::fence fence() const { return lead_.current(); }
  const database_identity& identity() const { return facts_.identity; }

  job_store& store() { return store_; }
  planning_sessions planning(std::string name) { return {pool_, control_, std::move(name)}; }

  // All jobs that are known here: the truth for the leader, as of the last refresh otherwise.
  const std::map<std::int64_t, std::shared_ptr<job>>& jobs() const { return jobs_; }
  std::shared_ptr<job> find(std::int64_t id) const;
  // A standby's view of the jobs follows the leader's records. Throws postgres::error.
  asio::awaitable<void> refresh();

  // Takes the record of a job that was just inserted, and runs it.
  std::shared_ptr<job> begin(job_record r);
  // A command's COMMIT was not answered: what the job's record says is looked at until it is known.
  void doubt(std::int64_t job) { doubtful_.insert(job); }
  // Something about a job has changed that may change whose turn it is.
  void reconsider(job& j);

 private:
  asio::awaitable<void> serve();
  asio::awaitable<void> wait_for_publishers();
  asio::awaitable<void> stand_by_until_leading();
  // Throws when the dsn leads to another server than the one with the leader's session.
  void stay_at_one_server() const;
  asio::awaitable<void> run_job(std::shared_ptr<job> j);
  asio::awaitable<void> read_final_times(job& j);
  void tell_that_another_leads();
  asio::awaitable<void> follow_the_clock();
  asio::awaitable<void> look_for_news(bool for_jobs_too);
  asio::awaitable<void> try_to(asio::awaitable<void> look);
  void show_lag();
  void steer_monitor();
  asio::awaitable<void> look_for_unknown_jobs();
  asio::awaitable<void> read_doubtful_command(std::int64_t id);
  void take(std::vector<job_record> records);
  void stop_leading(const std::exception_ptr& why);
  void count_crash();  // of the server, for the jobs that are at work
  void tell_jobs(const std::vector<hold>& holds);
  asio::awaitable<void> take_the_lead();
  void is_held_up(const std::string& why);
  void start(std::shared_ptr<job> j);
  job_surroundings surroundings();

  asio::any_io_executor executor_;
  config::database_config config_;
  telemetry& telemetry_;
  database_telemetry told_;
  const config::job_settings& defaults_;
  postgres::pool pool_;
  postgres::pool control_;
  job_store store_;
  leadership lead_;
  copy_slot slot_;
  monitor monitor_;
  task_group tasks_;
  std::map<std::int64_t, std::shared_ptr<job>> jobs_;
  std::map<std::int64_t, std::shared_ptr<job>> running_;
  std::set<std::int64_t> doubtful_;
  server_facts facts_;
  std::vector<std::string> publishers_;
  bool publishers_allowed_{};
  bool reachable_{}, leading_{}, leader_known_{}, stands_by_{}, stopping_{};
  std::string error_;
  asio::cancellation_signal serving_;
  notifier wake_;
  notifier settled_;
};

}  // namespace eidolon::daemon
