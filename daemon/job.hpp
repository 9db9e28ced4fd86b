// A job in memory: its record, and what only the daemon that runs it knows.
#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "copier/phases.hpp"
#include "daemon/job_record.hpp"
#include "daemon/notifier.hpp"
#include "daemon/pacer.hpp"
#include "daemon/step_progress.hpp"
#include "daemon/telemetry.hpp"
#include "daemon/throttle.hpp"
#include "plan/pace.hpp"
#include "postgres/lock_attempt.hpp"

namespace eidolon::daemon {

// What changes too often to be recorded.
struct live_status {
  copier::copy_progress progress;
  step_progress step;       // of the state, where it is not the copy
  std::int64_t compared{};  // rows, by verification
  std::int64_t backlog{};
  bool diverges{};  // catch-up does not keep up with the application
  rate_window rate;
  hold_log held;
  std::optional<double> lag_seconds;
  std::vector<postgres::blocker> blockers;  // of the last attempt at a lock
};

// How often the server has crashed while the job was at work in one state.
struct crash_count {
  state at{};
  int times{};
};

inline constexpr const char* not_converging =
    "Catch-up does not converge: the application writes faster than the changes are applied. More workers may help.";
inline constexpr const char* converging = "Catch-up converges again.";

struct job {
  job(std::string database_name, job_record r) : database{std::move(database_name)}, record{std::move(r)} {}

  std::string database;
  job_record record;
  clock::time_point read_at{clock::now()};  // when the record's relative times held
  bool at_home{true};                       // false: another database's, left alone
  live_status live;
  crash_count crashes{};
  int full_logs{};                           // copies that came to nothing because of max_log
  int commands{};                            // that were taken over into the record: of people, and pauses by itself
  notifier changed;                          // record or settings: whoever waits looks again
  std::unique_ptr<job_telemetry> telemetry;  // while it runs, and for a while after
  std::optional<clock::time_point> ended_at;
};

// Seconds since the swap, now. Requires a record of a job that was swapped.
double seconds_since_swap(const job& j, clock::time_point now);

// The mirror of a command, or of a pause by itself, that is recorded.
void set_paused(job& j, bool paused, std::string reason = {});

// Of the copy, 0 to 1.
double progress_ratio(const job& j);
// Of the state that it is in, 0 to 1: copying, indexing or verifying; nullopt in others, and when it cannot be told.
std::optional<double> state_ratio(const job& j);
// What is left of that state; nullopt when it cannot be told.
std::optional<double> eta_seconds(const job& j, clock::time_point now);
void tell_convergence(job& j, bool diverges);
void tell_backlog(job& j, std::int64_t entries);
// Exports the state that it has entered. From the swap on, and when the job is given up, nothing is left to apply.
void tell_state(job& j);
// Exports the limits among its settings.
void tell_limits(const job& j);
// By whoever submitted it; the calm hours may deny it all the same.
bool cutover_is_wanted(const job_record& r);
// The old table has been kept for as long as it was to be.
bool is_time_to_drop(const job& j, clock::time_point now);
// Whether the load, and what else its settings limit, hold it: up to the swap, while it validates, and before it drops
// the old table unless somebody has asked for that.
bool gives_way(const job& j, clock::time_point now);

// Admits a job's batches, and learns from their reports.
class job_pace final : public plan::pace {
 public:
  // All must outlive the pace. `own` is the load at the job's table.
  job_pace(job& j, const load_report& load, const job_load& own) : job_{j}, load_{load}, own_{own} {}

  asio::awaitable<void> admit() override;
  void done(const plan::batch_report& r) override;
  const config::job_settings& settings() const override { return job_.record.settings; }
  std::chrono::milliseconds chunk_target() const override;

  // A job that waits for its cutover keeps catching up while it is paused, so that the log stays short.
  void heed_pause(bool heed) { heed_pause_ = heed; }
  // One whose verification the calm hours hold does so as well.
  void heed_hours(bool heed) { heed_hours_ = heed; }
  // Whether they hold what it does now; then that is told.
  bool waits_for_hours();
  // Tells whether the job is paused while no batch asks.
  void show_pause();
  // What the runner itself waits for, shown beside the other reasons; an empty reason: nothing.
  void waits_for(hold h);
  // What keeps the job from the swap, beside the load, until it is told again or the phase ends; no reason: nothing.
  void keeps_from_swap(hold obstacle);
  // How many of the daemon's commits wait for a synchronous standby: no batch is admitted meanwhile that would tell.
  void waits_for_commits(int unconfirmed);
  // Forgets rests and reasons: a phase has ended.
  void end_phase();

 private:
  std::vector<hold> current_holds(clock::time_point now) const;
  bool heeds(const hold& h) const;
  std::vector<hold> told_as_well(clock::time_point now) const;
  // Near a limit at which log piles up a copy rests as if its copy_ratio were smaller.
  slow_down near_limits(clock::time_point now) const;
  double ratio(clock::time_point now) const { return std::min(settings().copy_ratio, near_limits(now).ratio); }
  // Whether a standby is about to be late, so that the copy goes at its pace.
  bool waits_for_standby(clock::time_point now);
  void compared(std::int64_t rows, clock::time_point now);
  void tell_all();
  void show(std::vector<hold> current, clock::time_point now);  // and what is told as well
  void tell(const std::vector<hold>& current, clock::time_point now);

  job& job_;
  const load_report& load_;
  const job_load& own_;
  duty_cycle duty_;
  pacer pacer_;
  bool heed_pause_{true}, heed_hours_{true};
  hold obstacle_;
  int unconfirmed_{};
};

}  // namespace eidolon::daemon
