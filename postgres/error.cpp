// The text of a failed statement: what the server said, then where.
#include "postgres/error.hpp"

#include <fmt/format.h>

namespace eidolon::postgres {

namespace {

// The statement itself is left out: it can be long, and stays available in info().
std::string describe(const statement_error::fields& f) {
  std::string text = f.message;
  if (!f.detail.empty()) text += fmt::format(" ({})", f.detail);
  if (!f.hint.empty()) text += fmt::format(" [hint: {}]", f.hint);
  if (!f.sqlstate.empty()) text += fmt::format(" (SQLSTATE {})", f.sqlstate);
  return text;
}

}  // namespace

statement_error::statement_error(fields f) : error{describe(f)}, fields_{std::move(f)} {}

}  // namespace eidolon::postgres
