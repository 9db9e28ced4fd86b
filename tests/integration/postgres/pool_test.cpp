// Leases: limits, reuse, what is not reused, who waits.
#include "postgres/pool.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"

namespace eidolon::postgres {
namespace {

using namespace std::chrono_literals;
using test::await;

class pool_of_connections : public ::testing::Test {
 protected:
  connect_options options() const { return {.conninfo = db_.conninfo()}; }
  test::database db_;
};

TEST_F(pool_of_connections, reuses_a_connection_under_another_name) {
  await([&]() -> asio::awaitable<void> {
    pool p{co_await asio::this_coro::executor, options(), 1};
    int first = 0, second = 0;
    {
      pool::lease l = co_await p.acquire("eidolon job 1 copy");
      first = l->backend_pid();
      EXPECT_EQ(l->parameter_status("application_name"), "eidolon job 1 copy");
    }
    {
      pool::lease l = co_await p.acquire("eidolon job 1 apply");
      second = l->backend_pid();
      EXPECT_EQ(l->parameter_status("application_name"), "eidolon job 1 apply");
    }
    EXPECT_EQ(first, second);
  });
}

TEST_F(pool_of_connections, does_not_reuse_an_open_transaction) {
  await([&]() -> asio::awaitable<void> {
    pool p{co_await asio::this_coro::executor, options(), 1};
    int first = 0;
    {
      pool::lease l = co_await p.acquire("eidolon");
      first = l->backend_pid();
      co_await l->script(raw(std::string{"BEGIN"}));
    }
    pool::lease l = co_await p.acquire("eidolon");
    EXPECT_NE(l->backend_pid(), first);
    EXPECT_FALSE(l->in_transaction());
  });
}

TEST_F(pool_of_connections, does_not_hand_out_what_the_server_has_closed) {
  await([&]() -> asio::awaitable<void> {
    pool p{co_await asio::this_coro::executor, options(), 2};
    int first = 0;
    {
      pool::lease l = co_await p.acquire("eidolon");
      first = l->backend_pid();
    }
    db_.sql("SELECT pg_terminate_backend(" + std::to_string(first) + ", 5000)");
    pool::lease l = co_await p.acquire("eidolon");
    EXPECT_NE(l->backend_pid(), first);
    result r = co_await l->execute(sql("SELECT 1 AS x"));
    EXPECT_EQ(r.front().get<int>("x"), 1);
  });
}

// Ten activities, three connections: never more at once, and everyone gets a turn, in order.
TEST_F(pool_of_connections, opens_no_more_than_its_limit) {
  boost::asio::io_context io;
  pool p{io.get_executor(), options(), 3};
  int leased = 0, most = 0;
  std::vector<int> turns;
  auto activity = [&](int number) -> asio::awaitable<void> {
    pool::lease l = co_await p.acquire("eidolon limit");
    most = std::max(most, ++leased);
    turns.push_back(number);
    co_await l->execute(sql("SELECT pg_sleep(0.01)"));
    auto sessions =
        co_await l->execute(sql("SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'eidolon limit'"));
    EXPECT_LE(sessions.front().get<int>("n"), 3);
    --leased;
  };
  for (int i = 0; i < 10; ++i) boost::asio::co_spawn(io, activity(i), [](std::exception_ptr e) { EXPECT_FALSE(e); });
  io.run();
  EXPECT_EQ(most, 3);
  EXPECT_EQ(leased, 0);
  ASSERT_EQ(turns.size(), 10U);
  std::erase_if(turns, [](int number) { return number < 3; });  // the first three do not wait
  EXPECT_TRUE(std::is_sorted(turns.begin(), turns.end()));
}

TEST_F(pool_of_connections, gives_up_its_place_when_opening_fails) {
  await([&]() -> asio::awaitable<void> {
    connect_options nowhere{.conninfo = db_.server().conninfo("no_such_database")};
    pool p{co_await asio::this_coro::executor, nowhere, 1};
    int failures = 0;
    for (int i = 0; i < 3; ++i) {
      try {
        pool::lease l = co_await p.acquire("eidolon");
      } catch (const connection_error&) {
        ++failures;
      }
    }
    EXPECT_EQ(failures, 3);
  });
}

// One who gives up waiting does not take the turn of those behind.
TEST_F(pool_of_connections, a_cancelled_waiter_passes_its_turn_on) {
  boost::asio::io_context io;
  pool p{io.get_executor(), options(), 1};
  boost::asio::cancellation_signal give_up;
  std::vector<std::string> story;
  std::optional<pool::lease> held;
  auto activity = [&](std::string name) -> asio::awaitable<void> {
    pool::lease l = co_await p.acquire("eidolon");
    story.push_back(name);
    if (name == "first") held = std::move(l);
  };
  auto record = [&](std::exception_ptr e) {
    if (e) story.emplace_back("cancelled");
  };
  boost::asio::co_spawn(io, activity("first"), record);
  ASSERT_TRUE(test::eventually([&] {
    io.poll();
    return held.has_value();
  }));
  boost::asio::co_spawn(io, activity("second"), boost::asio::bind_cancellation_slot(give_up.slot(), record));
  boost::asio::co_spawn(io, activity("third"), record);
  io.restart();
  io.poll();
  // The lease comes back and the second, whose turn it is, is cancelled before it runs.
  boost::asio::post(io, [&] {
    held.reset();
    give_up.emit(boost::asio::cancellation_type::terminal);
  });
  io.restart();
  io.run();
  EXPECT_THAT(story, ::testing::ElementsAre("first", "cancelled", "third"));
}

TEST_F(pool_of_connections, keeps_no_more_idle_connections_than_told) {
  auto sessions = [&] {
    return db_.server().sql("postgres",
                            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'eidolon idle'")[0][0];
  };
  await([&]() -> asio::awaitable<void> {
    pool p{co_await asio::this_coro::executor, options(), 5, 1};
    {
      pool::lease a = co_await p.acquire("eidolon idle");
      pool::lease b = co_await p.acquire("eidolon idle");
      pool::lease c = co_await p.acquire("eidolon idle");
      EXPECT_EQ(sessions(), "3");
    }
    EXPECT_TRUE(test::eventually([&] { return sessions() == "1"; }));
    p.close_idle();
    EXPECT_TRUE(test::eventually([&] { return sessions() == "0"; }));
    pool::lease again = co_await p.acquire("eidolon idle");
    EXPECT_TRUE(again->usable());
  });
}

TEST_F(pool_of_connections, a_lease_may_outlive_its_pool) {
  await([&]() -> asio::awaitable<void> {
    std::optional<pool> p;
    p.emplace(co_await asio::this_coro::executor, options(), 1);
    pool::lease l = co_await p->acquire("eidolon");
    p.reset();
    result r = co_await l->execute(sql("SELECT 1 AS x"));
    EXPECT_EQ(r.front().get<int>("x"), 1);
  });
}

}  // namespace
}  // namespace eidolon::postgres
