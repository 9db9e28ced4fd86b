// Waiting and counting; what to wait for is decided in throttle.cpp.
#include "daemon/job.hpp"

#include <fmt/format.h>

namespace eidolon::daemon {

using std::chrono::milliseconds;

namespace {

constexpr std::string_view paused{"paused"}, window{"window"};
constexpr milliseconds look_again{250};
constexpr milliseconds longest_nap{1000};
constexpr milliseconds pace_nap{20};

}  // namespace

void set_paused(job& j, bool paused, std::string reason) {
  auto& r = j.record;
  if (!paused || !r.paused) r.paused_since = paused ? iso_time(std::chrono::system_clock::now()) : "";
  r.paused = paused;
  r.paused_reason = std::move(reason);
}

double seconds_since_swap(const job& j, clock::time_point now) {
  return j.record.swapped_seconds.value() + std::chrono::duration<double>{now - j.read_at}.count();
}

bool cutover_is_wanted(const job_record& r) {
  return !r.paused && (!r.request.postpone_cutover || r.cutover_requested);
}

bool is_time_to_drop(const job& j, clock::time_point now) {
  if (j.record.state != state::retaining || !j.record.swapped_seconds) return false;
  return std::chrono::duration<double>{seconds_since_swap(j, now)} >= j.record.settings.keep_old;
}

bool gives_way(const job& j, clock::time_point now) {
  const auto& r = j.record;
  return before_swap(r.state) || r.state == state::validating || (is_time_to_drop(j, now) && !r.drop_requested);
}

double progress_ratio(const job& j) {
  const auto& p = j.live.progress;
  if (j.record.state >= state::indexing && j.record.state <= state::done) return 1.0;
  if (p.blocks_total <= 0) return 0.0;
  return std::min(1.0, static_cast<double>(p.blocks_done) / static_cast<double>(p.blocks_total));
}

std::optional<double> state_ratio(const job& j) {
  return j.record.state == state::copying ? progress_ratio(j) : j.live.step.ratio();
}

std::optional<double> eta_seconds(const job& j, clock::time_point now) {
  if (j.record.state != state::copying) return j.live.step.left(now);
  // At the rate of the last seconds.
  const auto& p = j.live.progress;
  if (p.blocks_done <= 0 || p.bytes <= 0) return std::nullopt;
  const auto rate = j.live.rate.at(now).bytes;
  if (rate <= 0) return std::nullopt;
  const double block = static_cast<double>(p.bytes) / static_cast<double>(p.blocks_done);
  return static_cast<double>(p.blocks_total - p.blocks_done) * block / rate;
}

void tell_convergence(job& j, bool diverges) {
  j.live.diverges = diverges;
  if (j.telemetry) j.telemetry->diverges(diverges);
}

void tell_backlog(job& j, std::int64_t entries) {
  j.live.backlog = entries;
  if (j.telemetry) j.telemetry->backlog(entries);
}

void tell_state(job& j) {
  const auto s = j.record.state;
  // The swap has applied the rest, of which no batch tells.
  if (!before_swap(s)) tell_backlog(j, 0);
  if (!j.telemetry) return;
  j.telemetry->state(name_of(s));
  j.telemetry->state_progress(std::nullopt);
  j.telemetry->eta(std::chrono::duration<double>{std::numeric_limits<double>::infinity()});
}

void tell_limits(const job& j) {
  if (!j.telemetry) return;
  const auto& s = j.record.settings;
  constexpr double any = std::numeric_limits<double>::infinity();
  j.telemetry->max_lag(s.max_lag);
  std::chrono::duration<double> budget{any};
  if (s.lock_budget.count() > 0) budget = s.lock_budget;
  j.telemetry->lock_budget(budget);
}

namespace {

// What reads or writes much, and can wait. Applying cannot: the log would grow.
bool keeps_copy_hours(state s) {
  if (s < state::ready) return s != state::catching_up;
  return s == state::validating || s == state::retaining;
}

}  // namespace

std::vector<hold> job_pace::current_holds(clock::time_point now) const {
  auto found = holds(settings(), {job_.record.paused, job_.record.paused_reason}, load_, own_, now);
  const auto s = job_.record.state;
  if (!load_.copy_denied.empty() && keeps_copy_hours(s)) found.push_back({std::string{window}, load_.copy_denied});
  const bool held_by_load = gives_way(job_, now);
  std::erase_if(found, [&](const hold& h) {
    return h.reason != paused && (!held_by_load || (s == state::retaining && !holds_the_drop(h.reason)));
  });
  return found;
}

bool job_pace::heeds(const hold& h) const {
  return (heed_pause_ || h.reason != paused) && (heed_hours_ || h.reason != window);
}

bool job_pace::waits_for_hours() {
  const auto now = clock::now();
  auto current = current_holds(now);
  const bool held = std::any_of(current.begin(), current.end(), [](const hold& h) { return h.reason == window; });
  if (held) show(std::move(current), now);
  return held;
}

// What slows the job down, or keeps it from the swap, beside the batches that go on.
std::vector<hold> job_pace::told_as_well(clock::time_point now) const {
  std::vector<hold> found;
  std::string near = pacer_.because_of();
  if (auto more = near_limits(now).because; !more.empty()) near += (near.empty() ? "" : "; ") + more;
  if (!near.empty()) found.push_back({"pace", std::move(near)});
  const bool rests = job_.record.state == state::copying || job_.record.state == state::verifying;
  if (const double ratio = settings().copy_ratio; rests && ratio > 0 && ratio < 1)
    found.push_back({"slowed", fmt::format("copy_ratio lets it work for {:g} % of the time", 100 * ratio)});
  const bool near_swap = job_.record.state == state::ready || job_.record.state == state::cutting_over;
  if (near_swap && cutover_is_wanted(job_.record) && !load_.cutover_denied.empty())
    found.push_back({"window", load_.cutover_denied});
  if (!obstacle_.reason.empty()) found.push_back(obstacle_);
  if (unconfirmed_ > 0)
    found.push_back({"synchronous_standby", fmt::format("{} commits wait for a synchronous standby", unconfirmed_)});
  return found;
}

void job_pace::tell(const std::vector<hold>& current, clock::time_point now) {
  const auto told = job_.live.held.update(current, now, std::chrono::system_clock::now());
  if (!job_.telemetry) return;
  for (const auto& t : told) job_.telemetry->throttled(t.reason, t.now, t.time);
}

void job_pace::show(std::vector<hold> current, clock::time_point now) {
  const bool held = !current.empty();
  for (auto& h : told_as_well(now))
    if (!held || h.reason != "pace") current.push_back(std::move(h));  // who stands still keeps no pace
  tell(current, now);
}

// Applying and index builds are not slowed: a log that is not applied grows, and an index cannot stop.
slow_down job_pace::near_limits(clock::time_point now) const {
  if (job_.record.state != state::copying) return {};
  return daemon::near_limits(settings(), load_, now);
}

// Only the copy goes at a standby's pace: a log that grows faster than it is applied would never end.
bool job_pace::waits_for_standby(clock::time_point now) {
  if (job_.record.state != state::copying) return false;
  pacer_.see(load_, settings().max_lag);
  if (!pacer_.may_begin(now)) return true;
  pacer_.began(now);
  return false;
}

milliseconds job_pace::chunk_target() const {
  return std::min(settings().chunk_target, pacer_.longest_batch().value_or(settings().chunk_target));
}

asio::awaitable<void> job_pace::admit() {
  const auto rest = duty_.take();
  for (;;) {
    const auto now = clock::now();
    auto current = current_holds(now);
    const bool held = std::any_of(current.begin(), current.end(), [this](const hold& h) { return heeds(h); });
    const auto over = rest ? duty_cycle::over(*rest, ratio(now)) : now;
    const bool paced = !held && over <= now && waits_for_standby(now);
    show(std::move(current), now);
    if (held) {
      co_await job_.changed.wait(look_again);
    } else if (paced) {
      co_await job_.changed.wait(pace_nap);
    } else if (over > now) {
      const auto nap = std::min<clock::duration>(over - now, longest_nap);
      co_await job_.changed.wait(std::chrono::ceil<milliseconds>(nap));
    } else {
      co_return;
    }
  }
}

void job_pace::done(const plan::batch_report& r) {
  using kind = plan::batch_report::kind;
  const auto now = clock::now();
  // Applying is not slowed: a log that grows faster than it is applied would never end.
  if (r.what != kind::apply) duty_.finished(now, r.duration, settings().workers);
  if (r.what == kind::copy || r.what == kind::vacuum) pacer_.ended();
  if (r.backlog) tell_backlog(job_, *r.backlog);
  if (r.what == kind::apply) tell_convergence(job_, r.diverges);
  if (r.what == kind::copy || r.what == kind::verify) job_.live.rate.add(now, r.rows, r.bytes);
  if (r.what == kind::verify) compared(r.rows, now);
  if (!job_.telemetry) return;
  if (r.what == kind::apply) job_.telemetry->applied(r.rows);
  if (r.what != kind::copy || r.bytes == 0) return;
  job_.telemetry->copied(r.rows, r.bytes);
  job_.telemetry->chunk(r.duration);
}

// As many as were copied are expected.
void job_pace::compared(std::int64_t rows, clock::time_point now) {
  auto& live = job_.live;
  live.compared += rows;
  if (const auto all = live.progress.rows; all > 0)
    live.step.reached(now, std::min(1.0, static_cast<double>(live.compared) / static_cast<double>(all)));
}

void job_pace::show_pause() {
  const auto now = clock::now();
  auto current = current_holds(now);
  std::erase_if(current, [](const hold& h) { return h.reason != paused; });
  for (auto& h : told_as_well(now))
    if (h.reason != "pace") current.push_back(std::move(h));  // nothing is copied meanwhile
  tell(current, now);
}

void job_pace::waits_for(hold h) {
  std::vector<hold> current;
  if (!h.reason.empty()) current.push_back(std::move(h));
  tell(current, clock::now());
}

void job_pace::keeps_from_swap(hold obstacle) {
  if (obstacle.reason == obstacle_.reason && obstacle.detail == obstacle_.detail) return;
  obstacle_ = std::move(obstacle);
  tell_all();
}

void job_pace::tell_all() {
  const auto now = clock::now();
  show(current_holds(now), now);
}

void job_pace::waits_for_commits(int unconfirmed) {
  if (std::exchange(unconfirmed_, unconfirmed) != unconfirmed) tell_all();
}

void job_pace::end_phase() {
  duty_.clear();
  pacer_.clear();
  obstacle_ = {};
  unconfirmed_ = 0;
  job_.live.rate.clear();
  job_.live.step.clear();
  job_.live.compared = 0;
  tell_convergence(job_, false);
  const std::vector<hold> none;
  tell(none, clock::now());
}

}  // namespace eidolon::daemon
