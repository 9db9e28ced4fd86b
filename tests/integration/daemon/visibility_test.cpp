// The ghost's visibility map is set while the rows are copied, piece by piece, and whole when they have been.
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class visibility : public held_job {
 protected:
  void SetUp() override {}

  // A row fills a block, as far as the table may be filled.
  static constexpr const char* rows = "SELECT i, i, repeat('x', 600), i FROM generate_series(1, 16000) AS i";
  static constexpr const char* columns = "(id integer PRIMARY KEY, n integer, v text, slot integer)";

  std::string of_ghost(const std::string& what, const std::string& table = "t%") {
    return db_.value("SELECT " + what +
                     " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = '" + job_schema() +
                     "' AND c.relkind = 'r' AND c.relname LIKE '" + table + "'");
  }

  // What was written last may be unmarked, where somebody's snapshot was older.
  void expect_marked() {
    submit_and_hold();
    EXPECT_EQ(of_ghost("sum(relpages) >= 16000 AND sum(relpages - relallvisible) <= 1000"), "t")
        << of_ghost("sum(relpages) || ' ' || sum(relallvisible)");
  }
  // By a job that has ended its copy, with the last time for all; sessions tell the server with a delay.
  int times_vacuumed(const std::string& table, int expected) {
    const auto times = [&] { return std::stoi(of_ghost("max(pg_stat_get_vacuum_count(c.oid))", table)); };
    eventually([&] { return times() >= expected; }, std::chrono::seconds{5});
    return times();
  }
};

// shared_buffers of the tests' server is 16,384 blocks, a quarter of which is a step; the last 8,192 are left for the
// end.
TEST_F(visibility, of_a_table) {
  db_.sql(std::string{"CREATE SCHEMA app; CREATE TABLE app.t "} + columns +
          " WITH (fillfactor = 10, autovacuum_enabled = off); INSERT INTO app.t " + rows);
  expect_marked();
  EXPECT_GE(times_vacuumed("t", 3), 3);
  finish();
}

// Each partition when something has been written to it.
TEST_F(visibility, of_partitions) {
  db_.sql(std::string{"CREATE SCHEMA app; CREATE TABLE app.t "} + columns + " PARTITION BY RANGE (id)");
  for (const auto* bounds : {"1 FOR VALUES FROM (0) TO (1000)", "2 FOR VALUES FROM (1000) TO (12000)",
                             "3 FOR VALUES FROM (12000) TO (20000)"})
    db_.sql("CREATE TABLE app.t_" + std::string{bounds}.insert(1, " PARTITION OF app.t") +
            " WITH (fillfactor = 10, autovacuum_enabled = off)");
  db_.sql(std::string{"INSERT INTO app.t "} + rows);
  expect_marked();
  EXPECT_GE(times_vacuumed("t\\_2", 3), 3);
  EXPECT_EQ(times_vacuumed("t\\_1", 2), 2) << "nothing was written to it between the times";
  finish();
}

// An administrator's VACUUM of the ghost takes as long as it takes; the copy does not wait for it.
TEST_F(visibility, does_not_wait_for_who_has_the_table_to_himself) {
  db_.sql(std::string{"CREATE SCHEMA app; CREATE TABLE app.t "} + columns +
          " WITH (fillfactor = 10, autovacuum_enabled = off); INSERT INTO app.t " + rows);
  submit("ALTER COLUMN n TYPE bigint", {"--set", "copy_ratio=0"});
  await_state("copying");
  auto other = db_.session();
  other.sql("BEGIN; LOCK TABLE ONLY " + job_schema() + ".t IN SHARE UPDATE EXCLUSIVE MODE");
  ASSERT_EQ(daemon_->client({"set", id_, "copy_ratio=1"}).status, 0);
  EXPECT_EQ(daemon_->wait(id_, patience, "indexing"), 0) << told();
  EXPECT_EQ(daemon_->log().find("lock timeout"), std::string::npos) << daemon_->log();
  other.sql("COMMIT");
  await_state("ready");
  finish();
}

}  // namespace
}  // namespace eidolon::test
