// The daemon's configuration: a TOML file, or the command line without one.
#pragma once
#include <boost/json/object.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "config/window.hpp"

namespace eidolon::config {

struct database_config {
  std::string name;
  std::string dsn;                    // libpq conninfo
  std::vector<std::string> replicas;  // libpq conninfo each
  std::vector<window> windows{};      // its calm hours
  friend bool operator==(const database_config&, const database_config&) = default;
};

struct daemon_config {
  std::string socket{"/run/eidolon/eidolon.sock"};
  unsigned socket_mode{0660};
  std::string http{"127.0.0.1:9187"};  // HOST:PORT, or :PORT of all addresses; empty: off
  std::string log_level{"info"};       // trace, debug, info, warning, error
  std::string log_format{"text"};      // text, json
  std::vector<database_config> databases;
  job_settings defaults;
};

struct config_error {
  std::string file;
  unsigned line{};  // 0: the file as a whole
  std::string message;
};

// Why a connection string cannot be used; empty: it can. What reads it is not known here.
using conninfo_check = std::function<std::string(const std::string& conninfo)>;

// All errors at once. A config is returned only when there are none.
struct parsed_config {
  daemon_config config;
  std::vector<config_error> errors;
};
parsed_config parse_config(std::string_view toml_text, const std::string& file_name, const conninfo_check& check = {});
parsed_config read_config(const std::filesystem::path& file, const conninfo_check& check = {});

// "250ms", "2s", "5m" or "5min", "24h", "1d", "1m30s", "0s" (a bare 0 too). nullopt when it is none.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::string to_string(std::chrono::milliseconds d);  // the shortest of the same: "1500ms", "2s", "24h"

// "64kB", "512MB", "10GB", "0": as in postgresql.conf, where 1kB is 1024 bytes; "1.5 GiB" and "64m" likewise, to the
// nearest byte. nullopt when it is none.
std::optional<std::int64_t> parse_size(std::string_view text);
std::string size_text(std::int64_t bytes);  // the shortest of the same, as PostgreSQL writes it

// Job settings by their names in setting_table.cpp, as JSON: durations as strings, numbers as
// numbers or as strings ("0.5": what --set sends), levels as text or as objects. Returns one sentence per unknown name
// or impossible value; `into` is changed only when there is none.
std::vector<std::string> apply_settings(const boost::json::object& from, job_settings& into);
boost::json::object to_json(const job_settings& s);

}  // namespace eidolon::config
