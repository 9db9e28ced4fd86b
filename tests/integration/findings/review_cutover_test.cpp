// What the application sees of cutovers that cannot succeed yet, and of old tables that are kept.
#include <chrono>

#include "held_job.hpp"

namespace eidolon::test {
namespace {

using cutover_attempts = held_job;
using clock = std::chrono::steady_clock;

// An attempt takes the ghost's lock, which the application does not know, before it asks for the source's
// (cutover::lock_transaction, `first`). The other way round every writer would wait as long as the attempt does,
// here 900 ms.
TEST_F(cutover_attempts, do_not_ask_for_the_source_while_the_ghost_is_locked) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "lock_timeout=900ms"});
  await_state("ready");
  auto holder = db_.session();
  holder.sql("BEGIN; LOCK TABLE " + job_schema() + ".t IN SHARE UPDATE EXCLUSIVE MODE");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  const auto waits_for = [this](const std::string& table) {
    return db_.value("SELECT count(*) FROM pg_locks WHERE relation = '" + table +
                     "'::regclass AND mode = 'AccessExclusiveLock'") != "0";
  };
  ASSERT_TRUE(eventually([&] { return waits_for(job_schema() + ".t"); })) << told();
  auto writer = db_.session();
  clock::duration longest{};
  const auto end = clock::now() + std::chrono::seconds{4};
  for (int i = 1; clock::now() < end; ++i) {
    const auto begin = clock::now();
    writer.sql("UPDATE app.t SET n = n + 1 WHERE id = " + std::to_string(i % row_count + 1));
    longest = std::max(longest, clock::now() - begin);
    if (i % 10 == 0) {
      EXPECT_FALSE(waits_for("app.t"));
    }
  }
  EXPECT_LT(longest, std::chrono::milliseconds{200});
  const auto expected = content();
  holder.sql("COMMIT");
  await_state("done");
  EXPECT_EQ(content(), expected);
}

// The old table is kept for whoever wants to look at it; the new one is an ordinary table
// (daemon/sql/unfinished_job_of.sql).
TEST_F(cutover_attempts, of_another_job_need_not_wait_for_the_old_table) {
  daemon_.emplace(db_.conninfo());
  const auto first = daemon_->submit("app.t", "ALTER COLUMN n TYPE bigint", {"--set", "keep_old=1h"});
  ASSERT_EQ(daemon_->wait(first, patience, "retaining"), 0) << daemon_->log();
  id_ = daemon_->submit("app.t", "ADD COLUMN w integer DEFAULT 7", {"--set", "keep_old=0s"});
  await_state("done");
  EXPECT_EQ(daemon_->state(first), "retaining");
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t WHERE w = 7"), std::to_string(row_count));
  EXPECT_EQ(db_.value("SELECT count(*) FROM eidolon_" + first + "_old.t"), std::to_string(row_count));
  ASSERT_EQ(daemon_->client({"drop-old", first}).status, 0);
  EXPECT_EQ(daemon_->wait(first, patience, "done"), 0) << daemon_->log();
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
}

}  // namespace
}  // namespace eidolon::test
