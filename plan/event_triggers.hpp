// The application's event triggers fire for what the daemon creates and drops. Those that change or forbid it are found
// out while it is tried.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <vector>

#include "plan/facts.hpp"
#include "plan/plan.hpp"
#include "plan/refusal.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

// What they have given to the clone, which has just been created and has nothing hanging on it yet: the new table would
// keep it. Throws postgres::error.
boost::asio::awaitable<std::vector<refusal>> refuse_dressed_clone(postgres::connection& c, const facts& f,
                                                                  const plan& p);

// Whether they let the daemon drop what it made: the clone, which nothing hangs on yet. The transaction is aborted
// where they do not. Throws postgres::error.
boost::asio::awaitable<std::vector<refusal>> refuse_guarded_drops(postgres::connection& c, const plan& p);

}  // namespace eidolon::plan
