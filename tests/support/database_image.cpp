#include "database_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "case_directory.hpp"

namespace eidolon::test {
namespace {

constexpr std::size_t longest_line = 300, most_lines = 20;

// Rows are in no particular order in a table; between COPY and \. they are sorted.
database_image sorted_dump(const std::string& dump) {
  database_image lines;
  std::istringstream in{dump};
  std::size_t rows_begin = 0;
  bool in_rows = false;
  for (std::string line; std::getline(in, line);) {
    if (in_rows && line == "\\.") {
      std::sort(lines.begin() + static_cast<std::ptrdiff_t>(rows_begin), lines.end());
      in_rows = false;
    }
    // pg_dump of newer minor versions guards its output with a random key.
    if (line.starts_with("\\restrict") || line.starts_with("\\unrestrict")) continue;
    lines.push_back(line);
    if (line.starts_with("COPY ") && line.ends_with("FROM stdin;")) {
      in_rows = true;
      rows_begin = lines.size();
    }
  }
  return lines;
}

std::string catalog_query() {
  std::ifstream in{cases_directory() / "catalog.sql"};
  return (std::ostringstream{} << in.rdbuf()).str();
}

}  // namespace

database_image image_of(const cluster& server, const std::string& database, const std::string& without) {
  std::vector<std::string> arguments{"--exclude-schema=eidolon"};
  if (!without.empty()) arguments.push_back("--exclude-schema=" + without);
  auto lines = sorted_dump(server.pg_dump(database, arguments));
  session s{server.conninfo(database)};
  s.sql(fmt::format("SET test.without = {}", s.literal(without)));
  for (const auto& row : s.sql(catalog_query())) lines.push_back("catalog: " + row.front().value_or("NULL"));
  return lines;
}

std::string difference(const database_image& expected, const database_image& found) {
  if (expected == found) return {};
  std::map<std::string, int> count;
  for (const auto& line : expected) ++count[line];
  for (const auto& line : found) --count[line];
  std::string text;
  std::size_t lines = 0;
  for (const auto& [line, n] : count) {
    if (n == 0 || ++lines > most_lines) continue;
    text += fmt::format("{} {}\n", n > 0 ? "missing:   " : "unexpected:", line.substr(0, longest_line));
  }
  return text.empty() ? "the same lines in another order" : text;
}

}  // namespace eidolon::test
