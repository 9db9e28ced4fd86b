// The sync triggers of a job as the catalog knows them, on whatever table they are by now.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "postgres/connection.hpp"

namespace eidolon::cutover {

// DROP TRIGGER statements.
boost::asio::awaitable<std::vector<std::string>> drops_of_triggers(postgres::connection& c, const plan::plan& p);

}  // namespace eidolon::cutover
