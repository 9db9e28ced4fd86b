// COMMIT: done, rolled back, not sent, or in doubt.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "postgres/connection.hpp"
#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"
#include "tests/support/proxy.hpp"

namespace eidolon::postgres {
namespace {

using namespace std::chrono_literals;
using test::await;
using test::eventually;
using connection_ptr = std::unique_ptr<connection>;

raw_sql text(const char* s) { return raw(std::string{s}); }

class commit : public ::testing::Test {
 protected:
  commit() { db_.sql("CREATE TABLE public.t (i int)"); }
  std::string rows() const { return db_.value("SELECT count(*) FROM public.t"); }
  // COMMIT takes as long as this deferred trigger.
  void make_commit_slow(const std::string& action) const {
    db_.sql("CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN " + action +
            "; RETURN NULL; END$$; CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON public.t DEFERRABLE INITIALLY "
            "DEFERRED FOR EACH ROW EXECUTE FUNCTION public.slow()");
  }
  connect_options options() const { return {.conninfo = db_.conninfo(), .application_name = "eidolon commit"}; }
  test::database db_;
};

// What came of it, in one word.
asio::awaitable<std::string> insert_and_commit(connection& c) {
  try {
    co_await c.script(text("BEGIN; INSERT INTO public.t VALUES (1)"));
    co_await c.commit();
    co_return "committed";
  } catch (const in_doubt&) {
    co_return "in doubt";
  } catch (const connection_error&) {
    co_return "lost";
  } catch (const statement_error& e) {
    co_return std::string{e.sqlstate()};
  }
}

TEST_F(commit, commits) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    EXPECT_EQ(co_await insert_and_commit(*c), "committed");
    EXPECT_TRUE(c->usable());
    EXPECT_FALSE(c->in_transaction());
  });
  EXPECT_EQ(rows(), "1");
}

TEST_F(commit, of_a_failed_transaction_is_an_error) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    co_await c->script(text("BEGIN; INSERT INTO public.t VALUES (1)"));
    EXPECT_TRUE(c->in_transaction());
    std::string state;
    try {
      co_await c->script(text("SELECT 1/0"));
    } catch (const statement_error&) {
    }
    EXPECT_TRUE(c->in_transaction());
    try {
      co_await c->commit();
    } catch (const statement_error& e) {
      state = e.sqlstate();
    }
    EXPECT_EQ(state, sqlstate::in_failed_sql_transaction);
    EXPECT_TRUE(c->usable());
    EXPECT_FALSE(c->in_transaction());
  });
  EXPECT_EQ(rows(), "0");
}

TEST_F(commit, refused_by_a_deferred_constraint_is_that_error) {
  make_commit_slow("RAISE unique_violation");
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    EXPECT_EQ(co_await insert_and_commit(*c), "23505");
    EXPECT_TRUE(c->usable());
  });
  EXPECT_EQ(rows(), "0");
}

TEST_F(commit, is_in_doubt_when_the_backend_ends_meanwhile) {
  make_commit_slow("PERFORM pg_terminate_backend(pg_backend_pid())");
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    EXPECT_EQ(co_await insert_and_commit(*c), "in doubt");
    EXPECT_FALSE(c->usable());
  });
  EXPECT_EQ(rows(), "0");
}

TEST_F(commit, is_in_doubt_when_the_deadline_passes) {
  make_commit_slow("PERFORM pg_sleep(600)");
  await([&]() -> asio::awaitable<void> {
    auto short_timeout = options();
    short_timeout.statement_timeout = 100ms;
    connection_ptr c = co_await connection::open(short_timeout);
    // The server's own statement_timeout is out of the way: the client's deadline is what is tested.
    co_await c->script(text("SET statement_timeout = 0"));
    EXPECT_EQ(co_await insert_and_commit(*c), "in doubt");
  });
  EXPECT_EQ(rows(), "0");
}

// The answer is lost on its way: the transaction has committed all the same.
TEST_F(commit, is_in_doubt_when_its_answer_is_lost) {
  test::proxy wire{db_.server().port()};
  await([&]() -> asio::awaitable<void> {
    connect_options through{.conninfo = "host=127.0.0.1 port=" + std::to_string(wire.port()) +
                                        " user=postgres sslmode=disable dbname=" + db_.name()};
    connection_ptr c = co_await connection::open(through);
    co_await c->script(text("BEGIN; INSERT INTO public.t VALUES (1)"));
    wire.lose_next_answer();
    std::string outcome;
    try {
      co_await c->commit();
    } catch (const in_doubt&) {
      outcome = "in doubt";
    }
    EXPECT_EQ(outcome, "in doubt");
    EXPECT_FALSE(c->usable());
  });
  EXPECT_EQ(rows(), "1");
}

TEST_F(commit, is_not_sent_over_a_connection_that_was_lost_before) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    co_await c->script(text("BEGIN; INSERT INTO public.t VALUES (1)"));
    db_.sql("SELECT pg_terminate_backend(" + std::to_string(c->backend_pid()) + ", 5000)");
    std::string outcome;
    try {
      co_await c->commit();
    } catch (const in_doubt&) {
      outcome = "in doubt";
    } catch (const connection_error&) {
      outcome = "lost";
    }
    EXPECT_EQ(outcome, "lost");
  });
  EXPECT_EQ(rows(), "0");
}

TEST_F(commit, in_transaction_commits_and_returns_a_value) {
  int value = await([&]() -> asio::awaitable<int> {
    connection_ptr c = co_await connection::open(options());
    auto body = [](connection& s) -> asio::awaitable<int> {
      result r = co_await s.script(text("INSERT INTO public.t VALUES (7) RETURNING i"));
      co_return r.front().get<int>("i");
    };
    co_return co_await in_transaction(*c, text("BEGIN ISOLATION LEVEL REPEATABLE READ"), body);
  });
  EXPECT_EQ(value, 7);
  EXPECT_EQ(rows(), "1");
}

TEST_F(commit, in_transaction_rolls_back_and_rethrows) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    auto body = [](connection& s) -> asio::awaitable<void> {
      co_await s.script(text("INSERT INTO public.t VALUES (7)"));
      throw std::logic_error{"not this time"};
    };
    std::string what;
    try {
      co_await in_transaction(*c, text("BEGIN"), body);
    } catch (const std::logic_error& e) {
      what = e.what();
    }
    EXPECT_EQ(what, "not this time");
    EXPECT_TRUE(c->usable());
    EXPECT_FALSE(c->in_transaction());
  });
  EXPECT_EQ(rows(), "0");
}

}  // namespace
}  // namespace eidolon::postgres
