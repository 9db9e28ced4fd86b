// The rows that a statement returned. Owns libpq's PGresult; a row refers into it.
#pragma once
#include <charconv>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

struct pg_result;

namespace eidolon::postgres {

class result;

// A row was asked for that the result has not.
class no_such_row : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A value was asked for where the result has NULL.
class no_such_value : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Conversion from the text format; throws std::runtime_error when the text does not fit.
template <class T>
T from_text(std::string_view text);
template <>
std::string from_text<std::string>(std::string_view);
template <>
std::string_view from_text<std::string_view>(std::string_view);  // valid as long as the result
template <>
bool from_text<bool>(std::string_view);
template <>
int from_text<int>(std::string_view);
template <>
std::int64_t from_text<std::int64_t>(std::string_view);
template <>
std::uint32_t from_text<std::uint32_t>(std::string_view);
template <>
std::uint64_t from_text<std::uint64_t>(std::string_view);
template <>
double from_text<double>(std::string_view);
template <>
char from_text<char>(std::string_view);  // "char"; an empty value is '\0'
template <>
std::vector<std::string> from_text<std::vector<std::string>>(std::string_view);  // a one-dimensional array literal

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

class row {
 public:
  row(const result& r, int index) : result_{&r}, index_{index} {}

  bool is_null(std::string_view column) const;
  // The value of a column, by name. A NULL in a column that is not asked for as
  // std::optional is an error (no_such_value), as is an unknown column (std::runtime_error); no_such_row where there is
  // no such row.
  template <class T>
  T get(std::string_view column) const {
    if constexpr (is_optional<T>::value) {
      if (is_null(column)) return std::nullopt;
      return from_text<typename T::value_type>(text(column));
    } else {
      return from_text<T>(text(column));
    }
  }

 private:
  std::string_view text(std::string_view column) const;
  const result* result_;
  int index_;
};

class result {
 public:
  result() = default;
  explicit result(pg_result* r);

  int size() const;
  bool empty() const { return size() == 0; }
  row operator[](int index) const { return {*this, index}; }
  row front() const { return {*this, 0}; }
  std::int64_t affected_rows() const;  // of INSERT, UPDATE, DELETE, SELECT; 0 for others

  class iterator {
   public:
    iterator(const result& r, int index) : result_{&r}, index_{index} {}
    row operator*() const { return {*result_, index_}; }
    iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator!=(const iterator& other) const { return index_ != other.index_; }

   private:
    const result* result_;
    int index_;
  };
  iterator begin() const { return {*this, 0}; }
  iterator end() const { return {*this, size()}; }

 private:
  friend class row;
  std::shared_ptr<pg_result> native_;
};

}  // namespace eidolon::postgres
