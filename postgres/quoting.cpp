// Names and values as SQL text. Pure: no connection is asked, so that SQL can be built
// and tested without a server; the results are right under every setting of
// standard_conforming_strings and backslash_quote.
#include "postgres/quoting.hpp"

#include <stdexcept>

namespace eidolon::postgres {

namespace {

// A zero byte ends the text on its way into libpq: what follows would be lost.
void require_no_zero_byte(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) throw std::invalid_argument{"SQL text cannot hold a zero byte"};
}

std::string wrap_doubling(std::string_view text, char quote, bool double_backslash) {
  std::string out{quote};
  for (char c : text) {
    if (c == quote || (double_backslash && c == '\\')) out += c;
    out += c;
  }
  return out += quote;
}

}  // namespace

std::string identifier(std::string_view name) {
  require_no_zero_byte(name);
  if (name.empty()) throw std::invalid_argument{"an identifier cannot be empty"};
  return wrap_doubling(name, '"', false);
}

std::string qualified(std::string_view schema, std::string_view name) {
  return identifier(schema) + '.' + identifier(name);
}

std::string literal(std::string_view value) {
  require_no_zero_byte(value);
  bool has_backslash = value.find('\\') != std::string_view::npos;
  return (has_backslash ? "E" : "") + wrap_doubling(value, '\'', has_backslash);
}

std::string identifiers(const std::vector<std::string>& names, std::string_view prefix) {
  std::string out;
  for (const auto& name : names) {
    if (!out.empty()) out += ", ";
    out.append(prefix).append(identifier(name));
  }
  return out;
}

std::string array_literal(const std::vector<std::string>& values) {
  std::string out{'{'};
  for (const auto& value : values) {
    require_no_zero_byte(value);
    if (out.size() > 1) out += ',';
    out += '"';
    for (char c : value) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out += '}';
}

}  // namespace eidolon::postgres
