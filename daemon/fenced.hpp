// A transaction of the daemon that writes to the control schema, on a connection of the pool: it begins with the fence,
// so that one of an earlier leader can change nothing.
#pragma once
#include <string>

#include "plan/batch.hpp"
#include "postgres/pool.hpp"

namespace eidolon::daemon {

using plan::fenced;

// What plan::fenced says, on a lease.
template <class Body>
auto fenced(postgres::pool& pool, std::string application_name, plan::fence f, Body body)
    -> decltype(body(std::declval<postgres::connection&>())) {
  auto lease = co_await pool.acquire(std::move(application_name));
  co_return co_await plan::fenced(*lease, f, std::move(body));
}

}  // namespace eidolon::daemon
