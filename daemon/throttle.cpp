// Pure: every decision is a function of what it is given.
#include "daemon/throttle.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace eidolon::daemon {

namespace {

constexpr std::chrono::seconds rate_span{10};

std::string sentence(const std::vector<hold>& found) {
  std::string text;
  for (const auto& h : found) text += (text.empty() ? "" : "; ") + h.detail;
  return text;
}

}  // namespace

std::vector<hold> holds(const config::job_settings& s, const pause_state& p, const load_report& r, const job_load& own,
                        clock::time_point now) {
  std::vector<hold> found;
  if (p.paused) found.push_back({"paused", p.reason.empty() ? "paused on request" : p.reason});
  if (s.copy_ratio <= 0) found.push_back({"copy_ratio", "copy_ratio is 0"});
  for (auto& h : in_the_way(s, r, own, now)) found.push_back(std::move(h));
  return found;
}

bool holds_the_drop(std::string_view reason) {
  constexpr std::array<std::string_view, 5> others{"min_free_space", "max_slot_wal", "max_archive_backlog",
                                                   "max_transaction_age", "max_xid_age"};
  return std::find(others.begin(), others.end(), reason) == others.end();
}

load_alarm::verdict load_alarm::judge(const config::job_settings& s, const load_report& r, const job_load& own,
                                      clock::time_point now) {
  verdict v;
  const auto reached = sentence(above(s.abort_at, r, own, now));
  if (reached.empty()) above_since_.reset();
  if (!reached.empty() && !above_since_) above_since_ = now;
  if (above_since_ && now - *above_since_ >= abort_after) v.abort = "the load has reached abort_at: " + reached;
  const auto critical = sentence(above(s.critical, r, own, now));
  if (!critical.empty()) v.pause = "the load is critical: " + critical;
  return v;
}

void duty_cycle::finished(clock::time_point at, clock::duration busy, int sessions) {
  rests_.push_back({at, busy});
  while (rests_.size() > static_cast<std::size_t>(std::max(1, sessions))) rests_.pop_front();
}

std::optional<duty_cycle::rest> duty_cycle::take() {
  if (rests_.empty()) return std::nullopt;
  const rest oldest = rests_.front();
  rests_.pop_front();
  return oldest;
}

clock::time_point duty_cycle::over(const rest& r, double ratio) {
  if (ratio <= 0) return clock::time_point::max();
  if (ratio >= 1) return r.since;
  const std::chrono::duration<double> busy{r.busy}, longest{std::chrono::hours{24}};
  return r.since + std::chrono::round<clock::duration>(std::min(longest, busy * ((1 - ratio) / ratio)));
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

namespace {

// By an event of its own, or by the job's settings; and a job's turn comes.
bool tells_itself(std::string_view reason) {
  return reason == "paused" || reason == "pace" || reason == "locks" || reason == "queue" || reason == "slowed";
}

}  // namespace

std::string iso_time(std::chrono::system_clock::time_point t) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(std::chrono::time_point_cast<std::chrono::seconds>(t)));
}

std::vector<std::string> hold_news::update(const std::map<std::string, hold_log::entry>& held,
                                           std::chrono::system_clock::time_point now) {
  std::vector<std::string> news;
  std::erase_if(told_, [&](const auto& t) {
    const auto found = held.find(t.first);
    if (found != held.end() && found->second.since == t.second) return false;
    const std::chrono::duration<double> lasted = now - t.second;
    news.push_back(fmt::format("{} held the job for {:.0f} s and does no longer", t.first, lasted.count()));
    return true;
  });
  for (const auto& [reason, entry] : held) {
    if (tells_itself(reason) || told_.contains(reason) || now - entry.since < told_after) continue;
    told_[reason] = entry.since;
    news.push_back(fmt::format("held by {}: {}, since {}", reason, entry.detail, iso_time(entry.since)));
  }
  return news;
}

}  // namespace eidolon::daemon
