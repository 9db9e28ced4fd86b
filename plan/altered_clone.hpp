// What the clone and its neighbourhood show, above all once the user's statements have run on them: reasons to refuse
// that would otherwise be met late.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "plan/compose.hpp"
#include "plan/refusal.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

// In the transaction in which the clone stands; an objection may leave it aborted. Throws postgres::error.
boost::asio::awaitable<std::vector<refusal>> objections_to(postgres::connection& c, const composition& parts);

// Whatever PostgreSQL found in the clone's neighbourhood, before the statements, that still means the source itself;
// and what the statements put there: the new table would depend on the old one. job_schema: as for read_facts().
boost::asio::awaitable<std::vector<refusal>> refuse_what_means_the_source(postgres::connection& c, const facts& f,
                                                                          std::string job_schema);
boost::asio::awaitable<std::vector<refusal>> refuse_statements_that_mean_the_source(postgres::connection& c,
                                                                                    const facts& f, const plan& p,
                                                                                    std::string job_schema);

// What looks at the clone is the daemon's own, and is there before the statements: what the plan takes over from it is
// run on others' objects, and expressions of the owner's, which run meanwhile, could put something beside it.
boost::asio::awaitable<std::vector<refusal>> look_at_onlookers(postgres::connection& c, std::uint32_t clone,
                                                               std::set<std::string>& known, bool before);

}  // namespace eidolon::plan
