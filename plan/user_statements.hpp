// The user's statements, run on the clone: what PostgreSQL makes of them is what the plan says.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "plan/alter_request.hpp"
#include "plan/compose.hpp"
#include "plan/plan.hpp"
#include "plan/shape.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

boost::asio::awaitable<std::uint32_t> oid_of(postgres::connection& c, std::string table);

// Strings with a backslash, where standard_conforming_strings is off for the daemon's role: natively the text would be
// read under that setting.
boost::asio::awaitable<std::vector<refusal>> refuse_backslashes(postgres::connection& c, const alter_request& request);

// Runs them as the table's owner, one by one, and notes what each did to the columns. texts: the request's statements,
// about the clone; before: the clone's shape. Throws postgres::statement_error with what PostgreSQL says.
boost::asio::awaitable<std::vector<stage>> run_statements(postgres::connection& c, alter_request request,
                                                          std::vector<std::string> texts, plan p, shape before);

}  // namespace eidolon::plan
