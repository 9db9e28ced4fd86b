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

  std::string of_ghost(const std::string& what) {
    return db_.value("SELECT " + what +
                     " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE nspname = '" + job_schema() +
                     "' AND c.relkind = 'r' AND c.relname LIKE 't%'");
  }

  void expect_marked() {
    submit_and_hold();
    // Every table of the ghost ends with a block that may still be written to.
    EXPECT_EQ(of_ghost("sum(relpages) >= 16000 AND sum(relpages - relallvisible) <= count(*)"), "t")
        << of_ghost("sum(relpages) || ' ' || sum(relallvisible)");
  }
  bool vacuumed_more_than_once() {
    return eventually([&] { return of_ghost("max(pg_stat_get_vacuum_count(c.oid)) > 1") == "t"; });
  }
};

TEST_F(visibility, of_a_table) {
  db_.sql(std::string{"CREATE SCHEMA app; CREATE TABLE app.t "} + columns +
          " WITH (fillfactor = 10, autovacuum_enabled = off); INSERT INTO app.t " + rows);
  expect_marked();
  EXPECT_TRUE(vacuumed_more_than_once());
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
  EXPECT_TRUE(vacuumed_more_than_once());
  finish();
}

}  // namespace
}  // namespace eidolon::test
