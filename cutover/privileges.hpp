// Grants, read after the move, so that a GRANT that came just before it is not lost.
#pragma once
#include <boost/asio/awaitable.hpp>

#include "plan/plan.hpp"
#include "postgres/connection.hpp"

namespace eidolon::cutover {

// Gives the new table, its columns and identity sequences the privileges of the old ones; the swap has
// been made in the open transaction.
boost::asio::awaitable<void> hand_over_privileges(postgres::connection& c, const plan::plan& p);

// Statements (column "statement") that give a table the source's privileges; what hand_over_privileges asks.
boost::asio::awaitable<postgres::result> read_privileges(postgres::connection& c, const plan::plan& p,
                                                         std::uint32_t new_table);

}  // namespace eidolon::cutover
