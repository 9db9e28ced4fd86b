// A partitioned table while partitions come, go and are rewritten under the job [A8].
#include "held_job.hpp"

namespace eidolon::test {
namespace {

class partitions : public held_job {
 protected:
  void SetUp() override {
    db_.sql(
        "CREATE SCHEMA app; CREATE TABLE app.t (id integer PRIMARY KEY, n integer, v text, slot integer) PARTITION BY "
        "RANGE (id); CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES FROM (0) TO (1000); "
        "CREATE TABLE app.t_2 PARTITION OF app.t FOR VALUES FROM (1000) TO (2000); "
        "CREATE TABLE app.t_3 PARTITION OF app.t FOR VALUES FROM (2000) TO (50000); "
        "INSERT INTO app.t SELECT i, i, 'v' || i, i FROM generate_series(1, 3000) AS i");
  }

  // The job ends without a trace, and the application can write all the same.
  void expect_clean_failure() {
    await_state("failed");
    const auto job = daemon_->job(id_);
    EXPECT_EQ(job.at("error").at("code").as_string(), "source_altered") << told();
    EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
    EXPECT_EQ(db_.value("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'eidolon%'"), "0");
    db_.sql("UPDATE app.t SET v = 'after' WHERE id % 7 = 0");
  }

  void fails_after(const std::string& change) {
    submit_and_hold();
    db_.sql(change);
    ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
    expect_clean_failure();
  }
};

TEST_F(partitions, created_meanwhile) {
  fails_after("CREATE TABLE app.t_4 PARTITION OF app.t FOR VALUES FROM (50000) TO (60000); INSERT INTO app.t VALUES (55000)");
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t"), "3001");
}

TEST_F(partitions, attached_meanwhile) {
  fails_after(
      "CREATE TABLE app.t_4 (LIKE app.t); INSERT INTO app.t_4 VALUES (55000); "
      "ALTER TABLE app.t ATTACH PARTITION app.t_4 FOR VALUES FROM (50000) TO (60000)");
}

TEST_F(partitions, detached_meanwhile) {
  fails_after("ALTER TABLE app.t DETACH PARTITION app.t_2");
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t_2"), "1000");
}

TEST_F(partitions, dropped_meanwhile) { fails_after("DROP TABLE app.t_2"); }

TEST_F(partitions, altered_by_themselves_meanwhile) { fails_after("CREATE INDEX later ON app.t_2 (n)"); }

TEST_F(partitions, with_a_view_of_one_that_comes_meanwhile) { fails_after("CREATE VIEW app.w AS SELECT id FROM app.t_2"); }

TEST_F(partitions, truncated_meanwhile) {
  submit_and_hold();
  db_.sql("TRUNCATE app.t_2; INSERT INTO app.t_2 SELECT i, i, 'again', i FROM generate_series(1500, 1600) AS i");
  finish();
}

TEST_F(partitions, rewritten_meanwhile) {
  submit_and_hold();
  db_.sql("DELETE FROM app.t_3 WHERE id % 2 = 0");
  db_.sql("VACUUM FULL app.t_3");
  finish();
}

// The triggers of one leaf: its log has a gap.
TEST_F(partitions, whose_triggers_are_disabled_for_a_load) {
  submit_and_hold();
  db_.sql("BEGIN; ALTER TABLE app.t_2 DISABLE TRIGGER ALL; UPDATE app.t_2 SET v = 'unseen'; "
          "ALTER TABLE app.t_2 ENABLE TRIGGER ALL; COMMIT");
  finish();
}

TEST_F(partitions, written_directly_and_through_the_root) {
  submit_and_hold();
  db_.sql("UPDATE app.t SET id = id + 10000 WHERE id BETWEEN 2 AND 500; DELETE FROM app.t_3 WHERE id > 2990; "
          "INSERT INTO app.t_1 VALUES (7, 7, 'leaf', 7); UPDATE app.t_2 SET v = 'leaf' WHERE id % 3 = 0");
  auto s = db_.session();
  s.sql("SET session_replication_role = replica");
  s.sql("UPDATE app.t_2 SET v = 'replica' WHERE id % 5 = 0");
  finish();
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                      "WHERE n.nspname = 'app' AND c.relkind IN ('r', 'p')"), "4");
}

// A writer that holds a lock on a leaf alone is in the way of the swap, like one on the table.
TEST_F(partitions, that_somebody_holds_a_lock_on_are_waited_for) {
  submit_and_hold();
  auto s = db_.session();
  s.sql("BEGIN");
  s.sql("UPDATE app.t_2 SET v = 'held' WHERE id = 1500");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
  EXPECT_TRUE(eventually([&] { return events().find("a lock is held by others") != std::string::npos; }, patience)) << told();
  EXPECT_EQ(db_.value("SELECT v FROM app.t WHERE id = 1"), "v1");  // nobody queues
  s.sql("COMMIT");
  await_state("done");
  EXPECT_EQ(db_.value("SELECT v FROM app.t WHERE id = 1500"), "held");
}

}  // namespace
}  // namespace eidolon::test
