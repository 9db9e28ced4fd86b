// Statements, errors, deadlines and cancellation against a real server.
#include "postgres/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>
#include <limits>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"

namespace eidolon::postgres {
namespace {

using namespace std::chrono_literals;
using test::await;
using test::eventually;
using connection_ptr = std::unique_ptr<connection>;

class connection_to_server : public ::testing::Test {
 protected:
  connect_options options() const { return {.conninfo = db_.conninfo(), .application_name = "eidolon test"}; }
  // How many sessions run a statement that contains the mark.
  std::string running(const std::string& mark) const {
    return db_.server()
        .sql("postgres",
             "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() "
             "AND query LIKE '%" +
                 mark + "%'")
        .at(0)
        .at(0)
        .value();
  }
  test::database db_;
};

TEST_F(connection_to_server, values_go_there_and_back) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    std::vector<std::string> texts{"a b", "", "NULL", R"(q"\)", "{},"};
    std::vector<std::int64_t> numbers{1, std::numeric_limits<std::int64_t>::min()};
    auto s = sql(
        "SELECT $1::text AS t, $2::bigint AS i, $3::boolean AS b, $4::float8 AS d, $5::text[] AS ts, $6::text AS n, "
        "$7::bigint[] AS ns, 'x'::\"char\" AS c, 'b'::bytea AS bytes, $8::oid AS o, $4::float8 AS \"MiXed\"",
        "it's \\ Ω", std::numeric_limits<std::int64_t>::max(), true, 0.1, texts, std::nullopt, numbers, 4'000'000'000U);
    result r = co_await c->execute(std::move(s));
    EXPECT_EQ(r.size(), 1);
    row first = r.front();
    EXPECT_EQ(first.get<std::string>("t"), "it's \\ Ω");
    EXPECT_EQ(first.get<std::int64_t>("i"), std::numeric_limits<std::int64_t>::max());
    EXPECT_TRUE(first.get<bool>("b"));
    EXPECT_EQ(first.get<double>("d"), 0.1);
    EXPECT_EQ(first.get<std::vector<std::string>>("ts"), texts);
    EXPECT_EQ(first.get<std::optional<std::string>>("n"), std::nullopt);
    EXPECT_EQ(first.get<std::vector<std::string>>("ns").at(1), "-9223372036854775808");
    EXPECT_EQ(first.get<char>("c"), 'x');
    EXPECT_EQ(first.get<std::string>("bytes"), "\\x62");
    EXPECT_EQ(first.get<std::uint32_t>("o"), 4'000'000'000U);
    EXPECT_EQ(first.get<double>("MiXed"), 0.1);
    EXPECT_THROW(first.get<std::string>("n"), std::runtime_error);
    EXPECT_THROW(first.get<std::string>("mixed"), std::runtime_error);
    EXPECT_THROW(r[1].get<std::string>("t"), std::runtime_error);
  });
}

TEST_F(connection_to_server, rows_are_iterated_and_counted) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    result r = co_await c->execute(sql("SELECT generate_series(1, 3) AS i"));
    int sum = 0;
    for (auto row : r) sum += row.get<int>("i");
    EXPECT_EQ(sum, 6);
    co_await c->script(raw(std::string{"CREATE TABLE public.t (i int); INSERT INTO public.t VALUES (1), (2)"}));
    result deleted = co_await c->execute(sql("DELETE FROM public.t WHERE i > $1", 1));
    EXPECT_EQ(deleted.affected_rows(), 1);
    result none = co_await c->execute(sql("SELECT 1 AS x WHERE false"));
    EXPECT_TRUE(none.empty());
    EXPECT_EQ(result{}.size(), 0);
  });
}

TEST_F(connection_to_server, a_script_returns_its_last_rows_and_stops_at_an_error) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    result r = co_await c->script(raw(std::string{"SELECT 1 AS x; SELECT 2 AS x"}));
    EXPECT_EQ(r.front().get<int>("x"), 2);
    r = co_await c->script(raw(std::string{"SELECT 3 AS x; SET work_mem = '5MB'; SET work_mem TO DEFAULT"}));
    EXPECT_EQ(r.front().get<int>("x"), 3);
    std::string state;
    try {
      co_await c->script(raw(std::string{"SELECT 1/0; CREATE TABLE public.never ()"}));
    } catch (const statement_error& e) {
      state = e.sqlstate();
    }
    EXPECT_EQ(state, "22012");
    EXPECT_TRUE(c->usable());
    EXPECT_FALSE(c->in_transaction());
    result gone = co_await c->execute(sql("SELECT to_regclass('public.never') IS NULL AS gone"));
    EXPECT_TRUE(gone.front().get<bool>("gone"));
  });
}

TEST_F(connection_to_server, values_of_megabytes_pass_both_ways) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    std::string large(20'000'000, 'x');
    result r = co_await c->execute(sql("SELECT $1::text AS t", large));
    EXPECT_EQ(r.front().get<std::string_view>("t"), large);
  });
}

TEST_F(connection_to_server, an_error_carries_the_servers_fields) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    co_await c->script(raw(std::string{"CREATE TABLE public.t (id int PRIMARY KEY); INSERT INTO public.t VALUES (1)"}));
    std::optional<statement_error> seen;
    try {
      co_await c->execute(sql("INSERT INTO public.t VALUES ($1)", 1));
    } catch (const statement_error& e) {
      seen = e;
    }
    EXPECT_TRUE(seen.has_value());
    if (!seen) co_return;
    EXPECT_EQ(seen->sqlstate(), sqlstate::unique_violation);
    EXPECT_EQ(seen->info().schema, "public");
    EXPECT_EQ(seen->info().table, "t");
    EXPECT_EQ(seen->info().constraint, "t_pkey");
    EXPECT_EQ(seen->info().detail, "Key (id)=(1) already exists.");
    EXPECT_EQ(seen->info().statement, "INSERT INTO public.t VALUES ($1)");
    EXPECT_THAT(seen->what(), ::testing::HasSubstr("23505"));
  });
}

TEST_F(connection_to_server, a_deadline_cancels_on_the_server) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    bool timed_out = false;
    try {
      co_await c->execute(sql("SELECT pg_sleep(600) /* deadline */"), 100ms);
    } catch (const timeout_error&) {
      timed_out = true;
    }
    EXPECT_TRUE(timed_out);
    EXPECT_FALSE(c->usable());
    EXPECT_TRUE(eventually([&] { return running("deadline") == "0"; }));
    co_await c->rollback();
    EXPECT_THAT(db_.server().log(), ::testing::HasSubstr("canceling statement due to user request"));
  });
}

TEST_F(connection_to_server, a_limit_is_for_several_statements_together) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    co_await c->script(raw("BEGIN"));
    c->limit(std::chrono::steady_clock::now() + 400ms);
    bool timed_out = false;
    int done = 0;
    try {
      for (; done < 100; ++done) co_await c->execute(sql("SELECT pg_sleep(0.05) /* limit */"), 10s);
    } catch (const timeout_error&) {
      timed_out = true;
    }
    EXPECT_TRUE(timed_out) << done;
    EXPECT_FALSE(c->usable());
    EXPECT_TRUE(eventually([&] { return running("limit") == "0"; }));
  });
}

TEST_F(connection_to_server, a_limit_does_not_outlast_its_transaction) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    for (const bool commit : {true, false}) {
      co_await c->script(raw("BEGIN"));
      c->limit(std::chrono::steady_clock::now() + 100ms);
      if (commit) {
        co_await c->commit();
      } else {
        co_await c->rollback();
      }
      result r = co_await c->execute(sql("SELECT pg_sleep(0.2), 2 AS x"));
      EXPECT_EQ(r.front().get<int>("x"), 2);
    }
  });
}

TEST_F(connection_to_server, an_answer_in_time_leaves_no_deadline_behind) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    co_await c->execute(sql("SELECT 1"), 1s);
    result r = co_await c->execute(sql("SELECT pg_sleep(1.2), 2 AS x"));
    EXPECT_EQ(r.front().get<int>("x"), 2);
  });
}

TEST_F(connection_to_server, the_sessions_statement_timeout_is_the_servers) {
  await([&]() -> asio::awaitable<void> {
    auto with_timeout = options();
    with_timeout.statement_timeout = 500ms;
    std::string state;
    bool usable = false;
    for (int tries = 0; tries < 3 && state.empty(); ++tries) {
      connection_ptr c = co_await connection::open(with_timeout);
      try {
        co_await c->execute(sql("SELECT pg_sleep(600)"));
      } catch (const statement_error& e) {
        state = e.sqlstate();
      } catch (const timeout_error&) {
        // The client outwaits the server by a second, which is not enough for one that stalls.
      }
      usable = c->usable();
    }
    EXPECT_EQ(state, sqlstate::query_canceled);
    EXPECT_TRUE(usable);
  });
}

TEST_F(connection_to_server, cancellation_cancels_on_the_server) {
  boost::asio::io_context io;
  boost::asio::cancellation_signal signal;
  std::exception_ptr failure;
  bool usable = true;
  auto activity = [&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    std::exception_ptr inner;
    try {
      co_await in_transaction(*c, raw(std::string{"BEGIN"}), [](connection& s) -> asio::awaitable<void> {
        co_await s.execute(sql("SELECT pg_sleep(600) /* cancelled */"));
      });
    } catch (...) {
      inner = std::current_exception();
    }
    usable = c->usable();
    std::rethrow_exception(inner);
  };
  boost::asio::co_spawn(io, activity(),
                        boost::asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e) { failure = e; }));
  EXPECT_TRUE(eventually([&] {
    io.poll();
    return running("cancelled") == "1";
  }));
  signal.emit(boost::asio::cancellation_type::terminal);
  io.run();
  EXPECT_FALSE(usable);
  try {
    ASSERT_TRUE(failure);
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& e) {
    EXPECT_EQ(e.code(), boost::asio::error::operation_aborted);
  }
  EXPECT_TRUE(eventually([&] { return running("cancelled") == "0"; }));
}

TEST_F(connection_to_server, an_io_context_that_ends_cancels_on_the_server) {
  {
    boost::asio::io_context io;
    auto activity = [&]() -> asio::awaitable<void> {
      connection_ptr c = co_await connection::open(options());
      co_await c->execute(sql("SELECT pg_sleep(600) /* destroyed */"), 10min);
    };
    boost::asio::co_spawn(io, activity(), boost::asio::detached);
    EXPECT_TRUE(eventually([&] {
      io.poll();
      return running("destroyed") == "1";
    }));
  }
  EXPECT_TRUE(eventually([&] { return running("destroyed") == "0"; }));
}

TEST_F(connection_to_server, a_terminated_session_is_a_connection_error) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    EXPECT_TRUE(c->usable());
    db_.sql("SELECT pg_terminate_backend(" + std::to_string(c->backend_pid()) + ", 5000)");
    std::string message;
    try {
      co_await c->execute(sql("SELECT 1"));
    } catch (const connection_error& e) {
      message = e.what();
    }
    EXPECT_THAT(message, ::testing::HasSubstr("terminating connection due to administrator command"));
    EXPECT_FALSE(c->usable());
    std::string after;
    try {
      co_await c->execute(sql("SELECT 1"));
    } catch (const connection_error& e) {
      after = e.what();
    }
    EXPECT_EQ(after, "the connection is closed");
    co_await c->rollback();
  });
}

TEST_F(connection_to_server, an_idle_session_that_was_terminated_is_not_usable) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    db_.sql("SELECT pg_terminate_backend(" + std::to_string(c->backend_pid()) + ", 5000)");
    EXPECT_TRUE(eventually([&] { return !c->usable(); }));
  });
}

// A coroutine that is cancelled between two statements cannot wait for ROLLBACK: the end of the connection rolls back.
TEST_F(connection_to_server, cancellation_between_statements_ends_the_transaction) {
  boost::asio::io_context io;
  boost::asio::cancellation_signal signal;
  connection_ptr c;
  bool aborted = false;
  auto body = [&io](connection& s) -> asio::awaitable<void> {
    co_await s.execute(sql("SELECT 1 /* between */"));
    boost::asio::steady_timer never{io, boost::asio::steady_timer::time_point::max()};
    co_await never.async_wait(asio::use_awaitable);
  };
  auto activity = [&]() -> asio::awaitable<void> {
    c = co_await connection::open(options());
    co_await in_transaction(*c, raw(std::string{"BEGIN"}), body);
  };
  boost::asio::co_spawn(io, activity(), boost::asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr e) {
                          try {
                            if (e) std::rethrow_exception(e);
                          } catch (const boost::system::system_error& s) {
                            aborted = s.code() == boost::asio::error::operation_aborted;
                          }
                        }));
  auto idle_in_transaction = [&] {
    return db_.value(
        "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE '%between%'");
  };
  EXPECT_TRUE(eventually([&] {
    io.poll();
    return idle_in_transaction() == "1";
  }));
  signal.emit(boost::asio::cancellation_type::terminal);
  io.run();
  EXPECT_TRUE(aborted);
  EXPECT_FALSE(c->usable());
  EXPECT_TRUE(eventually([&] { return idle_in_transaction() == "0"; }));
}

TEST_F(connection_to_server, notices_disturb_nothing) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    co_await c->script(
        raw(std::string{"SET client_min_messages = notice; DO $$BEGIN FOR i IN 1..1000 LOOP RAISE NOTICE "
                        "'%', repeat('x', 1000); END LOOP; END$$"}));
    result r = co_await c->execute(sql("SELECT 1 AS x"));
    EXPECT_EQ(r.front().get<int>("x"), 1);
  });
}

TEST_F(connection_to_server, copy_is_refused_rather_than_waited_for) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    std::string what;
    try {
      co_await c->script(raw(std::string{"COPY (SELECT 1) TO STDOUT"}));
    } catch (const error& e) {
      what = e.what();
    }
    EXPECT_THAT(what, ::testing::HasSubstr("COPY"));
    EXPECT_FALSE(c->usable());
  });
}

TEST_F(connection_to_server, thousands_of_statements_with_deadlines) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    for (int i = 0; i < 2000; ++i) {
      result r = co_await c->execute(sql("SELECT $1::int AS i", i), 30s);
      if (r.front().get<int>("i") != i) ADD_FAILURE() << i;
    }
    EXPECT_TRUE(c->usable());
  });
}

}  // namespace
}  // namespace eidolon::postgres
