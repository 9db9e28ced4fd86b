// Reads from the catalog what stands in for the tables around the source.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "plan/facts.hpp"
#include "plan/refusal.hpp"
#include "plan/stand_ins.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

// A shell for the table of this OID, unless there is one.
boost::asio::awaitable<void> add_shell(postgres::connection& c, stand_ins& s, std::uint32_t oid);

// Twins of the tables and views whose policies or rules mention the source. Two of one name cannot be told apart.
boost::asio::awaitable<std::vector<refusal>> add_twins(postgres::connection& c, const facts& f, stand_ins& s);

// What the user's statements made of the policies and rules on the twins.
boost::asio::awaitable<void> read_twins(postgres::connection& c, stand_ins& s);

}  // namespace eidolon::plan
