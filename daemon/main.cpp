// eidolond: the daemon.
#include <exception>
#include <iostream>

#include "daemon/options.hpp"
#include "daemon/process.hpp"

int main(int argc, char** argv) {
  using namespace eidolon;
  try {
    const auto parsed = daemon::parse_options(argc, argv);
    std::cout << parsed.output << std::flush;
    std::cerr << parsed.errors << std::flush;
    if (!parsed.value) return parsed.exit_code;
    return parsed.value->clean_orphans ? daemon::run_clean_orphans(*parsed.value) : daemon::run_daemon(*parsed.value);
  } catch (const std::exception& e) {
    std::cerr << "eidolond: " << e.what() << '\n';
    return 1;
  }
}
