// Statements: sent and collected through libpq's asynchronous interface.
#include "postgres/connection.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "postgres/connection_impl.hpp"
#include "postgres/server_cancel.hpp"

namespace eidolon::postgres {

namespace {

// Long enough for any ROLLBACK, short enough for an activity that has failed already.
constexpr milliseconds rollback_timeout{5'000};

// By how much the client outwaits the server's statement_timeout: the server's error
// leaves the connection usable, the client's deadline does not.
constexpr milliseconds client_grace{1'000};

std::string field(const PGresult* r, int code) {
  const char* text = PQresultErrorField(r, code);
  return text ? text : "";
}

statement_error::fields error_fields(const PGresult* r, std::string_view text) {
  return {.sqlstate = field(r, PG_DIAG_SQLSTATE),
          .message = field(r, PG_DIAG_MESSAGE_PRIMARY),
          .detail = field(r, PG_DIAG_MESSAGE_DETAIL),
          .hint = field(r, PG_DIAG_MESSAGE_HINT),
          .context = field(r, PG_DIAG_CONTEXT),
          .schema = field(r, PG_DIAG_SCHEMA_NAME),
          .table = field(r, PG_DIAG_TABLE_NAME),
          .column = field(r, PG_DIAG_COLUMN_NAME),
          .constraint = field(r, PG_DIAG_CONSTRAINT_NAME),
          .statement = std::string{text}};
}

bool failed(const PGresult* r) {
  switch (PQresultStatus(r)) {
    case PGRES_EMPTY_QUERY:
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
      return false;
    default:
      return true;
  }
}

constexpr int most_wear = 1'000;  // of at most 46 kB each (plan/as_owner.hpp)

// At least a moment: 0 would be no limit at all.
milliseconds within(std::chrono::steady_clock::time_point end, milliseconds timeout) {
  const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
  const auto longest = std::max(left, milliseconds{1});
  return timeout > milliseconds::zero() ? std::min(timeout, longest) : longest;
}

bool has_rows(const PGresult* r) { return PQresultStatus(r) == PGRES_TUPLES_OK; }

bool is_copy(const PGresult* r) {
  auto status = PQresultStatus(r);
  return status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH;
}

}  // namespace

std::string one_line(const char* message) {
  std::string text{message};
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos;) text.replace(at, 1, "; ");
  return text;
}

void connection::impl::close() noexcept {
  watch.disarm();
  watch.release();
  native.reset();
}

void connection::impl::abandon() noexcept {
  if (native && PQtransactionStatus(native.get()) == PQTRANS_ACTIVE) cancel_on_server(native.get());
  close();
}

PGconn* connection::impl::live() const {
  if (!native) broke("the connection is closed");
  return native.get();
}

void connection::impl::broke(std::string message) const {
  if (crashed) throw server_crash{"the server crashed: " + message};
  throw connection_error{message};
}

// What arrives between statements is a notice, a changed parameter, or the end; the last
// shows only once everything before it has been read.
bool connection::impl::lost() const {
  if (!native || PQstatus(native.get()) != CONNECTION_OK) return true;
  if (PQtransactionStatus(native.get()) == PQTRANS_ACTIVE) return false;
  pollfd input{.fd = PQsocket(native.get()), .events = POLLIN, .revents = 0};
  for (int reads = 0; reads < 16 && ::poll(&input, 1, 0) > 0; ++reads) {
    if (PQconsumeInput(native.get()) == 0) return true;
    PQisBusy(native.get());
  }
  return false;
}

// Waits for room only: the server reads a whole request before it answers.
asio::awaitable<void> connection::impl::flush() {
  for (;;) {
    int pending = PQflush(live());
    if (pending == 0) co_return;
    if (pending < 0) broke(one_line(PQerrorMessage(live())));
    co_await watch.writable();
  }
}

// An encrypted packet can hold more than one read takes, and what is left of it does not make the socket readable
// again.
bool connection::impl::read() {
  PGconn* c = live();
  bool encrypted = PQsslInUse(c) != 0 || PQgssEncInUse(c) != 0;
  return PQconsumeInput(c) != 0 && (!encrypted || PQconsumeInput(c) != 0);
}

asio::awaitable<native_result> connection::impl::next_result() {
  while (PQisBusy(live()) != 0) {
    co_await watch.readable();
    // What a broken connection has to say is in the result that follows.
    if (!read()) break;
  }
  co_return native_result{PQgetResult(live())};
}

asio::awaitable<native_result> connection::impl::last_result(std::string_view text) {
  native_result last, failure;
  for (native_result r = co_await next_result(); r; r = co_await next_result()) {
    if (is_copy(r.get())) throw error{"COPY is not a statement that this connection can run"};
    if (failed(r.get())) {
      if (!failure) failure = std::move(r);
    } else if (!last || has_rows(r.get()) || !has_rows(last.get())) {
      last = std::move(r);
    }
  }
  if (failure || PQstatus(live()) != CONNECTION_OK) fail(failure.get(), text);
  co_return last;
}

void connection::impl::fail(const PGresult* failure, std::string_view text) const {
  if (!failure || PQstatus(live()) != CONNECTION_OK)
    broke(one_line(failure ? PQresultErrorMessage(failure) : PQerrorMessage(live())));
  throw statement_error{error_fields(failure, text)};
}

asio::awaitable<void> connection::impl::begin_copy(const char* text, ExecStatusType direction) {
  if (PQsendQuery(live(), text) == 0) broke(one_line(PQerrorMessage(live())));
  co_await flush();
  native_result first = co_await next_result();
  if (first && PQresultStatus(first.get()) == direction) co_return;
  if (first && is_copy(first.get())) throw error{"not the COPY that was expected"};
  co_await last_result(text);
  fail(first.get(), text);
}

template <class Send>
asio::awaitable<native_result> connection::impl::exchange(Send send, std::string_view text, milliseconds timeout,
                                                          bool* sent) {
  PGconn* c = live();
  abandon_unless_done guard{*this};
  bool by_default = timeout <= milliseconds::zero();
  if (by_default && default_timeout > milliseconds::zero()) timeout = default_timeout + client_grace;
  watch.arm(end ? within(*end, timeout) : timeout, text);
  if (send(c) == 0) broke(one_line(PQerrorMessage(c)));
  if (sent) *sent = true;
  co_await flush();
  std::exception_ptr refused;
  native_result answer;
  try {
    answer = co_await last_result(text);
  } catch (const statement_error&) {
    refused = std::current_exception();
  }
  watch.disarm();
  guard.done();
  if (refused) std::rethrow_exception(refused);
  co_return answer;
}

asio::awaitable<native_result> connection::impl::simple_query(const char* text, milliseconds timeout, bool* sent) {
  auto send = [text](PGconn* c) { return PQsendQuery(c, text); };
  co_return co_await exchange(send, text, timeout, sent);
}

connection::connection(std::unique_ptr<impl> i) : impl_{std::move(i)} {}

connection::~connection() = default;

asio::awaitable<void> connection::impl::prepare(const std::string& text, milliseconds timeout) {
  if (!preparing || prepared.contains(text)) co_return;
  auto name = fmt::format("statement {}", prepared.size() + 1);
  auto send = [&](PGconn* c) { return PQsendPrepare(c, name.c_str(), text.c_str(), 0, nullptr); };
  co_await exchange(send, text, timeout);
  prepared.emplace(text, std::move(name));
}

asio::awaitable<result> connection::execute(statement s, milliseconds timeout) {
  co_await impl_->prepare(s.text, timeout);
  std::vector<const char*> values;
  for (const auto& p : s.parameters) values.push_back(p ? p->c_str() : nullptr);
  const auto known = impl_->prepared.find(s.text);
  const char* name = known == impl_->prepared.end() ? nullptr : known->second.c_str();
  auto send = [&s, &values, name](PGconn* c) {
    constexpr int text_format = 0;
    if (name)
      return PQsendQueryPrepared(c, name, static_cast<int>(values.size()), values.data(), nullptr, nullptr,
                                 text_format);
    return PQsendQueryParams(c, s.text.c_str(), static_cast<int>(values.size()), nullptr, values.data(), nullptr,
                             nullptr, text_format);
  };
  native_result r = co_await impl_->exchange(send, s.text, timeout);
  co_return result{r.release()};
}

void connection::prepare_statements(bool on) { impl_->preparing = on; }

bool connection::has_prepared() const { return !impl_->prepared.empty(); }

asio::awaitable<result> connection::script(raw_sql text, milliseconds timeout) {
  native_result r = co_await impl_->simple_query(text.text.c_str(), timeout);
  co_return result{r.release()};
}

void connection::limit(std::optional<std::chrono::steady_clock::time_point> end) { impl_->end = end; }

asio::awaitable<void> connection::commit() {
  limit({});
  if (impl_->lost()) throw connection_error{"the connection was lost before COMMIT was sent"};
  bool sent = false;
  native_result r;
  try {
    r = co_await impl_->simple_query("COMMIT", milliseconds::zero(), &sent);
  } catch (const connection_error& e) {
    if (!sent) throw;
    throw in_doubt{fmt::format("COMMIT was not answered: {}", e.what())};
  }
  if (std::string_view{PQcmdStatus(r.get())} == "ROLLBACK") {
    throw statement_error{{.sqlstate = std::string{sqlstate::in_failed_sql_transaction},
                           .message = "the transaction had failed before, so COMMIT rolled it back",
                           .statement = "COMMIT"}};
  }
}

asio::awaitable<void> connection::rollback() noexcept {
  limit({});
  if (!in_transaction()) co_return;
  try {
    co_await impl_->simple_query("ROLLBACK", rollback_timeout);
  } catch (...) {
    close();
  }
}

void connection::wear() { ++impl_->wear; }

const std::string& connection::name() const { return impl_->given_name; }

asio::awaitable<void> connection::rename(std::string application_name, milliseconds timeout) {
  if (name() == application_name && parameter_status("application_name") == application_name) co_return;
  auto set = sql("SELECT set_config('application_name', $1, false)", application_name);
  co_await execute(std::move(set), timeout);
  impl_->given_name = std::move(application_name);
}

bool connection::used() const { return impl_->wear > 0; }

bool connection::worn() const { return impl_->wear >= most_wear; }

bool connection::usable() const { return !impl_->lost(); }

bool connection::in_transaction() const {
  if (!impl_->native) return false;
  auto status = PQtransactionStatus(impl_->native.get());
  return status == PQTRANS_ACTIVE || status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

int connection::backend_pid() const { return PQbackendPID(impl_->live()); }

int connection::server_version() const { return PQserverVersion(impl_->live()); }

const std::string& connection::server() const { return impl_->server; }

std::string connection::parameter_status(const char* name) const {
  const char* value = PQparameterStatus(impl_->live(), name);
  return value ? value : "";
}

void connection::close() { impl_->abandon(); }

}  // namespace eidolon::postgres
