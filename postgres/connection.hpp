// One session with a PostgreSQL server: libpq's asynchronous interface driven by an
// Asio coroutine. Every wait can have a deadline, and can be cancelled.
//
// Timeouts and cancellation: when the deadline passes, or the awaiting coroutine is
// cancelled, the statement is cancelled on the server (PQcancel, on a helper
// thread because it blocks) and the connection is closed; timeout_error, or
// boost::system::system_error(operation_aborted), is thrown. A closed connection
// stays closed: ask the pool for another.
//
// Lifetime: no two coroutines may use one connection at once. The destructor closes
// the connection without waiting.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/error.hpp"
#include "postgres/result.hpp"
#include "postgres/statement.hpp"

namespace eidolon::postgres {

namespace asio = boost::asio;
using std::chrono::milliseconds;

struct connect_options {
  std::string conninfo{};                // all of libpq's, keywords or URI
  std::string application_name{};        // overrides the one in conninfo
  milliseconds connect_timeout{10'000};  // for each host; one in conninfo wins
  milliseconds statement_timeout{0};     // default for every statement of the session, on both sides; 0: none
  std::string server{};                  // connection::server() of the only one that is meant; empty: any
};

class connection {
 public:
  // Connects and sets what the session depends on (session.sql: isolation, timeouts,
  // search_path, row_security, enable_tidscan, formats, client_connection_check_interval),
  // so that no default of the role or database leaks in.
  // Throws connection_error (other_server), timeout_error.
  static asio::awaitable<std::unique_ptr<connection>> open(connect_options options);

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection();

  // Runs one statement with parameters (extended protocol). timeout 0: the session's default, which
  // the server enforces (statement_error 57014, the connection stays usable) and the client outwaits by a second.
  // timeout 0: the session's statement_timeout (none, if that is 0). Throws statement_error, connection_error,
  // timeout_error.
  asio::awaitable<result> execute(statement s, milliseconds timeout = milliseconds{0});

  // While on, execute() prepares each text that it has not met before (a round trip more), and runs it as a prepared
  // statement from then on, off or not, until the connection is closed. Whether the server then keeps one plan is up to
  // plan_cache_mode.
  void prepare_statements(bool on);
  bool has_prepared() const;  // any that may be used again

  // Runs one or several statements without parameters in one round trip (simple
  // protocol); returns the result of the last one that returns rows, and if none does, of the last one. A failed
  // statement ends the script.
  asio::awaitable<result> script(raw_sql text, milliseconds timeout = milliseconds{0});

  // From now on no statement lasts beyond this moment, however many there are: it is cancelled, and the connection
  // closed, as by a timeout. nullopt: no limit. COMMIT and ROLLBACK have none, because what became of them must be
  // known.
  void limit(std::optional<std::chrono::steady_clock::time_point> end);

  // COMMIT. Throws in_doubt when the connection breaks, or the deadline passes, before the
  // answer; connection_error when it had been lost before COMMIT was sent; statement_error
  // when the server rolled back instead. Cancelled while COMMIT is under way, the
  // outcome is open just as well, but operation_aborted is what is thrown.
  asio::awaitable<void> commit();

  // ROLLBACK; a connection that cannot even do that is closed. Never throws.
  asio::awaitable<void> rollback() noexcept;

  // Something of what ran stays in the server's session; when that has happened often enough, a pool opens another one.
  void wear();
  bool worn() const;
  bool used() const;  // wear() was called: settings may be left as well

  bool usable() const;          // open, and not lost as far as libpq knows
  bool in_transaction() const;  // inside BEGIN … COMMIT, or in a failed transaction
  // The application_name that it was opened or renamed with, whatever ran in the session has made of it.
  const std::string& name() const;
  // Throws what execute() throws.
  asio::awaitable<void> rename(std::string application_name, milliseconds timeout);
  int backend_pid() const;
  int server_version() const;  // PQserverVersion: 150020
  // Tells this server, since it was started, from any other, a copy of it as well: when it was started.
  const std::string& server() const;
  std::string parameter_status(const char* name) const;
  void close();  // at once, without waiting

  struct impl;
  explicit connection(std::unique_ptr<impl> i);

 private:
  friend asio::awaitable<std::int64_t> copy_stream(connection& reader, raw_sql out, connection& writer, raw_sql in);
  std::unique_ptr<impl> impl_;
};

// Runs body(connection&) between open(connection&), which begins the transaction, and COMMIT; rolls back and rethrows
// on any exception. A cancelled coroutine closes the connection instead, because it cannot wait for ROLLBACK.
template <class Open, class Body>
auto in_transaction(connection& c, Open open, Body body) -> decltype(body(c)) {
  using value = typename decltype(body(c))::value_type;
  std::exception_ptr failure;
  try {
    co_await open(c);
    if constexpr (std::is_void_v<value>) {
      co_await body(c);
      co_await c.commit();
      co_return;
    } else {
      value v = co_await body(c);
      co_await c.commit();
      co_return v;
    }
  } catch (...) {
    failure = std::current_exception();
  }
  asio::cancellation_state cancellation = co_await asio::this_coro::cancellation_state;
  if (cancellation.cancelled() != asio::cancellation_type::none) {
    c.close();
  } else {
    co_await c.rollback();
  }
  std::rethrow_exception(failure);
}

// begin is the text that begins it; it may hold further statements (SET LOCAL, LOCK TABLE) in the same round trip.
template <class Body>
auto in_transaction(connection& c, raw_sql begin, Body body) -> decltype(body(c)) {
  auto open = [begin = std::move(begin)](connection& t) { return t.script(begin); };
  return in_transaction(c, std::move(open), std::move(body));
}

}  // namespace eidolon::postgres
