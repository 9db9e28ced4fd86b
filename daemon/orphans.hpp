// Removes what jobs of another database left in this one, which is a restored or cloned copy of it.
#pragma once
#include <boost/asio/awaitable.hpp>

#include "config/daemon_config.hpp"

namespace eidolon::daemon {

// Of each such job: its trigger functions become no-ops, its triggers are dropped, then its tables, functions and
// schemas (RESTRICT: whatever else depends on them stops it) together with its record; each in a transaction of its
// own, which is tried again where others hold a lock that it needs. Jobs of this very database are not touched. Throws
// postgres::error, and std::runtime_error when a daemon leads this database or somebody keeps his lock.
boost::asio::awaitable<void> clean_orphans(config::database_config d);

}  // namespace eidolon::daemon
