// The client's command line.
#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace eidolon::client {

struct options {
  std::string socket{"/run/eidolon/eidolon.sock"};
  bool json{};
  std::string command;

  // submit and plan
  std::string table, alter, database;
  std::optional<std::string> name;
  bool postpone_cutover{};
  bool watch{};

  boost::json::object settings;   // submit, plan and set
  std::int64_t id{};              // of a job: all others but list
  std::string replica;            // forget-replica
  bool follow{};                  // events
  std::string state;              // wait; empty: an end
  std::optional<double> timeout;  // wait, in seconds
};

struct parsed_options {
  std::optional<options> chosen;
  int exit_status{};  // when nothing is chosen: help was given (0), or the usage is wrong (2)
};

// Help goes to stdout, what is wrong to stderr. --file is read here.
parsed_options parse_options(int argc, const char* const* argv);

}  // namespace eidolon::client
