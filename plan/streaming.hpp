// The copy by COPY, out of one session and into another: when it may be used, and its two statements.
//
// COPY cannot run inside the function of as_owner.hpp, and what it evaluates (the user's USING, checks, generated
// columns, and what the planner folds: indexes, statistics) runs as the session's role. So it is used only where that
// role has no right that the owner has not. Values travel in their binary form, which must give back the very value.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <string>

#include "plan/plan.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

// Why the source's rows cannot be streamed; empty: they can. As of the open transaction's locks, or as advice.
boost::asio::awaitable<std::string> stream_obstacle(postgres::connection& c, const plan& p);

// The part of it that the mapping alone tells.
std::string stream_obstacle(const sync_direction& d);

// COPY of such rows (rows_where) out of `from`, and into `to`. A value that the alteration computes or retypes is sent
// as the new type without its modifier: whoever receives it applies that, and rejects what does not fit, as an
// assignment does, where a cast would cut it off.
std::string copy_out(const sync_direction& d, const std::string& rows);
std::string copy_in(const sync_direction& d);

}  // namespace eidolon::plan
