// Durations as people write them in settings: a number and a unit.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "config/daemon_config.hpp"

namespace eidolon::config {
namespace {

struct unit {
  std::string_view name;
  std::int64_t milliseconds;
};
constexpr std::array<unit, 5> units{{{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

// Past this a duration is a mistake, and arithmetic with clocks could overflow.
constexpr std::int64_t longest = std::int64_t{100} * 365 * 86'400'000;

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  double amount{};
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, amount, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(amount) || amount < 0 || text.front() == '-') return std::nullopt;
  const std::string_view name{rest, static_cast<std::size_t>(end - rest)};
  if (name.empty() && amount == 0) return std::chrono::milliseconds{0};
  for (const auto& u : units) {
    if (u.name != name) continue;
    const double exact = amount * static_cast<double>(u.milliseconds);
    const double whole = std::round(exact);
    if (whole > static_cast<double>(longest) || std::abs(exact - whole) > 1e-6) return std::nullopt;
    return std::chrono::milliseconds{static_cast<std::int64_t>(whole)};
  }
  return std::nullopt;
}

std::string to_string(std::chrono::milliseconds d) {
  // Days are read and never written: "24h" is how the default is known.
  for (const auto& u : {units[3], units[2], units[1]}) {
    if (d.count() != 0 && d.count() % u.milliseconds == 0) {
      return fmt::format("{}{}", d.count() / u.milliseconds, u.name);
    }
  }
  return d.count() == 0 ? "0s" : fmt::format("{}ms", d.count());
}

}  // namespace eidolon::config
