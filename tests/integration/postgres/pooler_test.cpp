// A pooler between daemon and server, which runs a session's statements in whichever of its own is free: it is told by
// the process that it names, for a pooler has cancel keys of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <memory>

#include "postgres/connection.hpp"
#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"

namespace eidolon::postgres {
namespace {

using asio::ip::tcp;
using connection_ptr = std::unique_ptr<connection>;

struct relay {
  tcp::socket client, server;
};

// In the message BackendKeyData: its type and length, the process, the key.
void name_process(std::string& answer, std::uint32_t process) {
  const std::string head{"K\0\0\0\x0c", 5};
  const auto at = answer.find(head);
  if (at == std::string::npos || at + head.size() + 4 > answer.size()) return;
  for (std::size_t i = 0; i < 4; ++i) answer[at + head.size() + i] = static_cast<char>(process >> (24 - 8 * i));
}

asio::awaitable<void> pass(std::shared_ptr<relay> r, bool answers, std::uint32_t process) {
  auto& from = answers ? r->server : r->client;
  auto& to = answers ? r->client : r->server;
  std::string buffer(16384, '\0');
  try {
    for (;;) {
      const auto n = co_await from.async_read_some(asio::buffer(buffer), asio::use_awaitable);
      auto part = buffer.substr(0, n);
      if (answers) name_process(part, process);
      co_await asio::async_write(to, asio::buffer(part), asio::use_awaitable);
    }
  } catch (const boost::system::system_error&) {
    // One side has gone: so does the other.
  }
  from.close();
  to.close();
}

asio::awaitable<void> serve_one(tcp::acceptor& acceptor, int server_port, std::uint32_t process) {
  const auto executor = co_await asio::this_coro::executor;
  auto client = co_await acceptor.async_accept(asio::use_awaitable);
  auto r = std::make_shared<relay>(relay{std::move(client), tcp::socket{executor}});
  const tcp::endpoint server{asio::ip::address_v4::loopback(), static_cast<asio::ip::port_type>(server_port)};
  co_await r->server.async_connect(server, asio::use_awaitable);
  asio::co_spawn(executor, pass(r, false, process), asio::detached);
  asio::co_spawn(executor, pass(r, true, process), asio::detached);
}

class pooled : public ::testing::Test {
 protected:
  // Opens a connection through one that says it has this process; why that failed, or the search path of its session.
  std::string open_through(std::uint32_t process) {
    std::string outcome;
    test::await([&]() -> asio::awaitable<void> {
      const auto executor = co_await asio::this_coro::executor;
      tcp::acceptor acceptor{executor, {asio::ip::address_v4::loopback(), 0}};
      asio::co_spawn(executor, serve_one(acceptor, db_.server().port(), process), asio::detached);
      connect_options options;
      options.conninfo = "host=127.0.0.1 user=postgres sslmode=disable gssencmode=disable dbname=" + db_.name() +
                         " port=" + std::to_string(acceptor.local_endpoint().port());
      try {
        connection_ptr c = co_await connection::open(options);
        const auto rows = co_await c->execute(sql("SELECT current_setting('search_path') AS path"));
        outcome = rows.front().get<std::string>("path");
      } catch (const connection_error& e) {
        outcome = e.what();
      }
    });
    return outcome;
  }
  test::database db_;
};

TEST_F(pooled, connections_are_refused) {
  constexpr std::uint32_t no_process_of_the_server = 2'000'000'000;
  const auto failure = open_through(no_process_of_the_server);
  EXPECT_THAT(failure, ::testing::HasSubstr("a connection pooler is in between"));
  EXPECT_THAT(failure, ::testing::HasSubstr("the connection says 2000000000"));
}

TEST_F(pooled, connections_are_taken_where_no_process_is_named) { EXPECT_EQ(open_through(0), "pg_catalog, pg_temp"); }

}  // namespace
}  // namespace eidolon::postgres
