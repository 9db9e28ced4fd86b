#include "session.hpp"

#include <libpq-fe.h>

namespace eidolon::test {

namespace {

using result = std::unique_ptr<PGresult, decltype(&PQclear)>;

rows cells(const PGresult* r) {
  rows all;
  for (int i = 0; i < PQntuples(r); ++i) {
    auto& row = all.emplace_back();
    for (int j = 0; j < PQnfields(r); ++j) {
      row.push_back(PQgetisnull(r, i, j) ? cell{} : cell{PQgetvalue(r, i, j)});
    }
  }
  return all;
}

void require_success(const PGresult* r) {
  auto status = PQresultStatus(r);
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY) return;
  const char* state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
  throw sql_failure{PQresultErrorMessage(r), state ? state : ""};
}

}  // namespace

void session::finish_session::operator()(pg_conn* c) const { PQfinish(c); }

session::session(const std::string& conninfo) : native_{PQconnectdb(conninfo.c_str())} {
  if (PQstatus(native_.get()) != CONNECTION_OK) throw sql_failure{PQerrorMessage(native_.get()), ""};
  PQsetNoticeProcessor(
      native_.get(), [](void*, const char*) {}, nullptr);
}

rows session::sql(const std::string& text) {
  send(text);
  return finish();
}

std::string session::value(const std::string& text) {
  auto all = sql(text);
  return all.empty() || all.front().empty() ? "" : all.front().front().value_or("");
}

void session::send(const std::string& text) {
  if (PQsendQuery(native_.get(), text.c_str()) == 0) throw sql_failure{PQerrorMessage(native_.get()), ""};
}

rows session::finish() {
  result last{nullptr, &PQclear}, failure{nullptr, &PQclear};
  while (auto* r = PQgetResult(native_.get())) {
    last.reset(r);
    if (PQresultStatus(r) == PGRES_FATAL_ERROR && !failure) failure = std::move(last);
  }
  if (failure) require_success(failure.get());
  if (!last) return {};
  require_success(last.get());
  return cells(last.get());
}

rows session::prepared(const std::string& statement, const std::vector<std::string>& parameters) {
  if (!prepared_.contains(statement)) {
    const result made{PQprepare(native_.get(), statement.c_str(), statement.c_str(), 0, nullptr), &PQclear};
    require_success(made.get());
    prepared_.insert(statement);
  }
  std::vector<const char*> values;
  for (const auto& p : parameters) values.push_back(p.c_str());
  const result answer{PQexecPrepared(native_.get(), statement.c_str(), static_cast<int>(values.size()), values.data(),
                                     nullptr, nullptr, 0),
                      &PQclear};
  require_success(answer.get());
  return cells(answer.get());
}

void session::copy_in(const std::string& statement, std::string_view data) {
  const result begun{PQexec(native_.get(), statement.c_str()), &PQclear};
  if (PQresultStatus(begun.get()) != PGRES_COPY_IN) require_success(begun.get());
  if (PQputCopyData(native_.get(), data.data(), static_cast<int>(data.size())) != 1 ||
      PQputCopyEnd(native_.get(), nullptr) != 1) {
    throw sql_failure{PQerrorMessage(native_.get()), ""};
  }
  finish();
}

std::string session::literal(std::string_view text) const {
  const std::unique_ptr<char, decltype(&PQfreemem)> quoted{PQescapeLiteral(native_.get(), text.data(), text.size()),
                                                           &PQfreemem};
  return quoted.get();
}

int session::server_version() const { return PQserverVersion(native_.get()); }

int session::pid() const { return PQbackendPID(native_.get()); }

}  // namespace eidolon::test
