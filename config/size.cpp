// Sizes as PostgreSQL writes them in its settings: a number and a unit, each 1024 times the one before.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "config/daemon_config.hpp"

namespace eidolon::config {
namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{{{"TB", std::int64_t{1} << 40},
                                                                          {"GB", std::int64_t{1} << 30},
                                                                          {"MB", std::int64_t{1} << 20},
                                                                          {"kB", std::int64_t{1} << 10},
                                                                          {"B", 1}}};

}  // namespace

std::optional<std::int64_t> parse_size(std::string_view text) {
  double amount{};
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, amount, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(amount) || amount < 0 || text.front() == '-') return std::nullopt;
  const std::string_view name{rest, static_cast<std::size_t>(end - rest)};
  if (name.empty() && amount == 0) return 0;
  for (const auto& [unit, bytes] : units) {
    if (unit != name) continue;
    const double exact = amount * static_cast<double>(bytes);
    if (exact > 1e18 || exact != std::floor(exact)) return std::nullopt;
    return static_cast<std::int64_t>(exact);
  }
  return std::nullopt;
}

std::string size_text(std::int64_t bytes) {
  for (const auto& [unit, factor] : units)
    if (bytes != 0 && bytes % factor == 0) return fmt::format("{}{}", bytes / factor, unit);
  return "0";
}

}  // namespace eidolon::config
