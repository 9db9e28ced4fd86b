// The daemon's command line: a configuration file, or flags in its place.
#pragma once
#include <optional>
#include <string>

#include "config/daemon_config.hpp"

namespace eidolon::daemon {

struct options {
  std::string config_file;  // empty: the configuration came from flags
  config::daemon_config config;
  bool check_config{};
  bool clean_orphans{};
};

// What the command line asks for. No value: the program ends with exit_code, and `output` and
// `errors` are what it has to say.
struct parsed_options {
  std::optional<options> value;
  int exit_code{};
  std::string output, errors;
};
parsed_options parse_options(int argc, const char* const* argv);

// Reads the file again; one line per error, "FILE:LINE: sentence".
config::parsed_config read_configuration(const std::string& file);
std::string to_text(const std::vector<config::config_error>& errors);

}  // namespace eidolon::daemon
