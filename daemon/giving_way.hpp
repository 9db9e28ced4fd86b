// Statements of any length under locks that the application may want: they are broken off when somebody comes to wait
// behind them, for everybody else would wait behind him.
#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "copier/phases.hpp"
#include "daemon/job_context.hpp"

namespace eidolon::daemon {

// Who waits for a lock behind one of the daemon's sessions.
struct waiter {
  std::string who;                    // and for what: "pid 4711 (migrate) waits for ACCESS EXCLUSIVE on app.t"
  std::chrono::microseconds waits{};  // until then
  clock::time_point seen{};
};

// Returns when somebody does, or stop() says so. Looks ten times a second; a look that fails is passed over.
asio::awaitable<void> until_somebody_waits_behind(postgres::pool& control, int backend_pid,
                                                  std::optional<waiter>& found, std::function<bool()> stop = {});

// Runs a transaction in a session of the job's, named by the activity, when nothing holds the job back; begins it anew,
// after growing pauses, as often as somebody comes to wait behind it, or it waits for a lock for longer than its own
// lock_timeout. Each time is an attempt, recorded and limited like one at a lock: purpose is what it is called by.
// Throws gave_way when the job is paused meanwhile, and what the transaction does.
asio::awaitable<void> run_giving_way(job_context& job, std::string activity, std::string purpose,
                                     copier::long_transaction work);

}  // namespace eidolon::daemon
