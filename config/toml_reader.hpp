// Walks one TOML table: takes each known key with its type, and reports what is left over.
#pragma once
#include <toml++/toml.h>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "config/daemon_config.hpp"

namespace eidolon::config {

class error_list {
 public:
  explicit error_list(std::string file) : file_{std::move(file)} {}
  void add(const toml::node* where, std::string message) {
    add(where ? where->source() : toml::source_region{}, std::move(message));
  }
  void add(const toml::source_region& where, std::string message) {
    errors_.push_back({file_, where.begin.line, std::move(message)});
  }
  std::vector<config_error> take();  // in the order of their lines

 private:
  std::string file_;
  std::vector<config_error> errors_;
};

class table_reader {
 public:
  // `title` is how messages name the table: "[listen]"; empty for the file's top level.
  table_reader(const toml::table& table, std::string title, error_list& errors)
      : table_{table}, title_{std::move(title)}, errors_{errors} {}

  // Each returns the key's node when it is there and of that type; anything else is reported.
  const toml::value<std::string>* string(std::string_view key);
  const toml::array* array(std::string_view key);
  const toml::array* tables(std::string_view key);  // [[key]]
  const toml::table* table(std::string_view key);
  const toml::node* any(std::string_view key);

  void report_unknown_keys();
  const toml::table& native() const { return table_; }

 private:
  template <typename Node>
  const Node* typed(std::string_view key, std::string_view expected);
  std::string named(std::string_view key) const;

  const toml::table& table_;
  std::string title_;
  error_list& errors_;
  std::vector<std::string> known_;
};

// A scalar, or a table of them, as the JSON that a setting is read from; arrays and dates become null, which none
// takes.
boost::json::value to_json(const toml::node& node);

}  // namespace eidolon::config
