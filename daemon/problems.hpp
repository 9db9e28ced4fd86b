// The problems that the service answers with, each a code, a sentence that names the object, and advice.
#pragma once
#include <exception>
#include <string>
#include <vector>

#include "daemon/job.hpp"
#include "daemon/service.hpp"
#include "plan/refusal.hpp"

namespace eidolon::daemon::problems {

problem no_such_job(std::int64_t id);
problem no_such_database(const std::string& name);
problem no_such_replica(const std::string& database, const std::string& name);
problem database_not_named(const std::vector<std::string>& known);
problem database_unreachable(const std::string& name, const std::string& why);
problem not_leader(const std::string& name);
problem name_in_use(const std::string& name, std::int64_t job);
problem name_of_a_copied_job(const std::string& name, std::int64_t job);
problem wrong_state(const job& j, state s, const std::string& wanted, const std::string& advice);
problem bad_setting(const std::vector<std::string>& complaints);
problem ambiguous_job(std::int64_t id, const std::string& database, const std::string& other);
problem refused(const std::vector<plan::refusal>& refusals);

// What a failed statement or connection means to the client; rethrows what it does not know.
problem from_failure(const std::string& database, const std::exception_ptr& failure);

}  // namespace eidolon::daemon::problems
