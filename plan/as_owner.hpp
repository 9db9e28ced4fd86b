// Running what holds the owner's or the user's expressions: defaults, checks, generated columns, USING.
//
// SET ROLE is no boundary, because an expression may call a function that resets the role and is the
// daemon's again. Such text runs inside a SECURITY DEFINER function that belongs to the table's owner:
// there PostgreSQL forbids to change the role. But the owner of a function may also alter it, and a
// SECURITY INVOKER function runs as the daemon: so it is made anew for every call, and dropped after it. While it
// exists, nobody else sees it. What the text may do to the session's search_path is undone before the daemon's next
// statement.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "plan/plan.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

// A search_path of pg_catalog and the trusted schemas of the daemon's own path (sql/trusted_path.sql):
// functions that PostgreSQL inlines are read again under the path of whoever plans. Leaves search_path = pg_catalog.
boost::asio::awaitable<std::string> path_for(postgres::connection& c, std::string search_path, std::string owner);

// Both: the job's schema exists, and the owner may create in it. Names and operators are found under
// p.forward.operator_path, for another role under the path for it.

// One or several statements; the rows that the last one processed.
boost::asio::awaitable<std::int64_t> run_as_owner(postgres::connection& c, const plan& p, std::string text);

// The same as another role, on behalf of whom something is done that only its own expressions can spoil.
boost::asio::awaitable<std::int64_t> run_as(postgres::connection& c, const plan& p, std::string owner, std::string text);

// A query; columns is its column definition list ("n bigint, example text").
boost::asio::awaitable<postgres::result> ask_as_owner(postgres::connection& c, const plan& p, std::string query,
                                                      std::string columns);

}  // namespace eidolon::plan
