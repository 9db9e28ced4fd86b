// Removes what jobs of another database left in this one, which is a restored or cloned copy of it.
#pragma once
#include <boost/asio/awaitable.hpp>

#include "config/daemon_config.hpp"

namespace eidolon::daemon {

// Triggers first, then tables, functions and schemas of each such job (RESTRICT: whatever else depends
// on them stops it), then its record; one transaction per job. Jobs of this very database are not touched.
// Throws postgres::error, and std::runtime_error when a daemon leads this database.
boost::asio::awaitable<void> clean_orphans(config::database_config d);

}  // namespace eidolon::daemon
