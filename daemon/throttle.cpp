// Pure: every decision is a function of what it is given.
#include "daemon/throttle.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eidolon::daemon {

namespace {

constexpr std::chrono::seconds rate_span{10};

std::string lag_sentence(const replica_lag& r) {
  if (!r.behind) return fmt::format("the lag of replica {} cannot be told: {}", r.name, r.error);
  return fmt::format("replica {} is {:.1f} s behind", r.name, r.behind->count());
}

std::string lag_detail(const config::job_settings& s, const load_report& r) {
  std::string text;
  for (const auto& replica : r.replicas) {
    if (replica.behind && *replica.behind <= s.max_lag) continue;
    text += (text.empty() ? "" : "; ") + lag_sentence(replica);
  }
  return text;
}

std::string activity_detail(const config::job_settings& s, const load_report& r) {
  if (s.max_active <= 0) return {};
  if (r.activity_hidden)
    return "the daemon's role cannot see other sessions: grant it pg_read_all_stats, or set max_active to 0";
  if (r.active > s.max_active) return fmt::format("{} active backends, more than {}", r.active, s.max_active);
  return {};
}

}  // namespace

std::vector<hold> holds(const config::job_settings& s, const pause_state& p, const load_report& r,
                        clock::time_point now) {
  std::vector<hold> found;
  if (p.paused) found.push_back({"paused", p.reason.empty() ? "paused on request" : p.reason});
  if (s.copy_ratio <= 0) found.push_back({"copy_ratio", "copy_ratio is 0"});
  if (!r.measured_at || now - *r.measured_at > stale_after) {
    found.push_back({"lag", "the server's replicas and load have not been measured for some seconds"});
    return found;
  }
  if (auto detail = lag_detail(s, r); !detail.empty()) found.push_back({"lag", std::move(detail)});
  if (auto detail = activity_detail(s, r); !detail.empty()) found.push_back({"max_active", std::move(detail)});
  return found;
}

void duty_cycle::finished(clock::time_point at, clock::duration busy) { rests_.push_back({at, busy}); }

std::optional<duty_cycle::rest> duty_cycle::take() {
  if (rests_.empty()) return std::nullopt;
  const rest oldest = rests_.front();
  rests_.pop_front();
  return oldest;
}

clock::time_point duty_cycle::over(const rest& r, double ratio) {
  if (ratio <= 0) return clock::time_point::max();
  if (ratio >= 1) return r.since;
  const std::chrono::duration<double> busy{r.busy};
  return r.since + std::chrono::round<clock::duration>(busy * ((1 - ratio) / ratio));
}

void rate_window::add(clock::time_point at, std::int64_t rows, std::int64_t bytes) {
  if (!begun_ || samples_.empty()) begun_ = at;
  samples_.push_back({at, rows, bytes});
  forget_before(at - rate_span);
}

rate_window::rate rate_window::at(clock::time_point now) const {
  rate sum;
  for (const auto& s : samples_) {
    if (s.at < now - rate_span) continue;
    sum.rows += static_cast<double>(s.rows);
    sum.bytes += static_cast<double>(s.bytes);
  }
  if (!begun_) return {};
  const std::chrono::duration<double> span =
      std::clamp<clock::duration>(now - *begun_, std::chrono::seconds{1}, rate_span);
  return {sum.rows / span.count(), sum.bytes / span.count()};
}

void rate_window::forget_before(clock::time_point t) {
  while (!samples_.empty() && samples_.front().at < t) samples_.pop_front();
}

std::vector<hold_log::passed> hold_log::update(const std::vector<hold>& current, clock::time_point now,
                                               std::chrono::system_clock::time_point wall) {
  std::vector<passed> told;
  for (auto i = entries_.begin(); i != entries_.end();) {
    const bool still = std::any_of(current.begin(), current.end(), [&](const hold& h) { return h.reason == i->first; });
    told.push_back({i->first, still, now - i->second.reported});
    i->second.reported = now;
    i = still ? std::next(i) : entries_.erase(i);
  }
  for (const auto& h : current) {
    const auto [at, is_new] = entries_.try_emplace(h.reason, entry{h.detail, wall, now});
    if (is_new) told.push_back({h.reason, true, clock::duration::zero()});
    at->second.detail = h.detail;
  }
  return told;
}

}  // namespace eidolon::daemon
