// The client's commands: ask the daemon, print the answer.
#pragma once
#include "daemon/client/exit_status.hpp"
#include "daemon/client/options.hpp"

namespace eidolon::client {

// Every failure is told on stderr and becomes an exit status.
exit_status run(const options& o);

}  // namespace eidolon::client
