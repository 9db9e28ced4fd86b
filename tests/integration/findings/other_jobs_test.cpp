// What one job leaves, or waits for, does not fail another one.
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class other_jobs : public held_job {};

// The old table of a job that is retaining has no policy or rule that mentions the other table.
TEST_F(other_jobs, on_a_table_that_a_retained_one_mentioned) {
  db_.sql(
      "CREATE TABLE app.p (id integer PRIMARY KEY, n integer); INSERT INTO app.p VALUES (1, 1); CREATE POLICY own ON "
      "app.t USING (EXISTS (SELECT FROM app.p WHERE p.id = t.id)); CREATE RULE pass AS ON INSERT TO app.t WHERE EXISTS "
      "(SELECT FROM app.p WHERE p.id = -NEW.id) DO INSTEAD NOTHING");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "keep_old=24h"});
  await_state("ready");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  await_state("retaining");
  const auto other = daemon_->submit("app.p", "ALTER COLUMN n TYPE bigint", {"--set", "keep_old=0s"});
  ASSERT_EQ(daemon_->wait(other, patience, "done"), 0) << told();
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_policy"), "1");
  ASSERT_EQ(daemon_->client({"drop-old", id_}).status, 0);
  await_state("done");
}

// A temporary view is there for a while; the job had been accepted before.
TEST_F(other_jobs, wait_for_a_temporary_view_when_their_turn_comes) {
  db_.sql("CREATE TABLE app.first (id integer PRIMARY KEY, n integer); INSERT INTO app.first VALUES (1, 1)");
  daemon_.emplace(db_.conninfo());
  const auto first = daemon_->submit("app.first", "ALTER COLUMN n TYPE bigint", {"--set", "copy_ratio=0"});
  submit();
  auto s = db_.session();
  s.sql("CREATE TEMP VIEW mine AS SELECT id FROM app.t");
  ASSERT_EQ(daemon_->client({"abort", first}).status, 0);
  EXPECT_TRUE(eventually(
      [&] { return boost::json::serialize(daemon_->job(id_).at("condition")).find("pg_temp") != std::string::npos; },
      patience))
      << told();
  EXPECT_EQ(daemon_->state(id_), "preparing");
  s.sql("DROP VIEW mine");
  await_state("ready");
  finish();
}

}  // namespace
}  // namespace eidolon::test
