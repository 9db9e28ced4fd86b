// Reads the text format of a one-dimensional array: {a,"b c",NULL}.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace eidolon::postgres {

class array_reader {
 public:
  explicit array_reader(std::string_view text) : whole_{text}, rest_{text} {}

  // The elements. A null element, a nested array or a malformed text is an error
  // (std::runtime_error): none of the three can be told in a vector of strings.
  std::vector<std::string> read() {
    skip_bounds();
    expect('{');
    std::vector<std::string> values;
    if (!rest_.starts_with('}')) {
      values.push_back(element());
      while (rest_.starts_with(',')) {
        rest_.remove_prefix(1);
        values.push_back(element());
      }
    }
    expect('}');
    if (!rest_.empty()) fail();
    return values;
  }

 private:
  [[noreturn]] void fail() const {
    throw std::runtime_error{"\"" + std::string{whole_} + "\" is not a one-dimensional array without nulls"};
  }

  char next() {
    if (rest_.empty()) fail();
    char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  void expect(char c) {
    if (next() != c) fail();
  }

  // Bounds that do not begin at 1 are written in front: [0:1]={a,b}.
  void skip_bounds() {
    if (!rest_.starts_with('[')) return;
    auto end = rest_.find('=');
    if (end == std::string_view::npos) fail();
    rest_.remove_prefix(end + 1);
  }

  std::string element() { return rest_.starts_with('"') ? quoted() : plain(); }

  std::string quoted() {
    std::string value;
    next();
    for (char c = next(); c != '"'; c = next()) value += c == '\\' ? next() : c;
    return value;
  }

  std::string plain() {
    std::string value;
    while (!rest_.empty() && rest_.front() != ',' && rest_.front() != '}') {
      char c = next();
      if (c == '{' || c == '"') fail();
      value += c == '\\' ? next() : c;
    }
    if (value.empty() || value == "NULL") fail();
    return value;
  }

  std::string_view whole_, rest_;
};

}  // namespace eidolon::postgres
