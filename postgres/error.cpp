// The text of a failed statement: what the server said, then where.
#include "postgres/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace eidolon::postgres {

namespace {

// The statement itself is left out: it can be long, and stays available in info().
std::string describe(const statement_error::fields& f) {
  std::string text = f.message;
  auto end = std::back_inserter(text);
  if (!f.detail.empty()) fmt::format_to(end, " ({})", f.detail);
  if (!f.hint.empty()) fmt::format_to(end, " [hint: {}]", f.hint);
  if (!f.sqlstate.empty()) fmt::format_to(end, " (SQLSTATE {})", f.sqlstate);
  return text;
}

}  // namespace

statement_error::statement_error(fields f) : error{describe(f)}, fields_{std::move(f)} {}

bool may_pass(const statement_error& e) {
  static constexpr auto classes = std::to_array<std::string_view>({"08", "25", "40", "53", "57", "58", "EI", "XX"});
  return std::find(classes.begin(), classes.end(), e.sqlstate().substr(0, 2)) != classes.end();
}

}  // namespace eidolon::postgres
