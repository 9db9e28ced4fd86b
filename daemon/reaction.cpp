// Only named SQLSTATEs are retried; everything unknown fails the job loudly.
#include "daemon/reaction.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "copier/phases.hpp"
#include "daemon/job_store.hpp"
#include "daemon/planning.hpp"
#include "plan/as_owner.hpp"
#include "plan/batch.hpp"
#include "postgres/catalog_race.hpp"
#include "postgres/error.hpp"
#include "postgres/lock_attempt.hpp"

namespace eidolon::daemon {

namespace {

std::string sentence(const std::vector<plan::refusal>& refusals) {
  std::string text;
  for (const auto& r : refusals) text += (text.empty() ? "" : "; ") + r.reason;
  return text;
}

failure from_statement(const postgres::statement_error& e) {
  failure f{failure_kind::fatal, "statement_failed", e.what(), e.info().constraint, ""};
  if (ends_session(e.sqlstate())) {
    f.kind = failure_kind::connection;
    f.code = "connection_lost";
  } else if (is_out_of_room(e.sqlstate())) {
    f.kind = failure_kind::transient;
    f.code = "out_of_room";
    f.most_tries = 3;
  } else if (e.sqlstate() == "53200") {  // of the server, or of what all sessions share, such as its table of locks
    f.kind = failure_kind::transient;
    f.code = out_of_memory;
    f.most_tries = 3;
  } else if (e.sqlstate().starts_with("58")) {  // the server's files
    f.kind = failure_kind::transient;
    f.code = "server_trouble";
    f.most_tries = 5;
  } else if (is_transient(e.sqlstate()) || postgres::is_catalog_race(e) || postgres::is_of_what_was_dropped(e)) {
    f.kind = failure_kind::transient;
    f.code = "server_busy";
  } else if (plan::names_nothing(e)) {
    f.message += std::string{". "} + plan::only_trusted_schemas;
  }
  return f;
}

failure from_change(const plan::source_changed& e) {
  if (e.changed == plan::source_changed::kind::neighbours)
    return {failure_kind::transient, "neighbours", e.what(), "", ""};
  if (e.changed == plan::source_changed::kind::log)
    return {failure_kind::source_rewritten, std::string{log_is_full}, e.what(), "", ""};
  const bool altered = e.changed == plan::source_changed::kind::definition;
  return {altered ? failure_kind::fatal : failure_kind::source_rewritten,
          altered ? "source_altered" : "source_rewritten", e.what(), "", ""};
}

}  // namespace

job_refused::job_refused(std::vector<plan::refusal> r) : std::runtime_error{sentence(r)}, refusals{std::move(r)} {}

failure classify(const std::exception_ptr& e) {
  try {
    std::rethrow_exception(e);
  } catch (const copier::data_error& d) {
    return {failure_kind::fatal, "data_error", d.what(), d.constraint, d.key};
  } catch (const plan::source_changed& c) {
    return from_change(c);
  } catch (const job_refused& r) {
    // What somebody has made for a while: a temporary view, say.
    if (std::all_of(r.refusals.begin(), r.refusals.end(), [](const auto& x) { return x.may_pass && x.code == "view"; }))
      return {failure_kind::transient, r.refusals.empty() ? "refused" : r.refusals.front().code, r.what(), "", "", 15};
    return {failure_kind::fatal, r.refusals.empty() ? "refused" : r.refusals.front().code, r.what(), "", ""};
  } catch (const postgres::statement_error& s) {
    return from_statement(s);
  } catch (const record_changed& r) {
    return {failure_kind::connection, "record_changed", r.what(), "", ""};
  } catch (const gave_way& g) {
    return {failure_kind::transient, "server_busy", g.what(), "", ""};
  } catch (const postgres::no_such_row& r) {
    return {failure_kind::transient, "server_busy", r.what(), "", ""};  // what was just found has been dropped
  } catch (const postgres::no_such_value& v) {
    return {failure_kind::transient, "server_busy", v.what(), "", ""};
  } catch (const postgres::server_crash& c) {
    return {failure_kind::connection, std::string{server_crashed}, c.what(), "", ""};
  } catch (const postgres::connection_error& c) {
    return {failure_kind::connection, "connection_lost", c.what(), "", ""};
  } catch (const boost::system::system_error& s) {
    if (s.code() == boost::asio::error::operation_aborted)
      return {failure_kind::cancelled, "cancelled", s.what(), "", ""};
    return {failure_kind::fatal, "internal_error", s.what(), "", ""};
  } catch (const std::exception& x) {
    return {failure_kind::fatal, "internal_error", x.what(), "", ""};
  }
}

boost::json::object to_json(const failure& f) {
  boost::json::object o{{"code", f.code}, {"message", f.message}};
  o["constraint"] = f.constraint.empty() ? boost::json::value(nullptr) : boost::json::value(f.constraint);
  o["key"] = f.key.empty() ? boost::json::value(nullptr) : boost::json::value(f.key);
  return o;
}

reaction react(failure_kind kind, state s) {
  const bool can_give_up = before_swap(s);
  switch (kind) {
    case failure_kind::cancelled:
      return reaction::stop;
    case failure_kind::connection:
      return reaction::take_stock;
    case failure_kind::transient:
      return reaction::retry;
    case failure_kind::source_rewritten:
      if (s == state::preparing) return reaction::retry;
      return s > state::preparing && find_transition(s, state::preparing) ? reaction::restart : reaction::hold;
    case failure_kind::fatal:
      return can_give_up ? reaction::fail : reaction::hold;
  }
  return reaction::hold;
}

std::chrono::milliseconds retry_pause(int attempt, double jitter) {
  postgres::lock_policy doubled;
  doubled.longest_pause = std::chrono::seconds{30};
  return postgres::pause_before(doubled, attempt, jitter);
}

bool is_transient(std::string_view code) {
  namespace names = postgres::sqlstate;
  constexpr std::array retried{names::serialization_failure, names::deadlock_detected, names::lock_not_available,
                               names::query_canceled, names::read_only_sql_transaction};
  return code.starts_with("53") || std::find(retried.begin(), retried.end(), code) != retried.end();
}

bool is_out_of_room(std::string_view code) { return code == "53100" || code == "53400"; }

bool ends_session(std::string_view code) {
  constexpr std::array ended{std::string_view{"57P01"}, std::string_view{"57P02"}, std::string_view{"57P03"},
                             std::string_view{"57P05"}, std::string_view{"25P03"}, postgres::sqlstate::fenced};
  return code.starts_with("08") || std::find(ended.begin(), ended.end(), code) != ended.end();
}

}  // namespace eidolon::daemon
