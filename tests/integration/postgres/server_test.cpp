// Servers of another kind: encrypted, standing by, restarted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "postgres/pool.hpp"
#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"
#include "tests/support/process.hpp"

namespace eidolon::postgres {
namespace {

using namespace std::chrono_literals;
using connection_ptr = std::unique_ptr<connection>;
using test::await;

class certificate {
 public:
  explicit certificate(const test::cluster& c)
      : key{(c.data_directory() / "test.key").string()}, file{(c.data_directory() / "test.crt").string()} {
    auto made = test::run_process(
        {.command = test::unprivileged({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
                                        key, "-out", file})});
    if (made.status != 0) throw std::runtime_error{made.err};
  }
  std::string key, file;
};

TEST(server, over_tls) {
  test::cluster server;
  certificate own{server};
  server.sql("postgres", "ALTER SYSTEM SET ssl_cert_file = '" + own.file + "'");
  server.sql("postgres", "ALTER SYSTEM SET ssl_key_file = '" + own.key + "'");
  server.sql("postgres", "ALTER SYSTEM SET ssl = on");
  server.restart();
  connect_options verified{.conninfo = "host=localhost hostaddr=127.0.0.1 sslmode=verify-full sslrootcert=" + own.file +
                                       " user=postgres dbname=postgres port=" + std::to_string(server.port())};
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(verified);
    result r = co_await c->execute(sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"));
    EXPECT_TRUE(r.front().get<bool>("ssl"));
    std::string large(5'000'000, 'x');
    result back = co_await c->execute(sql("SELECT $1::text AS t", large));
    EXPECT_EQ(back.front().get<std::string_view>("t"), large);
    EXPECT_TRUE(c->usable());
  });
}

TEST(server, that_stands_by) {
  test::cluster standby{{.primary = &test::cluster::shared()}};
  connect_options there{.conninfo = standby.conninfo("postgres")};
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(there);
    result r = co_await c->execute(sql("SELECT pg_is_in_recovery() AS standby"));
    EXPECT_TRUE(r.front().get<bool>("standby"));
  });
}

TEST(server, that_restarts_is_met_again) {
  test::cluster server;
  connect_options there{.conninfo = server.conninfo("postgres")};
  await([&]() -> asio::awaitable<void> {
    pool p{co_await asio::this_coro::executor, there, 2};
    pool::lease cut = co_await p.acquire("eidolon");
    { pool::lease idle = co_await p.acquire("eidolon"); }
    server.restart("immediate");
    bool lost = false;
    try {
      co_await cut->execute(sql("SELECT 1"));
    } catch (const connection_error&) {
      lost = true;
    }
    EXPECT_TRUE(lost);
    cut = pool::lease{};
    pool::lease again = co_await p.acquire("eidolon");
    result r = co_await again->execute(sql("SELECT 1 AS x"));
    EXPECT_EQ(r.front().get<int>("x"), 1);
  });
}

TEST(server, that_is_down_is_a_connection_error) {
  test::cluster server;
  connect_options there{.conninfo = server.conninfo("postgres")};
  server.stop();
  std::string why;
  try {
    await([&]() -> asio::awaitable<void> { co_await connection::open(there); });
  } catch (const connection_error& e) {
    why = e.what();
  }
  EXPECT_THAT(why, ::testing::HasSubstr("No such file or directory"));
}

}  // namespace
}  // namespace eidolon::postgres
