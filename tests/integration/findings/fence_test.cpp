// Fence, lock, then snapshot, with the daemon's own opening of a batch.
#include <boost/json.hpp>

#include "batches.hpp"
#include "held_job.hpp"

namespace eidolon::test {
namespace {

using fence = held_job;
using postgres::connection;

// A batch of the old leader is under way: the new one does not get to work before it has ended,
// and what comes later under the old epoch is turned away.
TEST_F(fence, a_new_leader_waits_for_the_batches_of_the_old_one) {
  submit_and_hold();
  const auto old = fence_of(db_);
  auto batch = db_.session("application_name='late batch'");
  batch.sql(plan::begin_batch(plan::isolation::repeatable_read, {}).text);
  batch.sql("SELECT epoch FROM eidolon.leader");
  daemon_->kill();
  daemon_->start(daemon_process::until::it_answers);
  EXPECT_TRUE(eventually([&] {
    return db_.value(
               "SELECT count(*) FROM pg_locks WHERE relation = 'eidolon.leader'::regclass AND mode = 'ExclusiveLock' "
               "AND NOT granted") == "1";
  })) << "nobody waits for the batch";
  EXPECT_EQ(fence_of(db_).epoch, old.epoch);
  batch.sql("COMMIT");
  EXPECT_TRUE(eventually([&] { return fence_of(db_).epoch > old.epoch; }));
  with_connection(db_, [&](connection& c) -> boost::asio::awaitable<void> {
    co_await c.script(plan::begin_batch(plan::isolation::repeatable_read, {}));
    std::string state;
    try {
      co_await plan::check_fence(c, old);
    } catch (const postgres::statement_error& e) {
      state = e.sqlstate();
    }
    EXPECT_EQ(state, postgres::sqlstate::fenced);
    co_await c.rollback();
    co_await c.script(plan::begin_batch(plan::isolation::repeatable_read, {}));
    const auto now = fence_of(db_);
    co_await plan::check_fence(c, now);
    co_await c.rollback();
  });
  finish();
}

// The batch asks for its lock while a TRUNCATE holds the table. Its snapshot comes after the lock: it notices the
// other file. A snapshot from before would show an empty table as if nothing had happened.
TEST_F(fence, a_batch_that_waited_for_its_lock_sees_what_it_waited_for) {
  submit_and_hold();
  ASSERT_EQ(daemon_->stop(), 0);
  const auto p = plan_of(db_, id_);
  const auto f = fence_of(db_);
  auto other = db_.session();
  other.sql("BEGIN; TRUNCATE app.t");
  std::jthread release{[&] {
    eventually([&] {
      return db_.value("SELECT count(*) FROM pg_locks WHERE relation = 'app.t'::regclass AND NOT granted") == "1";
    });
    other.sql("COMMIT");
  }};
  with_connection(db_, [&](connection& c) -> boost::asio::awaitable<void> {
    const std::vector<std::string> locks{"ONLY " + plan::source_name(p) + " IN ACCESS SHARE MODE"};
    co_await c.script(plan::begin_batch(plan::isolation::repeatable_read, locks));
    std::optional<plan::source_changed::kind> changed;
    try {
      co_await plan::check_batch(c, p, f);
    } catch (const plan::source_changed& e) {
      changed = e.changed;
    }
    EXPECT_EQ(changed, plan::source_changed::kind::file);
    co_await c.rollback();
  });
  release.join();
  daemon_->start();
  await_state("ready");
  finish();
}

}  // namespace
}  // namespace eidolon::test
