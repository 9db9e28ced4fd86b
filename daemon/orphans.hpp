// Removes what jobs left in a database that is a copy of theirs: restored from a dump, cloned, or a copy of the whole
// server.
#pragma once
#include <boost/asio/awaitable.hpp>

#include "config/daemon_config.hpp"

namespace eidolon::daemon {

// A physical copy (a base backup, a snapshot of the disk) has the identity of its original, as a promoted standby has,
// and nothing in it tells which one it is: its jobs are its own. `all` is for whoever knows better; jobs that have
// ended stay.
enum class which_jobs { of_other_databases, all };

// Of each such job: its trigger functions become no-ops, its triggers are dropped, then its tables, functions and
// schemas (RESTRICT: whatever else depends on them stops it) together with its record; each in a transaction of its
// own, which is tried again where others hold a lock that it needs. What is left to be done by hand, and which jobs
// stay, is logged. Throws postgres::error, and std::runtime_error when a daemon leads this database or somebody keeps
// his lock.
boost::asio::awaitable<void> clean_orphans(config::database_config d, which_jobs which);

}  // namespace eidolon::daemon
