// Durations as people write them in settings: numbers with units, which add up.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "config/daemon_config.hpp"
#include "config/quantity.hpp"

namespace eidolon::config {
namespace {

struct unit {
  std::string_view name;
  std::int64_t milliseconds;
};
constexpr std::array<unit, 6> units{
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}, {"min", 60'000}}};

// Past this a duration is a mistake, and arithmetic with clocks could overflow.
constexpr std::int64_t longest = std::int64_t{100} * 365 * 86'400'000;

std::optional<double> milliseconds_of(const quantity& q) {
  if (q.unit.empty() && q.amount == 0) return 0;
  for (const auto& u : units)
    if (u.name == q.unit) return q.amount * static_cast<double>(u.milliseconds);
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  double sum = 0;
  do {
    const auto part = take_quantity(text);
    const auto milliseconds = part ? milliseconds_of(*part) : std::nullopt;
    if (!milliseconds) return std::nullopt;
    sum += *milliseconds;
  } while (!text.empty());
  const double whole = std::round(sum);
  if (whole > static_cast<double>(longest) || std::abs(sum - whole) > 1e-6) return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::int64_t>(whole)};
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
