// The daemon's command line: a configuration file, or flags in its place.
#pragma once
#include <optional>
#include <string>

#include "config/daemon_config.hpp"

namespace eidolon::daemon {

struct options {
  std::string config_file;                  // empty: the configuration came from flags
  std::optional<std::string> socket, http;  // flags that hold whatever the file says, also when it is read again
  config::daemon_config config;
  bool check_config{};
  bool clean_orphans{};
  bool all_jobs{};  // of which clean_orphans removes what they left
};

// What the command line asks for. No value: the program ends with exit_code, and `output` and
// `errors` are what it has to say.
struct parsed_options {
  std::optional<options> value;
  int exit_code{};
  std::string output, errors;
};
parsed_options parse_options(int argc, const char* const* argv);

// Reads the file, under the flags that were given with it; one line per error, "FILE:LINE: sentence".
config::parsed_config read_configuration(const options& o);
std::string to_text(const std::vector<config::config_error>& errors);

}  // namespace eidolon::daemon
