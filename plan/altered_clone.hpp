// What the clone and its neighbourhood show once the user's statements have run on them: reasons to refuse that would
// otherwise be met late.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <vector>

#include "plan/compose.hpp"
#include "plan/facts.hpp"
#include "plan/neighbourhood.hpp"
#include "plan/refusal.hpp"
#include "plan/stand_ins.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

struct altered_clone {
  const facts& source;
  const stand_ins& stand;  // its twins as they are after the statements
  const std::vector<stage>& stages;
  const neighbourhood& after;
};

// In the transaction in which the clone stands; an objection may leave it aborted. Throws postgres::error.
boost::asio::awaitable<std::vector<refusal>> objections_to(postgres::connection& c, altered_clone a);

}  // namespace eidolon::plan
