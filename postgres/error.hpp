// What can go wrong between the daemon and a server.
//
// Every failure is one of three: a statement failed (statement_error), the
// connection is gone (connection_error), or a COMMIT was sent and its answer never
// came (in_doubt). Only the last is special: it is never retried; the outcome is
// read back from the catalog.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace eidolon::postgres {

class error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The server, or libpq, refused or broke the connection; or the daemon closed it
// because an answer did not come in time or the activity was cancelled.
class connection_error : public error {
 public:
  using error::error;
};

// An answer did not come before the deadline. The statement has been cancelled on the
// server and the connection is closed.
class timeout_error : public connection_error {
 public:
  using connection_error::connection_error;
};

// The conninfo led to another server than the one that is meant (connect_options::server).
class other_server : public connection_error {
 public:
  using connection_error::connection_error;
};

// The server ended all of its sessions because one of its processes crashed, perhaps for want of memory.
class server_crash : public connection_error {
 public:
  using connection_error::connection_error;
};

// COMMIT was sent and the connection broke before the answer.
class in_doubt : public connection_error {
 public:
  using connection_error::connection_error;
};

// The server answered with an error. The connection is usable (a transaction is aborted).
class statement_error : public error {
 public:
  struct fields {
    std::string sqlstate{}, message{}, detail{}, hint{}, context{};
    std::string schema{}, table{}, column{}, constraint{};
    std::string statement{};
  };
  explicit statement_error(fields f);

  const fields& info() const { return fields_; }
  std::string_view sqlstate() const { return fields_.sqlstate; }

 private:
  fields fields_;
};

// Trouble with the server, the connection or another transaction, by the class of its SQLSTATE, rather than an
// objection to what the statement says. A lock that was not to be had (55P03) is for the caller to judge.
bool may_pass(const statement_error& e);

// SQLSTATEs that the code decides on, by PostgreSQL's own names (appendix A of its manual).
namespace sqlstate {
inline constexpr std::string_view lock_not_available = "55P03";
inline constexpr std::string_view deadlock_detected = "40P01";
inline constexpr std::string_view serialization_failure = "40001";
inline constexpr std::string_view query_canceled = "57014";
inline constexpr std::string_view unique_violation = "23505";
inline constexpr std::string_view exclusion_violation = "23P01";
inline constexpr std::string_view foreign_key_violation = "23503";
inline constexpr std::string_view undefined_table = "42P01";
inline constexpr std::string_view undefined_schema = "3F000";
inline constexpr std::string_view duplicate_object = "42710";
inline constexpr std::string_view undefined_function = "42883";
inline constexpr std::string_view undefined_object = "42704";
inline constexpr std::string_view wrong_object_type = "42809";
inline constexpr std::string_view read_only_sql_transaction = "25006";
inline constexpr std::string_view insufficient_privilege = "42501";
inline constexpr std::string_view in_failed_sql_transaction = "25P02";
inline constexpr std::string_view object_not_in_prerequisite_state = "55000";
inline constexpr std::string_view crash_shutdown = "57P02";
inline constexpr std::string_view fenced = "EI001";  // raised by the daemon's own fence: another leader has taken over
}  // namespace sqlstate

}  // namespace eidolon::postgres
