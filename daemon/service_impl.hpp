// The service over all databases: finds the job's database, checks what is asked, records it.
//
// What is recorded wakes the job's runner; nothing here waits for a job to act on it.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/daemon_config.hpp"
#include "daemon/database.hpp"
#include "daemon/service.hpp"
#include "daemon/task_group.hpp"
#include "daemon/telemetry.hpp"

namespace eidolon::daemon {

class job_service final : public service {
 public:
  job_service(asio::any_io_executor executor, const config::daemon_config& config);
  ~job_service() override;

  // Runs all databases until stop().
  asio::awaitable<void> run();
  void stop();
  // Databases come and go, and start anew when their dsn has changed; other replicas and calm hours hold at once, and
  // cancel nothing. Defaults hold for jobs submitted from now on.
  void reload(const config::daemon_config& config);

  asio::awaitable<submitted> submit(submission s) override;
  asio::awaitable<json::object> plan(submission s) override;
  asio::awaitable<json::array> jobs() override;
  asio::awaitable<json::object> job(std::int64_t id) override;
  asio::awaitable<json::array> events(std::int64_t id, std::int64_t after) override;
  asio::awaitable<void> wait_for_event(std::int64_t id) override;
  asio::awaitable<json::object> pause(std::int64_t id) override;
  asio::awaitable<json::object> resume(std::int64_t id) override;
  asio::awaitable<json::object> cutover(std::int64_t id) override;
  asio::awaitable<json::object> abort(std::int64_t id) override;
  asio::awaitable<json::object> drop_old(std::int64_t id) override;
  asio::awaitable<json::object> change_settings(std::int64_t id, json::object settings) override;
  asio::awaitable<json::array> databases() override;
  asio::awaitable<json::object> forget_replica(std::string database, std::string replica) override;
  bool ready() const override;
  std::string metrics() override;

 private:
  using database_ptr = std::shared_ptr<database>;
  struct place {
    database_ptr where;
    std::shared_ptr<daemon::job> what;
  };
  database_ptr database_named(const std::string& name) const;
  asio::awaitable<void> open_to_publishers(database_ptr d, new_job job);
  void refuse_name_of_another_database(const database& but_for, const std::string& name) const;
  asio::awaitable<std::optional<submitted>> find_named(database_ptr d, job_request request);
  asio::awaitable<place> find(std::int64_t id);
  asio::awaitable<place> find_to_command(std::int64_t id);
  asio::awaitable<json::object> obey(std::int64_t id, command what);
  asio::awaitable<void> look_again(database_ptr d);
  asio::awaitable<std::int64_t> new_id();
  asio::awaitable<submitted> insert(database_ptr d, new_job job);
  database_ptr know(const config::database_config& config);
  asio::awaitable<void> run_database(database_ptr d);

  asio::any_io_executor executor_;
  telemetry telemetry_;
  config::job_settings defaults_;
  std::vector<database_ptr> databases_;
  task_group tasks_;
  notifier stopped_;
  bool stopping_{};
  std::int64_t last_id_{};
};

}  // namespace eidolon::daemon
