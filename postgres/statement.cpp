// Parameters in PostgreSQL's text format.
#include "postgres/statement.hpp"

#include <fmt/format.h>

#include <cmath>

#include "postgres/quoting.hpp"

namespace eidolon::postgres {

std::string script_of(const std::vector<std::string>& statements) {
  std::string text;
  for (const auto& s : statements) text += s + "\n;\n";
  return text;
}

parameter to_parameter(std::string_view value) { return std::string{value}; }

parameter to_parameter(bool value) { return std::string{value ? "t" : "f"}; }

parameter to_parameter(std::int64_t value) { return std::to_string(value); }

// The shortest text that reads back as the same double; not a number and infinity by
// PostgreSQL's names.
parameter to_parameter(double value) {
  if (std::isnan(value)) return std::string{"NaN"};
  if (std::isinf(value)) return std::string{value < 0 ? "-Infinity" : "Infinity"};
  return fmt::format("{}", value);
}

parameter to_parameter(const std::vector<std::string>& value) { return array_literal(value); }

parameter to_parameter(const std::vector<std::int64_t>& value) { return fmt::format("{{{}}}", fmt::join(value, ",")); }

}  // namespace eidolon::postgres
