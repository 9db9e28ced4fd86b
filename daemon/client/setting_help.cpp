#include "daemon/client/setting_help.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "config/setting_table.hpp"
#include "daemon/client/job_reader.hpp"

namespace eidolon::client {
namespace {

constexpr std::size_t line_width = 79;
constexpr std::string_view indent = "    ";

std::string default_of(const config::setting& s) {
  const auto text = text_at(s.format({}), "");
  return text.empty() ? "\"\"" : text;
}

std::string_view first_sentence(std::string_view text) {
  return text.substr(0, std::min(text.find(". "), text.size() - 1) + 1);
}

// In lines of whole words, each behind the indentation.
std::string wrapped(std::string_view text) {
  const auto room = line_width - indent.size();
  std::string lines;
  while (text.size() > room) {
    const auto space = text.rfind(' ', room);
    if (space == std::string_view::npos) break;
    lines += fmt::format("{}{}\n", indent, text.substr(0, space));
    text.remove_prefix(space + 1);
  }
  return lines + fmt::format("{}{}\n", indent, text);
}

}  // namespace

std::string setting_help() {
  std::string text =
      fmt::format("Settings, with their defaults where the daemon's file has no others:\n  {:<23}  {:<7} {}\n", "NAME",
                  "DEFAULT", "VALUES");
  for (const auto& s : config::setting_table())
    text += fmt::format("  {:<23}  {:<7} {}\n", s.name, default_of(s), s.expects) + wrapped(first_sentence(s.meaning));
  return text + "Durations: 250ms, 2s, 5m, 24h, 1m30s. Sizes: 64MB, 10GB, 1.5GB.\n";
}

}  // namespace eidolon::client
