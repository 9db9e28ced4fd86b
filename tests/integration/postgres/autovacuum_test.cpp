// An autovacuum in the way of a lock: it gives way to a session with a short deadlock_timeout,
// unless it prevents wraparound.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "postgres/lock_attempt.hpp"
#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"

namespace eidolon::postgres {
namespace {

using namespace std::chrono_literals;
using connection_ptr = std::unique_ptr<connection>;
using test::await;
using test::eventually;

// Autovacuum comes at once, and takes its time over the table.
class autovacuum_in_the_way : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<test::cluster>(
        test::cluster_options{.settings = {{"autovacuum_naptime", "1s"}, {"autovacuum_freeze_max_age", "100000"}}});
  }
  static void TearDownTestSuite() { server_.reset(); }

  void create_table(const std::string& options) {
    db_.sql(
        "CREATE TABLE public.t (i int) WITH (autovacuum_vacuum_cost_limit = 1, autovacuum_vacuum_cost_delay = 100, " +
        options + "); INSERT INTO public.t SELECT generate_series(1, 100000)");
  }
  void wait_for_vacuum() {
    ASSERT_TRUE(eventually(
        [&] {
          return db_.value(
                     "SELECT count(*) FROM pg_stat_activity a JOIN pg_locks l USING (pid) WHERE l.relation = "
                     "'public.t'::regclass AND a.backend_type = 'autovacuum worker'") != "0";
        },
        180s));
  }
  std::vector<lock_target> wanted() const {
    return {
        {static_cast<std::uint32_t>(std::stoul(db_.value("SELECT 'public.t'::regclass::oid"))), "ACCESS EXCLUSIVE"}};
  }
  // The SQLSTATE of one attempt at ACCESS EXCLUSIVE with 300 ms, "" when the lock came.
  asio::awaitable<std::string> attempt(connection& c) {
    std::string state;
    lock_deadline deadline{300ms};
    co_await c.script(raw(std::string{"BEGIN"}));
    auto lock = raw(std::string{"LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE"});
    try {
      co_await deadline.take(c, lock);
    } catch (const statement_error& e) {
      state = e.sqlstate();
    }
    co_await c.rollback();
    co_return state;
  }

  static inline std::unique_ptr<test::cluster> server_;
  test::database db_{*server_};
};

TEST_F(autovacuum_in_the_way, gives_way_only_to_a_short_deadlock_timeout) {
  create_table("autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0");
  db_.sql("DELETE FROM public.t WHERE i % 2 = 0");
  wait_for_vacuum();
  connect_options options{.conninfo = db_.conninfo(), .application_name = "eidolon"};
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options);
    auto blockers = co_await find_blockers(*c, wanted());
    EXPECT_EQ(blockers.size(), 1U);
    if (blockers.empty()) co_return;
    EXPECT_EQ(blockers[0].kind, "autovacuum worker");
    EXPECT_FALSE(blockers[0].anti_wraparound);
    co_await c->script(raw(std::string{"SET deadlock_timeout = '1s'"}));
    std::string with_the_servers = co_await attempt(*c);
    EXPECT_EQ(with_the_servers, sqlstate::lock_not_available);
    // A worker that is told to go may need longer than one attempt.
    connection_ptr own = co_await connection::open(options);
    std::string with_its_own = co_await attempt(*own);
    for (int more = 0; more < 4 && !with_its_own.empty(); ++more) with_its_own = co_await attempt(*own);
    EXPECT_EQ(with_its_own, "");
  });
}

TEST_F(autovacuum_in_the_way, is_left_alone_when_it_prevents_wraparound) {
  create_table("autovacuum_enabled = false");
  db_.sql(
      "CREATE TABLE public.burnt (i int); DO $$BEGIN FOR i IN 1..101000 LOOP BEGIN INSERT INTO public.burnt VALUES "
      "(i); "
      "EXCEPTION WHEN others THEN NULL; END; END LOOP; END$$");
  wait_for_vacuum();
  connect_options options{.conninfo = db_.conninfo(), .application_name = "eidolon"};
  await([&]() -> asio::awaitable<void> {
    connection_ptr c = co_await connection::open(options);
    auto blockers = co_await find_blockers(*c, wanted());
    EXPECT_EQ(blockers.size(), 1U);
    if (blockers.empty()) co_return;
    EXPECT_TRUE(blockers[0].anti_wraparound);
    co_await clear_blockers(*c, blockers, force::terminate);
    std::string state = co_await attempt(*c);
    EXPECT_EQ(state, sqlstate::lock_not_available);
    auto after = co_await find_blockers(*c, wanted());
    EXPECT_EQ(after.size(), 1U);
    EXPECT_TRUE(!after.empty() && after[0].pid == blockers[0].pid);
  });
}

}  // namespace
}  // namespace eidolon::postgres
