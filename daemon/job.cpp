// Waiting and counting; what to wait for is decided in throttle.cpp.
#include "daemon/job.hpp"

namespace eidolon::daemon {

using std::chrono::milliseconds;

namespace {

constexpr std::string_view paused{"paused"};
constexpr milliseconds look_again{250};
constexpr milliseconds longest_nap{1000};

}  // namespace

double seconds_since_swap(const job& j, clock::time_point now) {
  return j.record.swapped_seconds.value() + std::chrono::duration<double>{now - j.read_at}.count();
}

double progress_ratio(const job& j) {
  const auto& p = j.live.progress;
  if (j.record.state >= state::indexing && j.record.state <= state::done) return 1.0;
  if (p.blocks_total <= 0) return 0.0;
  return std::min(1.0, static_cast<double>(p.blocks_done) / static_cast<double>(p.blocks_total));
}

std::optional<double> eta_seconds(const job& j, clock::time_point now) {
  const auto& p = j.live.progress;
  if (j.record.state != state::copying || p.blocks_done <= 0 || p.bytes <= 0) return std::nullopt;
  const auto rate = j.live.rate.at(now).bytes;
  if (rate <= 0) return std::nullopt;
  const double block = static_cast<double>(p.bytes) / static_cast<double>(p.blocks_done);
  return static_cast<double>(p.blocks_total - p.blocks_done) * block / rate;
}

std::vector<hold> job_pace::current_holds(clock::time_point now) const {
  return holds(settings(), {job_.record.paused, job_.record.paused_reason}, load_, now);
}

void job_pace::tell(const std::vector<hold>& current, clock::time_point now) {
  const auto told = job_.live.held.update(current, now, std::chrono::system_clock::now());
  if (!job_.telemetry) return;
  for (const auto& t : told) job_.telemetry->throttled(t.reason, t.now, t.time);
}

asio::awaitable<void> job_pace::admit() {
  const auto rest = duty_.take();
  for (;;) {
    const auto now = clock::now();
    auto current = current_holds(now);
    tell(current, now);
    if (!heed_pause_) std::erase_if(current, [](const hold& h) { return h.reason == paused; });
    if (!current.empty()) {
      co_await job_.changed.wait(look_again);
      continue;
    }
    if (!rest) co_return;
    const auto over = duty_cycle::over(*rest, settings().copy_ratio);
    if (over <= now) co_return;
    const auto nap = std::min<clock::duration>(over - now, longest_nap);
    co_await job_.changed.wait(std::chrono::ceil<milliseconds>(nap));
  }
}

void job_pace::done(const plan::batch_report& r) {
  using kind = plan::batch_report::kind;
  const auto now = clock::now();
  // Applying is not slowed: a log that grows faster than it is applied would never end.
  if (r.what != kind::apply) duty_.finished(now, r.duration);
  if (r.backlog >= 0) job_.live.backlog = r.backlog;
  if (r.what == kind::copy) job_.live.rate.add(now, r.rows, r.bytes);
  if (!job_.telemetry) return;
  if (r.backlog >= 0) job_.telemetry->backlog(r.backlog);
  if (r.what == kind::apply) job_.telemetry->applied(r.rows);
  if (r.what != kind::copy) return;
  job_.telemetry->copied(r.rows, r.bytes);
  job_.telemetry->chunk(r.duration);
}

void job_pace::show_pause() {
  const auto now = clock::now();
  auto current = current_holds(now);
  std::erase_if(current, [](const hold& h) { return h.reason != paused; });
  tell(current, now);
}

void job_pace::waits_for(hold h) {
  std::vector<hold> current;
  if (!h.reason.empty()) current.push_back(std::move(h));
  tell(current, clock::now());
}

void job_pace::end_phase() {
  duty_.clear();
  const std::vector<hold> none;
  tell(none, clock::now());
}

}  // namespace eidolon::daemon
