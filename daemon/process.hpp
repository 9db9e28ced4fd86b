// The daemon as a process: service, API and signals on one thread.
#pragma once
#include "daemon/options.hpp"

namespace eidolon::daemon {

// Runs until SIGTERM or SIGINT; returns the exit status.
int run_daemon(const options& o);

// Removes what jobs of other databases left in the configured ones; returns the exit status.
int run_clean_orphans(const options& o);

}  // namespace eidolon::daemon
