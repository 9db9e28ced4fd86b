// Sizes as PostgreSQL writes them in its settings: a number and a unit, each 1024 times the one before. Read are the
// other ways of writing the same unit, too: "10 GiB", "10g".
#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cmath>
#include <utility>

#include "config/daemon_config.hpp"
#include "config/quantity.hpp"

namespace eidolon::config {
namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{{{"TB", std::int64_t{1} << 40},
                                                                          {"GB", std::int64_t{1} << 30},
                                                                          {"MB", std::int64_t{1} << 20},
                                                                          {"kB", std::int64_t{1} << 10},
                                                                          {"B", 1}}};

std::optional<std::int64_t> bytes_of(std::string_view unit) {
  if (unit == "B" || unit == "b") return 1;
  if (unit.ends_with('B') || unit.ends_with('b')) unit.remove_suffix(1);
  if (unit.ends_with('i') || unit.ends_with('I')) unit.remove_suffix(1);
  if (unit.size() != 1) return std::nullopt;
  const auto letter = std::tolower(static_cast<unsigned char>(unit.front()));
  for (const auto& [name, bytes] : units)
    if (name.size() == 2 && std::tolower(static_cast<unsigned char>(name.front())) == letter) return bytes;
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_size(std::string_view text) {
  const auto q = take_quantity(text);
  if (!q || !text.empty()) return std::nullopt;
  if (q->unit.empty()) return q->amount == 0 ? std::optional{std::int64_t{0}} : std::nullopt;
  const auto unit = bytes_of(q->unit);
  if (!unit) return std::nullopt;
  const double exact = q->amount * static_cast<double>(*unit);
  const bool divides_a_byte = *unit == 1 && exact != std::floor(exact);
  if (exact > 1e18 || divides_a_byte) return std::nullopt;
  return std::llround(exact);
}

std::string size_text(std::int64_t bytes) {
  for (const auto& [unit, factor] : units)
    if (bytes != 0 && bytes % factor == 0) return fmt::format("{}{}", bytes / factor, unit);
  return "0";
}

}  // namespace eidolon::config
