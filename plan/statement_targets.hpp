// The user's statements, about the clone and the stand-ins in place of the tables that they name.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan/alter_request.hpp"
#include "plan/facts.hpp"
#include "plan/plan.hpp"
#include "plan/refusal.hpp"
#include "plan/stand_ins.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

// A name with a schema is looked up in the catalog, which can be read whatever the role may do in that schema; one
// without is what the search_path finds. nullopt: there is none. Leaves search_path = pg_catalog.
boost::asio::awaitable<std::optional<std::uint32_t>> find_table(postgres::connection& c, table_reference t,
                                                                std::string search_path);

struct target {
  std::vector<std::string> statements;
  std::vector<refusal> no;
};

// The user's statements about the clone and the shells. A foreign key to a table that cannot be referred to is refused
// here, because the shell would not mind.
boost::asio::awaitable<target> retarget_all(postgres::connection& c, const alter_request& request, const plan& p,
                                            const facts& f, stand_ins& s);

}  // namespace eidolon::plan
