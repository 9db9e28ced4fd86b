// How much there is behind a block of a table: phases that step by blocks or keys begin with smaller steps where rows
// are large and their values stored out of line (TOAST).
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "plan/plan.hpp"
#include "postgres/connection.hpp"

namespace eidolon::copier {

// Bytes of the source, with what is stored out of line, for each of its heap blocks' bytes: 1 or more.
boost::asio::awaitable<double> weight_of_rows(postgres::connection& c, const plan::plan& p);

// How many blocks the main fork of a table has. relation: qualified and quoted.
boost::asio::awaitable<std::int64_t> blocks_of(postgres::connection& c, std::string relation);

}  // namespace eidolon::copier
