// What a connection is made of; shared by connecting (connect.cpp) and working (connection.cpp).
#pragma once
#include <libpq-fe.h>

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "postgres/connection.hpp"
#include "postgres/descriptor_watch.hpp"

namespace eidolon::postgres {

struct finish_connection {
  void operator()(PGconn* c) const { PQfinish(c); }
};
using native_connection = std::unique_ptr<PGconn, finish_connection>;

struct clear_result {
  void operator()(PGresult* r) const { PQclear(r); }
};
using native_result = std::unique_ptr<PGresult, clear_result>;

struct connection::impl {
  explicit impl(const asio::any_io_executor& executor) : watch{executor} {}
  ~impl() { close(); }

  native_connection native;  // empty once closed
  descriptor_watch watch;
  milliseconds default_timeout{0};
  std::string server{}, given_name{};
  std::optional<std::chrono::steady_clock::time_point> end{};  // see connection::limit
  int wear{};                                                  // see connection::wear
  bool crashed{};                                              // the server said so before it ended the session
  bool preparing{false};
  std::unordered_map<std::string, std::string> prepared;  // text to name

  void close() noexcept;
  // Closes; a statement in flight is cancelled on the server.
  void abandon() noexcept;
  // The native connection; throws connection_error when it is closed.
  PGconn* live() const;
  // Throws what it is that broke the connection: server_crash, or connection_error.
  [[noreturn]] void broke(std::string message) const;
  // Whether the server, or the network, has closed the connection since the last statement.
  bool lost() const;

  // Throws connection_error, timeout_error.
  asio::awaitable<void> connect(const connect_options& options);
  asio::awaitable<void> set_session(milliseconds timeout);

  // Sends one request (send returns false when libpq refuses) and collects its last result.
  // `sent` is set once the request has left for the server.
  template <class Send>
  asio::awaitable<native_result> exchange(Send send, std::string_view text, milliseconds timeout, bool* sent = nullptr);
  // Prepares a text that is new, if that is asked for.
  asio::awaitable<void> prepare(const std::string& text, milliseconds timeout);
  asio::awaitable<native_result> simple_query(const char* text, milliseconds timeout, bool* sent = nullptr);

  // The parts of an exchange. No deadline of their own; cancelled, they leave the statement under way.
  asio::awaitable<void> flush();
  bool read();  // what has arrived; false when the connection is broken
  // Sends a COPY and returns when the data may flow; throws what the server objects to.
  asio::awaitable<void> begin_copy(const char* text, ExecStatusType direction);
  asio::awaitable<native_result> last_result(std::string_view text);

 private:
  asio::awaitable<void> finish_connecting(milliseconds timeout);
  asio::awaitable<native_result> next_result();
  [[noreturn]] void fail(const PGresult* failure, std::string_view text) const;
};

// Leaves no statement behind whose answer nobody waits for, however its coroutine ends.
class abandon_unless_done {
 public:
  explicit abandon_unless_done(connection::impl& i) : impl_{&i} {}
  ~abandon_unless_done() {
    if (impl_) impl_->abandon();
  }
  abandon_unless_done(const abandon_unless_done&) = delete;
  abandon_unless_done& operator=(const abandon_unless_done&) = delete;
  void done() { impl_ = nullptr; }

 private:
  connection::impl* impl_;
};

// libpq's message on one line.
std::string one_line(const char* message);

}  // namespace eidolon::postgres
