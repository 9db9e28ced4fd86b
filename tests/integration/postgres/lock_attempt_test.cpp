// One deadline for all locks of an attempt; who is in the way, and clearing it.
#include "postgres/lock_attempt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"

namespace eidolon::postgres {
namespace {

using namespace std::chrono_literals;
using connection_ptr = std::unique_ptr<connection>;
using test::await;
using test::eventually;

raw_sql text(const std::string& s) { return raw(s); }
std::vector<lock_target> one(std::uint32_t table, const std::string& mode) { return {{table, mode}}; }

// A run tells whether it was in time. A machine that stalls spoils some; what is wrong spoils each.
template <class Run>
bool is_in_time_once(Run run) {
  for (int runs = 0; runs < 5; ++runs)
    if (await(run)) return true;
  return false;
}

class lock_attempt : public ::testing::Test {
 protected:
  lock_attempt() { db_.sql("CREATE TABLE public.a (i int); CREATE TABLE public.b (); CREATE TABLE public.c ()"); }
  connect_options options() const { return {.conninfo = db_.conninfo(), .application_name = "eidolon lock"}; }
  std::uint32_t oid(const std::string& table) const {
    return static_cast<std::uint32_t>(std::stoul(db_.value("SELECT 'public." + table + "'::regclass::oid")));
  }
  test::session holding(const std::string& statements, const std::string& name = "application") const {
    auto s = db_.session("application_name=" + name);
    s.sql("BEGIN; " + statements);
    return s;
  }
  test::database db_;
};

// Three locks, each free for the last 200 ms or so of a wait: per-lock timeouts would add up.
TEST_F(lock_attempt, one_deadline_covers_all_locks) {
  auto holder = holding("LOCK TABLE public.c IN ACCESS SHARE MODE");
  const bool in_time = is_in_time_once([&]() -> asio::awaitable<bool> {
    connection_ptr c = co_await connection::open(options());
    const auto begin = std::chrono::steady_clock::now();
    lock_deadline deadline{300ms};
    co_await c->script(text("BEGIN"));
    const auto first = std::chrono::steady_clock::now();
    co_await deadline.take(*c, text("LOCK TABLE public.a IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.1)"));
    co_await deadline.take(*c, text("LOCK TABLE public.b IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.1)"));
    EXPECT_LE(deadline.left(), 100ms);
    std::string state;
    try {
      co_await deadline.take(*c, text("LOCK TABLE public.c IN ACCESS EXCLUSIVE MODE"));
    } catch (const statement_error& e) {
      state = e.sqlstate();
    }
    const auto end = std::chrono::steady_clock::now();
    EXPECT_EQ(state, sqlstate::lock_not_available);
    EXPECT_GE(end - begin, 290ms);
    EXPECT_LE(deadline.waited(), end - first);
    EXPECT_EQ(deadline.left(), 0ms);
    co_await c->rollback();
    co_return end - begin < 500ms && end - first - deadline.waited() < 10ms;
  });
  EXPECT_TRUE(in_time);
}

// The same in one round trip: the server shortens the wait for each.
TEST_F(lock_attempt, one_deadline_covers_locks_that_are_sent_together) {
  auto holder = holding("LOCK TABLE public.c IN ACCESS SHARE MODE");
  const std::vector<std::string> locks{"LOCK TABLE public.a IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.2)",
                                       "LOCK TABLE public.b IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(0.2)",
                                       "LOCK TABLE public.c IN ACCESS EXCLUSIVE MODE"};
  const std::vector<std::string> free(locks.begin(), locks.begin() + 2), none;
  const bool in_time = is_in_time_once([&]() -> asio::awaitable<bool> {
    connection_ptr c = co_await connection::open(options());
    const auto begin = std::chrono::steady_clock::now();
    lock_deadline deadline{600ms};
    co_await c->script(text("BEGIN"));
    const auto first = std::chrono::steady_clock::now();
    std::string state;
    try {
      co_await deadline.take_each(*c, locks);
    } catch (const statement_error& e) {
      state = e.sqlstate();
    }
    const auto end = std::chrono::steady_clock::now();
    EXPECT_EQ(state, sqlstate::lock_not_available);
    EXPECT_GE(end - begin, 590ms);
    EXPECT_LE(deadline.waited(), end - first);
    co_await c->rollback();
    co_return end - begin < 900ms && end - first - deadline.waited() < 10ms;
  });
  EXPECT_TRUE(in_time);
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    lock_deadline spent{0ms};
    co_await c->script(text("BEGIN"));
    co_await spent.take_each(*c, free);
    co_await spent.take_each(*c, none);
    result held = co_await c->execute(
        sql("SELECT count(*) AS n FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND "
            "pid = pg_backend_pid() AND relation::regclass::text IN ('a', 'b', 'public.a', 'public.b')"));
    EXPECT_EQ(held.front().get<int>("n"), 2);
    co_await c->rollback();
  });
}

// I7: the snapshot of a REPEATABLE READ transaction comes after its locks.
TEST_F(lock_attempt, takes_no_snapshot) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    lock_deadline deadline{300ms};
    co_await c->script(text("BEGIN ISOLATION LEVEL REPEATABLE READ"));
    co_await deadline.take(*c, text("LOCK TABLE public.a IN ACCESS SHARE MODE"));
    db_.sql("INSERT INTO public.a VALUES (1)");
    result r = co_await c->execute(sql("SELECT count(*) AS n FROM public.a"));
    EXPECT_EQ(r.front().get<int>("n"), 1);
    co_await c->rollback();
  });
}

TEST_F(lock_attempt, a_spent_deadline_still_takes_what_is_free) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    lock_deadline spent{0ms};
    co_await c->script(text("BEGIN"));
    co_await spent.take(*c, text("LOCK TABLE public.a IN ACCESS EXCLUSIVE MODE"));
    co_await c->rollback();
  });
}

TEST_F(lock_attempt, the_servers_deadlock_timeout_is_not_the_sessions_own) {
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    milliseconds timeout = co_await server_deadlock_timeout(*c);
    EXPECT_EQ(timeout, 1s);
  });
}

TEST_F(lock_attempt, names_holders_and_waiters_that_conflict) {
  auto reader = holding("SELECT * FROM public.a", "reader");
  auto writer = holding("INSERT INTO public.a VALUES (1)", "writer");
  auto elsewhere = holding("INSERT INTO public.b DEFAULT VALUES", "elsewhere");
  auto ours = holding("LOCK TABLE public.a IN SHARE UPDATE EXCLUSIVE MODE", "'eidolon job 1 copy'");
  auto waiter = holding("SELECT 1", "waiter");
  waiter.send("LOCK TABLE public.a IN ACCESS EXCLUSIVE MODE");
  EXPECT_TRUE(eventually([&] { return db_.value("SELECT count(*) FROM pg_locks WHERE NOT granted") == "1"; }));
  auto names = [](const std::vector<blocker>& all) {
    std::vector<std::string> result;
    for (const auto& b : all) result.push_back(b.application_name);
    return result;
  };
  auto table = oid("a"), other = oid("b");
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    auto everyone = co_await find_blockers(*c, one(table, "ACCESS EXCLUSIVE"));
    EXPECT_THAT(names(everyone), ::testing::ElementsAre("reader", "writer", "waiter"));
    auto writers = co_await find_blockers(*c, one(table, "SHARE ROW EXCLUSIVE"));
    EXPECT_THAT(names(writers), ::testing::ElementsAre("writer", "waiter"));
    auto exclusive = co_await find_blockers(*c, one(table, "ACCESS SHARE"));
    EXPECT_THAT(names(exclusive), ::testing::ElementsAre("waiter"));
    auto wanted = one(table, "ACCESS SHARE");
    wanted.push_back(one(other, "SHARE ROW EXCLUSIVE").front());
    auto of_both = co_await find_blockers(*c, wanted);
    EXPECT_THAT(names(of_both), ::testing::UnorderedElementsAre("elsewhere", "waiter"));
    EXPECT_EQ(everyone.at(0).pid, reader.pid());
    EXPECT_EQ(everyone.at(0).kind, "client backend");
    EXPECT_THAT(everyone.at(0).query, ::testing::HasSubstr("SELECT * FROM public.a"));
    EXPECT_GT(everyone.at(0).seconds, 0);
    EXPECT_NE(everyone.at(0).query_start, "");
    EXPECT_FALSE(everyone.at(0).anti_wraparound);
    EXPECT_FALSE(everyone.at(0).waiting);
    EXPECT_TRUE(everyone.at(2).waiting);
    EXPECT_FALSE(may_be_cleared(everyone.at(2))) << "it goes on when the others have gone";
  });
}

TEST_F(lock_attempt, names_prepared_transactions) {
  auto s = holding("INSERT INTO public.a VALUES (1); PREPARE TRANSACTION 'forgotten'");
  auto table = oid("a");
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    auto blockers = co_await find_blockers(*c, one(table, "SHARE ROW EXCLUSIVE"));
    EXPECT_EQ(blockers.size(), 1U);
    if (blockers.empty()) co_return;
    EXPECT_EQ(blockers[0].pid, 0);
    EXPECT_EQ(blockers[0].kind, "prepared transaction");
    EXPECT_EQ(blockers[0].application_name, "forgotten");
    co_await clear_blockers(*c, blockers, force::terminate);
  });
  db_.sql("ROLLBACK PREPARED 'forgotten'");
}

// A pooler may have given the session to somebody else since it was looked at.
TEST_F(lock_attempt, clears_nobody_whose_transaction_is_younger_than_what_was_found) {
  auto reader = holding("SELECT * FROM public.a", "reader");
  auto table = oid("a");
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    auto blockers = co_await find_blockers(*c, one(table, "ACCESS EXCLUSIVE"));
    EXPECT_EQ(blockers.size(), 1U);
    if (blockers.empty()) co_return;
    blockers[0].seconds += 60;
    co_await clear_blockers(*c, blockers, force::terminate);
  });
  EXPECT_EQ(reader.value("SELECT 1"), "1");
}

TEST_F(lock_attempt, a_role_without_rights_sees_that_somebody_is_there) {
  test::role plain;
  auto reader = holding("SELECT * FROM public.a", "reader");
  auto table = oid("a");
  await([&]() -> asio::awaitable<void> {
    connect_options as_role{.conninfo = db_.conninfo("user=" + plain.name()), .application_name = "eidolon"};
    connection_ptr c = co_await connection::open(as_role);
    auto blockers = co_await find_blockers(*c, one(table, "ACCESS EXCLUSIVE"));
    EXPECT_EQ(blockers.size(), 1U);
    if (blockers.empty()) co_return;
    EXPECT_EQ(blockers[0].pid, reader.pid());
    EXPECT_EQ(blockers[0].kind, "unknown");
    co_await clear_blockers(*c, blockers, force::terminate);
    blockers[0].kind = "client backend";
    co_await clear_blockers(*c, blockers, force::terminate);
    EXPECT_TRUE(c->usable());
  });
  EXPECT_EQ(reader.value("SELECT 1"), "1");
}

// One may validate a foreign key for minutes.
TEST_F(lock_attempt, finds_another_jobs_sessions_and_not_its_own) {
  auto own = holding("LOCK TABLE public.a IN SHARE UPDATE EXCLUSIVE MODE", "'eidolon job 1 apply'");
  auto other = holding("LOCK TABLE public.a IN ROW SHARE MODE", "'eidolon job 12 validate'");
  const auto table = oid("a");
  await([&]() -> asio::awaitable<void> {
    auto as_job = options();
    as_job.application_name = "eidolon job 1 cutover";
    connection_ptr c = co_await connection::open(as_job);
    auto found = co_await find_blockers(*c, one(table, "ACCESS EXCLUSIVE"));
    EXPECT_EQ(found.size(), 1U);
    EXPECT_EQ(found.empty() ? "" : found.front().application_name, "eidolon job 12 validate");
  });
}

// Whatever a blocker was when it was found, the one that is signalled is looked at again.
TEST_F(lock_attempt, never_ends_another_job_or_replication) {
  auto other_job = holding("LOCK TABLE public.a IN ROW EXCLUSIVE MODE", "'eidolon job 9 copy'");
  auto sender = db_.session("replication=database application_name=sender");
  sender.sql("BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ");
  sender.sql("SELECT count(*) FROM public.a");
  const auto kind_of = [&](int pid) {
    return db_.value("SELECT backend_type FROM pg_stat_activity WHERE pid = " + std::to_string(pid));
  };
  EXPECT_EQ(kind_of(sender.pid()), "walsender");
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    std::vector<blocker> mistaken(2);
    mistaken[0].pid = other_job.pid();
    mistaken[1].pid = sender.pid();
    for (auto& b : mistaken) b.kind = "client backend";
    co_await clear_blockers(*c, mistaken, force::cancel);
    co_await clear_blockers(*c, mistaken, force::terminate);
  });
  EXPECT_EQ(kind_of(other_job.pid()), "client backend");
  EXPECT_EQ(kind_of(sender.pid()), "walsender");
  const auto cleared = [](const std::string& kind, const std::string& name, bool anti_wraparound = false) {
    blocker b;
    b.kind = kind;
    b.application_name = name;
    b.anti_wraparound = anti_wraparound;
    return may_be_cleared(b);
  };
  EXPECT_TRUE(cleared("client backend", "app"));
  EXPECT_FALSE(cleared("client backend", "eidolon job 9 copy"));
  EXPECT_FALSE(cleared("client backend", "eidolon plan 9"));
  EXPECT_FALSE(cleared("walsender", ""));
  EXPECT_TRUE(cleared("autovacuum worker", ""));
  EXPECT_FALSE(cleared("autovacuum worker", "", true));
}

TEST_F(lock_attempt, cancels_statements_and_terminates_sessions) {
  auto busy = holding("LOCK TABLE public.a IN ROW EXCLUSIVE MODE");
  busy.send("SELECT pg_sleep(600)");
  auto idle = holding("LOCK TABLE public.a IN ROW EXCLUSIVE MODE");
  auto table = oid("a");
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options());
    auto blockers = co_await find_blockers(*c, one(table, "ACCESS EXCLUSIVE"));
    EXPECT_EQ(blockers.size(), 2U);
    co_await clear_blockers(*c, blockers, force::none);
    co_await clear_blockers(*c, blockers, force::cancel);
    std::string cancelled;
    try {
      busy.finish();
    } catch (const test::sql_failure& e) {
      cancelled = e.sqlstate;
    }
    EXPECT_EQ(cancelled, sqlstate::query_canceled);
    // A session that idles in its transaction has nothing to cancel.
    auto left = co_await find_blockers(*c, one(table, "ACCESS EXCLUSIVE"));
    EXPECT_EQ(left.size(), 1U);
    co_await clear_blockers(*c, left, force::terminate);
    lock_deadline deadline{5s};
    co_await c->script(text("BEGIN"));
    co_await deadline.take(*c, text("LOCK TABLE public.a IN ACCESS EXCLUSIVE MODE"));
    co_await c->rollback();
  });
  EXPECT_THROW(idle.sql("SELECT 1"), test::sql_failure);
}

}  // namespace
}  // namespace eidolon::postgres
