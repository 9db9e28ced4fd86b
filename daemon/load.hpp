// The load that jobs give way to: what is measured (monitor.hpp for the server, job_probe.hpp for one job), and
// what of it is above a job's limits.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace eidolon::daemon {

using clock = std::chrono::steady_clock;

// How far a standby is behind. No value: it cannot be told, which holds a job as much as being late.
struct replica_lag {
  std::string name;
  std::optional<std::chrono::duration<double>> behind;
  std::optional<std::int64_t> bytes;
  std::string source;            // pg_stat_replication, direct
  std::string error;             // why it cannot be told
  std::optional<double> rate{};  // bytes per second that it replays while it has something to replay
};

// A figure that may be unknown, for a reason.
struct figure {
  std::optional<std::int64_t> value;
  std::string of;     // what it was measured at: a slot's name, a directory
  std::string error;  // why it is not known
};

// What is known of the server's load, and when it was learnt.
struct load_report {
  std::optional<clock::time_point> measured_at;  // none: never
  std::string error{};                           // why it was not measured since; empty: nothing has failed
  std::vector<replica_lag> replicas;
  std::int64_t written{};             // the primary's position in the log
  int active{};                       // client backends at work, without the daemon's own
  bool activity_hidden{};             // the role may not see what others do
  figure slot_wal{0, "", ""};         // of the slot that retains most
  figure archive_backlog{0, "", ""};  // files
  figure free_space{std::nullopt, "", "it has not been measured yet"};
  double oldest_transaction{};              // seconds
  std::string oldest_transaction_of;        // who has it
  int unconfirmed{};                        // commits of the daemon's that wait for a synchronous standby
  bool read_only{};                         // the database is, by default
  std::int64_t xid_age{};                   // of the database that is next to wrap around
  std::string copy_denied, cutover_denied;  // why, by the calm hours; empty: they are not
};

// What is measured for one job, as far as its settings ask for it.
struct job_load {
  std::optional<clock::time_point> measured_at;
  int lock_waits{};
  std::optional<double> answer;      // throttle_query's
  std::string error;                 // why it cannot be told
  std::vector<std::string> files{};  // those of throttle_file, the levels' too, that are there
  std::string file_error{};          // why the job's own cannot be looked at: it counts as there
};

struct hold {
  // paused, queue, copy_ratio (0), slowed, window, pace, neighbours, locks, synchronous_standby, database, retry, or
  // the load's: lag, max_active, …
  std::string reason;
  std::string detail;  // one sentence
};

// A report older than this counts as none.
inline constexpr std::chrono::seconds stale_after{5};
bool is_fresh(const std::optional<clock::time_point>& measured, clock::time_point now);

// What is known to be above the limits, each with the name of its limit (lag for both of a replica's).
std::vector<hold> above(const config::load_limits& limits, const load_report& r, const job_load& own,
                        clock::time_point now);

// The same for the job's own limits, and what is limited and cannot be told: silence is not health.
std::vector<hold> in_the_way(const config::job_settings& s, const load_report& r, const job_load& own,
                             clock::time_point now);

// Why nothing is measured, told once for each cause, as soon as it holds jobs: a failure that passes holds nobody.
class failure_news {
 public:
  // true: the report's error is to be told.
  bool update(const load_report& r, clock::time_point now);

 private:
  std::string told_;  // empty: what was measured counts
};

// How a copy slows down before its write-ahead log, where it piles up, reaches a limit. Time has a pacer of its own
// (pacer.hpp); here are bytes of lag, what slots retain, and what waits for the archiver.
struct slow_down {
  double ratio{1};      // of the time in which it may copy: 1 up to half of a limit, falling evenly to 0.05 at it
  std::string because;  // one sentence; empty: nothing is near
};
slow_down near_limits(const config::load_limits& limits, const load_report& r, clock::time_point now);

// Whether the job, or one of its levels, limits what is measured only when somebody does.
bool limits_lock_waits(const config::job_settings& s);
bool limits_free_space(const config::job_settings& s);

// What an operator should know about the server, though no job waits for it.
struct warning {
  std::string what;  // the same for as long as it lasts
  std::string sentence;
};
std::vector<warning> warnings_of(const load_report& r);

}  // namespace eidolon::daemon
