// When a job may start its next batch: deciding, apart from measuring (monitor.hpp) and waiting (job.hpp).
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/load.hpp"

namespace eidolon::daemon {

// The reasons of a job that runs, each with series of its own from the beginning: an alert sees the first time too.
// That its database cannot be reached is told while no job runs.
inline constexpr std::array<std::string_view, 21> hold_reasons{"paused",
                                                               "queue",
                                                               "copy_ratio",
                                                               "slowed",
                                                               "window",
                                                               "pace",
                                                               "neighbours",
                                                               "locks",
                                                               "synchronous_standby",
                                                               "retry",
                                                               "read_only",
                                                               "lag",
                                                               "max_active",
                                                               "max_lock_waits",
                                                               "max_slot_wal",
                                                               "max_archive_backlog",
                                                               "min_free_space",
                                                               "max_transaction_age",
                                                               "max_xid_age",
                                                               "throttle_query",
                                                               "throttle_file"};

struct pause_state {
  bool paused{};
  std::string reason;
};

// Everything that holds the next batch now; empty: it may start.
std::vector<hold> holds(const config::job_settings& s, const pause_state& p, const load_report& r, const job_load& own,
                        clock::time_point now);

// Whether a reason holds the drop of the old table as well. What that relieves, or does not touch, does not: it frees
// space, and writes next to nothing.
bool holds_the_drop(std::string_view reason);

// Whether the load is above the job's critical limits, or has been above those of abort_at for abort_after.
class load_alarm {
 public:
  static constexpr std::chrono::seconds abort_after{5};
  struct verdict {
    std::string pause, abort;  // why; empty: no reason to
  };
  verdict judge(const config::job_settings& s, const load_report& r, const job_load& own, clock::time_point now);

 private:
  std::optional<clock::time_point> above_since_;
};

// copy_ratio: a worker that was busy for d rests for d * (1 - r) / r before its next batch. Each
// finished batch leaves a rest behind, and each admission takes the oldest one; with n workers at
// work there are n rests, so every one of them keeps the ratio without being told apart.
class duty_cycle {
 public:
  // sessions: that work at once. No more than as many rests are left: a round that is admitted once for all of them, or
  // sessions that have ended, would leave old ones, which are long over.
  void finished(clock::time_point at, clock::duration busy, int sessions);
  // Takes the oldest rest. none: nothing to rest for.
  struct rest {
    clock::time_point since{};
    clock::duration busy{};
  };
  std::optional<rest> take();
  void clear() { rests_.clear(); }
  // When the rest is over at the ratio that holds now; time_point::max() at ratio 0.
  static clock::time_point over(const rest& r, double ratio);

 private:
  std::deque<rest> rests_;
};

// Rows and bytes per second over the last few seconds.
class rate_window {
 public:
  struct rate {
    double rows{}, bytes{};
  };
  void add(clock::time_point at, std::int64_t rows, std::int64_t bytes);
  rate at(clock::time_point now) const;
  void clear() { samples_.clear(); }

 private:
  struct sample {
    clock::time_point at;
    std::int64_t rows, bytes;
  };
  void forget_before(clock::time_point t);
  std::deque<sample> samples_;
  std::optional<clock::time_point> begun_;
};

// As RFC 3339 has it, in UTC: "2026-01-01T00:00:00Z".
std::string iso_time(std::chrono::system_clock::time_point t);

// Which reasons hold a job, and since when; a reason that goes and comes back begins anew.
class hold_log {
 public:
  struct entry {
    std::string detail;
    std::chrono::system_clock::time_point since;
    clock::time_point reported;  // until when its time has been handed out
  };
  // Reasons that ended, or went on, with the time that passed since they were last told.
  struct passed {
    std::string reason;
    bool now{};
    clock::duration time{};
  };
  std::vector<passed> update(const std::vector<hold>& current, clock::time_point now,
                             std::chrono::system_clock::time_point wall);
  const std::map<std::string, entry>& entries() const { return entries_; }

 private:
  std::map<std::string, entry> entries_;
};

// Reasons as the job's history tells them: one that has lasted for a while, and its end. A pause has events of its
// own, and the pace of a standby comes and goes.
class hold_news {
 public:
  static constexpr std::chrono::seconds told_after{5};
  std::vector<std::string> update(const std::map<std::string, hold_log::entry>& held,
                                  std::chrono::system_clock::time_point now);

 private:
  std::map<std::string, std::chrono::system_clock::time_point> told_;  // and since when it holds
};

}  // namespace eidolon::daemon
