// Pure: times in, sentences out.
#include "config/window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/predicate.hpp>
#include <charconv>

namespace eidolon::config {
namespace {

constexpr std::array<std::string_view, 7> names{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::optional<std::size_t> day_of(std::string_view text) {
  const auto* const found =
      std::find_if(names.begin(), names.end(), [&](auto name) { return boost::algorithm::iequals(name, text); });
  return found == names.end() ? std::nullopt : std::optional{static_cast<std::size_t>(found - names.begin())};
}

std::optional<int> number(std::string_view digits) {
  int n{};
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  const bool whole = error == std::errc{} && rest == digits.data() + digits.size() && digits.size() <= 2;
  return whole && n >= 0 ? std::optional{n} : std::nullopt;
}

// "22:00", "9:00"; 24:00 is the end of the day.
std::optional<int> minute_of(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.size() != colon + 3) return std::nullopt;
  const auto hour = number(text.substr(0, colon)), minute = number(text.substr(colon + 1));
  if (!hour || !minute || *minute > 59 || *hour * 60 + *minute > 24 * 60) return std::nullopt;
  return *hour * 60 + *minute;
}

}  // namespace

std::optional<std::bitset<7>> parse_days(std::string_view text) {
  if (boost::algorithm::iequals(text, "all")) return std::bitset<7>{127};
  std::bitset<7> days;
  for (bool more = true; more;) {
    const auto comma = text.find(',');
    auto one = text.substr(0, comma);
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
    while (one.starts_with(' ')) one.remove_prefix(1);
    const auto dash = one.find('-');
    const auto first = day_of(one.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : day_of(one.substr(dash + 1));
    if (!first || !last) return std::nullopt;
    for (auto d = *first; d != *last; d = (d + 1) % 7) days.set(d);
    days.set(*last);
  }
  return days;
}

std::optional<std::pair<int, int>> parse_hours(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto from = minute_of(text.substr(0, dash)), to = minute_of(text.substr(dash + 1));
  if (!from || !to || *from == *to || *from == 24 * 60) return std::nullopt;
  return std::pair{*from, *to};
}

bool covers(const window& w, local_time t) {
  const auto today = static_cast<std::size_t>(t.day), yesterday = (today + 6) % 7;
  if (w.from < w.to) return w.days[today] && t.minute >= w.from && t.minute < w.to;
  return (w.days[today] && t.minute >= w.from) || (w.days[yesterday] && t.minute < w.to);
}

std::string denial(const std::vector<window>& windows, windowed what, const std::map<std::string, local_time>& now) {
  const char* const name = what == windowed::copy ? "copying" : "the cutover";
  std::string allowed;
  bool in_one = false;
  for (const auto& w : windows) {
    if (!(what == windowed::copy ? w.copy : w.cutover)) continue;
    const auto time = now.find(w.zone);
    if (time == now.end()) return fmt::format("the server does not tell the time in {}", w.zone);
    const bool covered = covers(w, time->second);
    if (!w.allows && covered) return fmt::format("{} is denied: {}", name, w.text);
    if (!w.allows) continue;
    in_one = in_one || covered;
    allowed += (allowed.empty() ? "" : "; ") + w.text;
  }
  return allowed.empty() || in_one ? std::string{} : fmt::format("{} is allowed only: {}", name, allowed);
}

}  // namespace eidolon::config
