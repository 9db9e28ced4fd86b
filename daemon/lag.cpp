// Pure: positions in, seconds out.
#include "daemon/lag.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <regex>

namespace eidolon::daemon {

namespace {

// Some half an hour of measuring twice a second; beyond that the older half is thinned out, so that a
// standby that is hours behind is still measured, with less precision.
constexpr std::size_t most_samples = 4096;

}  // namespace

void position_history::add(clock::time_point at, log_position written) {
  // A server that crashed may have lost what it had written.
  if (!samples_.empty() && written < samples_.back().written) samples_.clear();
  if (!samples_.empty() && samples_.back().written == written) return;  // the older sample says more
  samples_.push_back({at, written});
  if (samples_.size() <= most_samples) return;
  std::deque<sample> kept;
  for (std::size_t i = 0; i < samples_.size(); ++i)
    if (i % 2 == 0 || i > most_samples / 2) kept.push_back(samples_[i]);
  samples_.swap(kept);
}

std::optional<std::chrono::duration<double>> position_history::behind(log_position replayed,
                                                                      clock::time_point now) const {
  if (samples_.empty()) return std::nullopt;
  const auto missing = std::upper_bound(samples_.begin(), samples_.end(), replayed,
                                        [](log_position p, const sample& s) { return p < s.written; });
  if (missing == samples_.end()) return std::chrono::duration<double>{0};
  return now - missing->at;
}

std::optional<log_position> position_history::newest() const {
  if (samples_.empty()) return std::nullopt;
  return samples_.back().written;
}

void replay_rate::add(clock::time_point at, log_position replayed, bool all) {
  constexpr std::chrono::duration<double> shortest{0.05}, memory{1};
  const auto before = last_;
  if (before && at - before->at < shortest) return;
  last_ = look{at, replayed, all};
  if (!before || replayed < before->replayed) return;
  const std::chrono::duration<double> passed = at - before->at;
  const double seen = static_cast<double>(replayed - before->replayed) / passed.count();
  const bool busy = !all && !before->all;
  if (!rate_ || (!busy && seen > *rate_)) {
    if (busy || seen > 0) rate_ = seen;
  } else if (busy) {
    *rate_ += (seen - *rate_) * (1 - std::exp(-passed / memory));
  }
}

std::vector<replica_lag> standby_memory::missing(const std::vector<replica_lag>& present, clock::time_point now) const {
  std::vector<replica_lag> found;
  for (const auto& [name, last] : seen_) {
    if (std::any_of(present.begin(), present.end(), [&](const auto& r) { return r.name == name; })) continue;
    const auto since = last ? fmt::format("{:.0f} s ago", std::chrono::duration<double>{now - *last}.count())
                            : "before this daemon led";
    found.push_back(
        {name, std::nullopt, std::nullopt, "pg_stat_replication",
         fmt::format("it left pg_stat_replication {}; eidolon forget-replica lets jobs go on without it", since)});
  }
  return found;
}

std::optional<replica_lag> assess(const standby_row& row, const position_history& history, clock::time_point now) {
  replica_lag lag{row.name, std::nullopt, std::nullopt, "pg_stat_replication", ""};
  if (!row.state) {
    lag.error = "the daemon's role cannot see it: grant it pg_read_all_stats";
    return lag;
  }
  if (*row.state == "backup" || *row.state == "startup") return std::nullopt;
  if (!row.replayed) {
    lag.error = "it has not reported a position yet (" + *row.state + ")";
    return lag;
  }
  lag.behind = history.behind(*row.replayed, now);
  if (const auto newest = history.newest()) lag.bytes = std::max<std::int64_t>(0, *newest - *row.replayed);
  const bool caught_up = lag.behind && lag.behind->count() <= 0;
  if (!caught_up && lag.behind && row.replay_lag)
    lag.behind = std::max(*lag.behind, std::chrono::duration<double>{*row.replay_lag});
  if (!lag.behind) lag.error = "the primary's position is not known yet";
  return lag;
}

std::string replica_name(std::string_view conninfo) {
  const std::string text{conninfo};
  std::smatch found;
  static const std::regex uri{R"(^postgres(?:ql)?://(?:[^@/?]*@)?([^/?]*))"};
  if (std::regex_search(text, found, uri)) return found[1].length() ? found[1].str() : "localhost";
  static const std::regex host{R"((?:^|\s)host(?:addr)?\s*=\s*'?([^'\s]+))"}, port{R"((?:^|\s)port\s*=\s*'?(\d+))"};
  static const std::regex service{R"((?:^|\s)service\s*=\s*'?([^'\s]+))"};
  std::string name = "localhost";
  for (const auto* part : {&host, &service})
    if (std::regex_search(text, found, *part)) {
      name = found[1].str();
      break;
    }
  if (std::regex_search(text, found, port)) name += ":" + found[1].str();
  return name;
}

}  // namespace eidolon::daemon
