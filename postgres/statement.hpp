// SQL text and its parameters.
//
// Text enters a statement either as a literal in the source code, from an embedded
// .sql file, or through raw(), the one name to look for when reviewing what is
// spliced into SQL. Values never enter the text: they travel as parameters.
#pragma once
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eidolon::postgres {

// SQL text that some builder has put together with the quoting of quoting.hpp.
struct raw_sql {
  std::string text;
};
inline raw_sql raw(std::string text) { return {std::move(text)}; }
inline raw_sql raw(std::string_view text) { return {std::string{text}}; }
inline raw_sql raw(const char* text) { return {std::string{text}}; }

// The statements as one script. A statement may end in a comment.
std::string script_of(const std::vector<std::string>& statements);

// A parameter in PostgreSQL's text format; nullopt is NULL.
using parameter = std::optional<std::string>;

parameter to_parameter(std::string_view value);
parameter to_parameter(bool value);
parameter to_parameter(std::int64_t value);
parameter to_parameter(double value);
parameter to_parameter(const std::vector<std::string>& value);   // an array literal, for text[]
parameter to_parameter(const std::vector<std::int64_t>& value);  // an array literal, for bigint[]
inline parameter to_parameter(const char* value) { return to_parameter(std::string_view{value}); }
inline parameter to_parameter(const std::string& value) { return to_parameter(std::string_view{value}); }
inline parameter to_parameter(std::nullopt_t) { return std::nullopt; }
template <std::integral T>
requires(!std::same_as<T, bool> && !std::same_as<T, std::int64_t>) parameter to_parameter(T value) {
  return to_parameter(static_cast<std::int64_t>(value));
}
template <class T>
parameter to_parameter(const std::optional<T>& value) {
  return value ? to_parameter(*value) : std::nullopt;
}

// One statement for the extended protocol. Parameters are $1, $2, …; write a cast
// ($1::bigint) wherever the server cannot infer the type.
struct statement {
  std::string text;
  std::vector<parameter> parameters;
};

template <class... Values>
statement sql(const char* text, const Values&... values) {
  return {text, {to_parameter(values)...}};
}
template <class... Values>
statement sql(raw_sql text, const Values&... values) {
  return {std::move(text.text), {to_parameter(values)...}};
}

}  // namespace eidolon::postgres
