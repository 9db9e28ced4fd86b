// Where a connection goes, and what becomes of it when nobody answers there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <future>

#include "postgres/connection.hpp"
#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"

namespace eidolon::postgres {
namespace {

using namespace std::chrono_literals;
using test::await;
using connection_ptr = std::unique_ptr<connection>;

class connecting : public ::testing::Test {
 protected:
  test::database db_;
};

TEST_F(connecting, what_comes_from_the_connection_string) {
  await([&]() -> asio::awaitable<void> {
    connect_options uri{.conninfo = "postgresql://postgres@127.0.0.1:" + std::to_string(db_.server().port()) + "/" +
                                    db_.name() + "?options=-c%20work_mem%3D5MB",
                        .application_name = "eidolon named"};
    connection_ptr over_tcp = co_await connection::open(uri);
    result r = co_await over_tcp->execute(
        sql("SELECT current_setting('work_mem') AS m, current_setting('application_name') AS n, inet_client_addr() IS "
            "NOT NULL AS tcp"));
    EXPECT_EQ(r.front().get<std::string>("m"), "5MB");
    EXPECT_EQ(r.front().get<std::string>("n"), "eidolon named");
    EXPECT_TRUE(r.front().get<bool>("tcp"));
    EXPECT_GE(over_tcp->server_version(), 140000);
    EXPECT_EQ(over_tcp->parameter_status("server_encoding"), "UTF8");
  });
}

std::string failure_to_open(const connect_options& options) {
  try {
    await([&]() -> asio::awaitable<void> { co_await connection::open(options); });
  } catch (const timeout_error& e) {
    return std::string{"timeout: "} + e.what();
  } catch (const connection_error& e) {
    return e.what();
  }
  return "none";
}

TEST_F(connecting, a_refused_connection_says_why_and_keeps_secrets) {
  EXPECT_THAT(failure_to_open({.conninfo = db_.server().conninfo("no_such_database", "password=secret")}),
              ::testing::AllOf(::testing::HasSubstr("\"no_such_database\" does not exist"),
                               ::testing::Not(::testing::HasSubstr("secret"))));
  for (const char* conninfo : {"host=x password='secret", "postgresql://u:secret@[::1/db", "host=x secret",
                               "postgresql://u:secret@h:1/db?nonsense=secret", "password=x nonsense=secret"}) {
    EXPECT_THAT(
        failure_to_open({.conninfo = conninfo}),
        ::testing::AllOf(::testing::HasSubstr("connection string"), ::testing::Not(::testing::HasSubstr("secret"))));
  }
}

asio::awaitable<std::string> statement_timeout_of(std::string conninfo) {
  connect_options options{.conninfo = std::move(conninfo)};
  connection_ptr c = co_await connection::open(options);
  result r = co_await c->execute(sql("SELECT current_setting('statement_timeout') AS t"));
  co_return r.front().get<std::string>("t");
}

// Many at once, so that a backend may have to wait for longer than that before it can put the limit away.
TEST_F(connecting, a_statement_timeout_too_short_for_the_settings) {
  const std::string conninfo = db_.server().conninfo(db_.name(), "options='-c statement_timeout=1ms'");
  for (int round = 0; round < 10; ++round) {
    asio::io_context io;
    std::vector<std::future<std::string>> opened;
    for (int i = 0; i < 32; ++i) opened.push_back(asio::co_spawn(io, statement_timeout_of(conninfo), asio::use_future));
    io.run();
    for (auto& timeout : opened) EXPECT_EQ(timeout.get(), "0");
  }
}

TEST_F(connecting, the_second_host_is_tried) {
  auto port = std::to_string(db_.server().port());
  await([&]() -> asio::awaitable<void> {
    connect_options two{.conninfo = "host=127.0.0.1,127.0.0.1 port=1," + port + " user=postgres dbname=" + db_.name()};
    connection_ptr c = co_await connection::open(two);
    EXPECT_TRUE(c->usable());
  });
}

// Accepts connections, in the kernel, and never says a word.
class silent_host {
 public:
  silent_host() : acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}} {}
  std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
};

TEST_F(connecting, a_host_that_does_not_answer_is_left_for_the_next) {
  silent_host silent;
  auto port = silent.port() + "," + silent.port() + "," + std::to_string(db_.server().port());
  connect_options three{
      .conninfo = "host=localhost,127.0.0.1,127.0.0.1 port=" + port + " user=postgres dbname=" + db_.name(),
      .connect_timeout = 2s};
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(three);
    EXPECT_TRUE(c->usable());
  });
}

TEST_F(connecting, has_a_deadline) {
  silent_host silent;
  connect_options options_of_silent{.conninfo = "host=127.0.0.1 user=postgres dbname=x port=" + silent.port(),
                                    .connect_timeout = 100ms};
  EXPECT_EQ(failure_to_open(options_of_silent),
            "timeout: no answer within 100 ms: connecting to 127.0.0.1 port " + silent.port());
}

}  // namespace
}  // namespace eidolon::postgres
