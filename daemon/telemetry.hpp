// The daemon's metrics (docs/metrics.md), kept with prometheus-cpp. One object for the daemon; each job
// reports through its own job_telemetry, whose series go away when it is destroyed.
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace eidolon::daemon {

class telemetry;

// What may come of an attempt at the swap.
inline constexpr std::array<std::string_view, 6> cutover_outcomes{"swapped", "blocked",       "timed_out",
                                                                  "backlog", "held_too_long", "failed"};

// Two objects of the same job share its series; the last one to go takes them along.
class job_telemetry {
 public:
  job_telemetry(telemetry& t, const std::string& database, std::int64_t job, const std::string& table);
  ~job_telemetry();  // removes the job's series

  void state(std::string_view name);                 // 1 for this one, 0 for all others
  void progress(double ratio);                       // of the copy
  void state_progress(std::optional<double> ratio);  // of the state; nullopt: unknown, and the series is absent
  void eta(std::chrono::duration<double> left);      // not finite: unknown, and the series is absent
  void max_lag(std::chrono::duration<double> limit);
  void lock_budget(std::chrono::duration<double> budget);  // infinite: any
  void copied(std::int64_t rows, std::int64_t bytes);
  void chunk(std::chrono::duration<double> took);
  void backlog(std::int64_t entries);
  void applied(std::int64_t keys);
  void diverges(bool now);  // catch-up does not keep up
  // Of hold_reasons (throttle.hpp). `since_last_report`: how long the job has been held for this reason since it was
  // last reported.
  void throttled(std::string_view reason, bool now, std::chrono::duration<double> since_last_report);
  void cutover_attempt(std::string_view outcome);  // of cutover_outcomes
  void lock_wait(std::chrono::duration<double> waited);
  void blocked_application(std::chrono::duration<double> blocked);
  // What it was in all before this daemon ran the job, so that the counter goes on where it was.
  void blocked_application_before(std::chrono::duration<double> blocked);
  void cutover_held(std::chrono::duration<double> held);

 private:
  struct series;
  friend class telemetry;
  std::shared_ptr<series> series_;
};

// What is told of one database. Objects of the same one share its series, as those of a job do.
class database_telemetry {
 public:
  // It is down, and not led by this daemon, until it is told otherwise.
  database_telemetry(telemetry& t, const std::string& database);
  ~database_telemetry();

  void up(bool now);
  void leads(bool now);
  // bytes: nullopt: unknown, and that series is absent.
  void replication_lag(const std::string& replica, std::chrono::duration<double> lag,
                       std::optional<std::int64_t> bytes);
  void forget_replica(const std::string& replica);
  void server_age(double oldest_transaction_seconds, std::int64_t xid_age);
  void slot_retains(std::int64_t bytes);
  // nullopt: unknown, and the series is absent.
  void waits_for_archiver(std::optional<std::int64_t> files);
  void active_sessions(std::optional<std::int64_t> sessions);
  void free_space(std::optional<std::int64_t> bytes);
  // Nobody measures any more: all series but whether it is up, and led, go away.
  void forget_measures();

 private:
  struct series;
  friend class telemetry;
  std::shared_ptr<series> series_;
};

// Outlives every job_telemetry and database_telemetry made with it.
class telemetry {
 public:
  // `states`: every name job_telemetry::state() may be given; each has a series of its own.
  explicit telemetry(std::span<const std::string_view> states);
  ~telemetry();
  std::string text() const;  // Prometheus text exposition format 0.0.4

  struct impl;
  impl& native() { return *impl_; }

 private:
  std::unique_ptr<impl> impl_;
};

}  // namespace eidolon::daemon
