// Rows and the text format of their values.
#include "postgres/result.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <limits>

#include "postgres/array_reader.hpp"

namespace eidolon::postgres {

namespace {

[[noreturn]] void does_not_fit(std::string_view text, std::string_view type) {
  throw std::runtime_error{fmt::format("\"{}\" is not a value of type {}", text, type)};
}

template <class T>
T number(std::string_view text, std::string_view type) {
  T value{};
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) does_not_fit(text, type);
  return value;
}

}  // namespace

template <>
std::string from_text<std::string>(std::string_view text) {
  return std::string{text};
}

template <>
std::string_view from_text<std::string_view>(std::string_view text) {
  return text;
}

template <>
bool from_text<bool>(std::string_view text) {
  if (text == "t") return true;
  if (text == "f") return false;
  does_not_fit(text, "boolean");
}

template <>
int from_text<int>(std::string_view text) {
  return number<int>(text, "integer");
}

template <>
std::int64_t from_text<std::int64_t>(std::string_view text) {
  return number<std::int64_t>(text, "bigint");
}

template <>
std::uint32_t from_text<std::uint32_t>(std::string_view text) {
  return number<std::uint32_t>(text, "unsigned integer of 32 bits");
}

template <>
std::uint64_t from_text<std::uint64_t>(std::string_view text) {
  return number<std::uint64_t>(text, "unsigned integer of 64 bits");
}

template <>
double from_text<double>(std::string_view text) {
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return number<double>(text, "double precision");
}

template <>
char from_text<char>(std::string_view text) {
  if (text.size() > 1) does_not_fit(text, "\"char\"");
  return text.empty() ? '\0' : text.front();
}

template <>
std::vector<std::string> from_text<std::vector<std::string>>(std::string_view text) {
  return array_reader{text}.read();
}

result::result(pg_result* r) : native_{r, &PQclear} {}

int result::size() const { return native_ ? PQntuples(native_.get()) : 0; }

std::int64_t result::affected_rows() const {
  std::string_view text = native_ ? PQcmdTuples(native_.get()) : "";
  return text.empty() ? 0 : from_text<std::int64_t>(text);
}

namespace {

// Exact names: PQfnumber would fold upper case.
int column_index(const pg_result* r, std::string_view name) {
  int count = r ? PQnfields(r) : 0;
  for (int i = 0; i < count; ++i) {
    if (name == PQfname(r, i)) return i;
  }
  throw std::runtime_error{fmt::format("the result has no column \"{}\"", name)};
}

}  // namespace

bool row::is_null(std::string_view column) const {
  const auto* r = result_->native_.get();
  int index = column_index(r, column);
  if (index_ < 0 || index_ >= PQntuples(r)) throw no_such_row{fmt::format("the result has no row {}", index_)};
  return PQgetisnull(r, index_, index) != 0;
}

std::string_view row::text(std::string_view column) const {
  if (is_null(column)) throw no_such_value{fmt::format("column \"{}\" is null", column)};
  const auto* r = result_->native_.get();
  int index = column_index(r, column);
  return {PQgetvalue(r, index_, index), static_cast<std::size_t>(PQgetlength(r, index_, index))};
}

}  // namespace eidolon::postgres
