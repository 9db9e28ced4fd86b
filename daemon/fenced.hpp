// A transaction of the daemon that writes to the control schema: it begins with the fence, so
// that one of an earlier leader can change nothing.
#pragma once
#include <string>
#include <vector>

#include "plan/batch.hpp"
#include "postgres/pool.hpp"

namespace eidolon::daemon {

// Runs body(connection&), a coroutine, between BEGIN and COMMIT. Throws statement_error EI001 when the epoch is not the
// leader's, in_doubt, and what body throws.
template <class Body>
auto fenced(postgres::connection& session, plan::fence f, Body body)
    -> decltype(body(std::declval<postgres::connection&>())) {
  auto guarded = [f, &body](postgres::connection& c) -> decltype(body(c)) {
    co_await plan::check_fence(c, f);
    co_return co_await body(c);
  };
  const std::vector<std::string> no_further_locks;
  auto begin = plan::begin_batch(plan::isolation::read_committed, no_further_locks);
  co_return co_await postgres::in_transaction(session, std::move(begin), guarded);
}

// The same on a connection of the pool.
template <class Body>
auto fenced(postgres::pool& pool, std::string application_name, plan::fence f, Body body)
    -> decltype(body(std::declval<postgres::connection&>())) {
  auto lease = co_await pool.acquire(std::move(application_name));
  co_return co_await fenced(*lease, f, std::move(body));
}

}  // namespace eidolon::daemon
