// eidolon: the command-line client of the daemon.
#include "daemon/client/commands.hpp"
#include "daemon/client/options.hpp"

int main(int argc, char** argv) {
  const auto parsed = eidolon::client::parse_options(argc, argv);
  if (!parsed.chosen) return parsed.exit_status;
  return static_cast<int>(eidolon::client::run(*parsed.chosen));
}
