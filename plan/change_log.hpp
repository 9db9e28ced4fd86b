// The generations of a job's change log: their names, and which exist. What is known here is known to the triggers,
// which write a log, and to the copier, which applies it.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

std::string log_name(const plan&, int generation);  // "eidolon_7"."eidolon log 1"

// The generations that exist, ascending. The source's owner may create in the job's schema as well: a table of his is
// none, for his triggers on it would run as the daemon's role.
boost::asio::awaitable<std::vector<int>> log_generations(postgres::connection& c, const plan& p);

// SELECT of the keys in all the given logs, as a derived table: (SELECT … UNION ALL SELECT …).
std::string all_logs(const plan& p, const std::vector<int>& generations);

}  // namespace eidolon::plan
