// How far a standby is behind, in seconds, from positions in the write-ahead log.
//
// A standby's own clock readings lie: pg_last_xact_replay_timestamp() grows on an idle
// primary, replay_lag is NULL when nothing happens and stays as it was when the standby
// stops to answer. So the primary's positions are remembered with the time at which they
// were seen: a standby that has replayed less than the primary had written at time t is behind since t.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/load.hpp"

namespace eidolon::daemon {

using log_position = std::int64_t;  // bytes since 0/0

class position_history {
 public:
  void add(clock::time_point at, log_position written);
  // Zero when everything that was ever seen is replayed; nullopt before the first position. Never
  // more than the truth: it counts from the first moment at which the missing part was known to exist.
  std::optional<std::chrono::duration<double>> behind(log_position replayed, clock::time_point now) const;
  std::optional<log_position> newest() const;

 private:
  struct sample {
    clock::time_point at;
    log_position written;
  };
  std::deque<sample> samples_;
};

// How fast a standby replays, learnt while it has something to replay: what it has done between two
// looks, smoothed over a second. While it has nothing, it can do more than is seen.
class replay_rate {
 public:
  void add(clock::time_point at, log_position replayed, bool all);
  std::optional<double> bytes_per_second() const { return rate_; }

 private:
  struct look {
    clock::time_point at;
    log_position replayed;
    bool all;
  };
  std::optional<look> last_;
  std::optional<double> rate_;
};

// Standbys that were seen replaying and are gone: they hold jobs until they come back, or are forgotten.
class standby_memory {
 public:
  // true: for the first time.
  bool saw(const std::string& name, clock::time_point now) { return seen_.insert_or_assign(name, now).second; }
  // Another daemon saw it, or this one before it was started again.
  void was_seen(const std::string& name) { seen_.try_emplace(name); }
  // Those of the remembered that are not among the present ones.
  std::vector<replica_lag> missing(const std::vector<replica_lag>& present, clock::time_point now) const;
  bool forget(const std::string& name) { return seen_.erase(name) > 0; }

 private:
  std::map<std::string, std::optional<clock::time_point>> seen_;
};

// One row of pg_stat_replication.
struct standby_row {
  std::string name;
  std::optional<std::string> state;      // NULL: hidden from the daemon's role
  std::optional<log_position> replayed;  // what it has replayed, or was sent when it does not replay
  std::optional<double> replay_lag;      // the server's own measure, seconds
};

// nullopt: it does not follow the log (a base backup), or not yet, and holds nobody.
std::optional<replica_lag> assess(const standby_row& row, const position_history& history, clock::time_point now);

// How a configured replica is called: host, or service, and port of its conninfo, never a secret of it.
std::string replica_name(std::string_view conninfo);

}  // namespace eidolon::daemon
