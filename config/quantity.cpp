#include "config/quantity.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

namespace eidolon::config {
namespace {

void skip_spaces(std::string_view& text) { text.remove_prefix(std::min(text.find_first_not_of(' '), text.size())); }

}  // namespace

std::optional<quantity> take_quantity(std::string_view& text) {
  quantity q;
  skip_spaces(text);
  const auto [rest, error] =
      std::from_chars(text.data(), text.data() + text.size(), q.amount, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(q.amount) || text.front() == '-') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  skip_spaces(text);
  const auto* const end =
      std::find_if_not(text.begin(), text.end(), [](unsigned char c) { return std::isalpha(c) != 0; });
  q.unit = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(q.unit.size());
  skip_spaces(text);
  return q;
}

}  // namespace eidolon::config
