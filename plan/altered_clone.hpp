// What the clone and its neighbourhood show once the user's statements have run on them: reasons to refuse that would
// otherwise be met late.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <vector>

#include "plan/compose.hpp"
#include "plan/refusal.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

// In the transaction in which the clone stands; an objection may leave it aborted. Throws postgres::error.
boost::asio::awaitable<std::vector<refusal>> objections_to(postgres::connection& c, const composition& parts);

}  // namespace eidolon::plan
