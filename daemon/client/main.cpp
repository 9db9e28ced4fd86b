// eidolon: the command-line client of the daemon.
#include <cstdio>

#include "daemon/client/commands.hpp"
#include "daemon/client/options.hpp"

int main(int argc, char** argv) {
  const auto parsed = eidolon::client::parse_options(argc, argv);
  if (!parsed.chosen) return parsed.exit_status;
  const auto status = eidolon::client::run(*parsed.chosen);
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return static_cast<int>(status);
  std::fputs("eidolon: the answer could not be written\n", stderr);
  return static_cast<int>(eidolon::client::exit_status::failed);
}
