// Codes are stable: clients decide on them.
#include "daemon/problems.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/job_view.hpp"
#include "daemon/planning.hpp"
#include "daemon/reaction.hpp"
#include "postgres/error.hpp"
#include "postgres/result.hpp"

namespace eidolon::daemon::problems {

namespace {

problem make(int status, std::string code, std::string title, std::string detail, std::string advice) {
  problem p;
  p.status = status;
  p.code = std::move(code);
  p.title = std::move(title);
  p.detail = std::move(detail);
  p.advice = std::move(advice);
  return p;
}

problem server_busy(const std::string& database, const std::exception& e) {
  return make(503, "server_busy", "Server busy", fmt::format("Database \"{}\": {}", database, e.what()), "Try again.");
}

// A text of the client's has a character that the database's encoding lacks.
constexpr std::string_view untranslatable_character = "22P05";

problem not_in_its_encoding(const std::string& database, const std::exception& e) {
  return make(400, "invalid_request", "Bad Request", fmt::format("Database \"{}\": {}", database, e.what()),
              "Use characters that the database's encoding has.");
}

}  // namespace

problem no_such_job(std::int64_t id) {
  return make(404, "no_such_job", "No such job", fmt::format("There is no job {}.", id),
              "GET /v1/jobs lists the jobs.");
}

problem ambiguous_job(std::int64_t id, const std::string& database, const std::string& other) {
  return make(409, "ambiguous_job", "Ambiguous job",
              fmt::format("Databases {} and {} each have a job {} that has not ended.", database, other, id),
              "They have had daemons of their own. Ask a daemon that has only one of them.");
}

problem no_such_database(const std::string& name) {
  return make(404, "no_such_database", "No such database", fmt::format("The daemon has no database \"{}\".", name),
              "GET /v1/databases lists those it has.");
}

problem no_such_replica(const std::string& database, const std::string& name) {
  return make(
      404, "no_such_replica", "No such replica",
      fmt::format("No replica \"{}\" of database {} is missed.", name, database),
      "GET /v1/databases lists the replicas. One that is configured is removed from the file, and SIGHUP sent.");
}

problem database_not_named(const std::vector<std::string>& known) {
  return make(400, "database_required", "No database named",
              fmt::format("The daemon has {} databases, and the request names none.", known.size()),
              fmt::format("Name one of: {}.", fmt::join(known, ", ")));
}

problem database_unreachable(const std::string& name, const std::string& why) {
  return make(503, "database_unreachable", "Database unreachable",
              fmt::format("Database \"{}\" cannot be reached{}{}", name, why.empty() ? "." : ": ", why),
              "Try again; the daemon keeps trying.");
}

problem not_leader(const std::string& name) {
  return make(503, "not_leader", "Not the leader", fmt::format("This daemon does not lead database \"{}\".", name),
              "Ask the daemon that leads, or try again: it takes over when the other one ends.");
}

problem name_in_use(const std::string& name, std::int64_t job) {
  return make(409, "name_in_use", "Name in use",
              fmt::format("Job {} has the name \"{}\" and another content.", job, name),
              "Choose another name, or send the same request again to get that job.");
}

problem name_of_a_copied_job(const std::string& name, std::int64_t job) {
  return make(409, "name_in_use", "Name in use",
              fmt::format("Job {} of the database that this one is a restored or cloned copy of has the name \"{}\".",
                          job, name),
              "eidolond --clean-orphans removes it.");
}

problem wrong_state(const job& j, state s, const std::string& wanted, const std::string& advice) {
  return make(409, "wrong_state", "Wrong state",
              fmt::format("Job {} is {}: {} is not possible.", j.record.id, name_of(s), wanted), advice);
}

problem bad_setting(const std::vector<std::string>& complaints) {
  return make(400, "bad_setting", "Bad setting", fmt::format("{}", fmt::join(complaints, " ")),
              "docs/settings.md names the settings and their limits.");
}

problem refused(const std::vector<plan::refusal>& refusals) {
  const auto& first = refusals.front();
  auto p = make(422, first.code, "Refused", first.reason, first.advice);
  p.refusals = view(refusals);
  return p;
}

problem from_failure(const std::string& database, const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const postgres::statement_error& e) {
    if (e.sqlstate() == postgres::sqlstate::fenced) return not_leader(database);
    if (ends_session(e.sqlstate())) return database_unreachable(database, e.what());
    if (is_transient(e.sqlstate())) return server_busy(database, e);
    if (e.sqlstate() == untranslatable_character) return not_in_its_encoding(database, e);
    if (e.sqlstate() == postgres::sqlstate::insufficient_privilege)
      return make(403, "insufficient_privilege", "Insufficient privilege",
                  fmt::format("Database \"{}\": {}", database, e.what()),
                  "docs/privileges.md lists what the daemon's role needs.");
    throw;
  } catch (const gave_way& e) {
    return server_busy(database, e);
  } catch (const postgres::no_such_row& e) {
    return server_busy(database, e);
  } catch (const postgres::no_such_value& e) {
    return server_busy(database, e);
  } catch (const postgres::connection_error& e) {
    return database_unreachable(database, e.what());
  }
}

}  // namespace eidolon::daemon::problems
