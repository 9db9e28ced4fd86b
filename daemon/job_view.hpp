// What clients see: the one place that names the fields of a job, a plan and a database.
#pragma once
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "daemon/job.hpp"
#include "daemon/throttle.hpp"
#include "plan/plan.hpp"
#include "plan/refusal.hpp"
#include "postgres/lock_attempt.hpp"

namespace eidolon::daemon {

json::object view(const job& j);

struct database_status {
  std::string name;
  bool reachable{};
  std::optional<bool> leader;  // nullopt: not known
  std::string error;           // empty: none
  std::vector<replica_lag> replicas;
};
json::object view(const database_status& d);

json::object view(const plan::plan& p, const config::job_settings& settings);
json::array view(const std::vector<plan::refusal>& refusals);
json::array view(const std::vector<postgres::blocker>& blockers);

}  // namespace eidolon::daemon
