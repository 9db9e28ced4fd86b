// A partitioned table while partitions come, go and are rewritten under the job.
#include "partitions.hpp"

#include <thread>

#include "tests/support/slow_commit.hpp"

namespace eidolon::test {
namespace {

TEST_F(partitions, created_meanwhile) {
  fails_after(
      "CREATE TABLE app.t_4 PARTITION OF app.t FOR VALUES FROM (50000) TO (60000); INSERT INTO app.t VALUES (55000)");
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t"), "3001");
}

// The plan does not know it, and the triggers that PostgreSQL puts on it do not help; but nothing has been copied yet,
// and the job is planned anew.
TEST_F(partitions, created_before_the_triggers) {
  auto s = db_.session();
  s.sql("BEGIN; LOCK TABLE app.t IN ROW EXCLUSIVE MODE");
  submit();
  ASSERT_TRUE(eventually([&] { return events().find("a lock is held by others") != std::string::npos; }, patience))
      << told();
  s.sql(
      "CREATE TABLE app.t_4 PARTITION OF app.t FOR VALUES FROM (50000) TO (60000); INSERT INTO app.t VALUES (55000); "
      "COMMIT");
  await_state("ready");
  finish();
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t_4"), "1");
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

TEST_F(partitions, with_a_materialized_view_of_one_that_comes_meanwhile) {
  submit_and_hold();
  db_.sql("CREATE MATERIALIZED VIEW app.w AS SELECT id FROM app.t_2");
  waits_at_the_cutover("app.w");
  db_.sql("DROP MATERIALIZED VIEW app.w");
  finish();
}

TEST_F(partitions, with_a_view_and_a_trigger_of_one_that_come_meanwhile) {
  submit_and_hold();
  db_.sql(
      "CREATE VIEW app.w AS SELECT id FROM app.t_2; CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS "
      "'BEGIN new.v := ''triggered''; RETURN new; END'; "
      "CREATE TRIGGER late BEFORE UPDATE ON app.t_2 FOR EACH ROW EXECUTE FUNCTION app.f()");
  finish();
  db_.sql("UPDATE app.t SET slot = -1 WHERE id = 1500");
  EXPECT_EQ(db_.value("SELECT v FROM app.t WHERE id = 1500"), "triggered");
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.w"), "1000");
}

TEST_F(partitions, with_foreign_keys_of_one_that_come_and_change_meanwhile) {
  db_.sql(
      "CREATE TABLE app.r (id integer PRIMARY KEY); INSERT INTO app.r SELECT generate_series(1, 3000); "
      "ALTER TABLE app.t_1 ADD CONSTRAINT early FOREIGN KEY (slot) REFERENCES app.r");
  submit_and_hold();
  db_.sql(
      "ALTER TABLE app.t_2 ADD CONSTRAINT late FOREIGN KEY (slot) REFERENCES app.r; "
      "CREATE TABLE app.l (t integer REFERENCES app.t_1); INSERT INTO app.l VALUES (5); "
      "ALTER TABLE app.t_1 RENAME CONSTRAINT early TO renamed");
  finish();
  EXPECT_EQ(
      db_.value(
          "SELECT string_agg(concat_ws(' ', conrelid::regclass, conname, confrelid::regclass, convalidated), ', ' "
          "ORDER BY conname) FROM pg_constraint WHERE contype = 'f' AND connamespace = 'app'::regnamespace"),
      "app.l l_t_fkey app.t_1 t, app.t_2 late app.r t, app.t_1 renamed app.r t");
  EXPECT_ANY_THROW(db_.sql("DELETE FROM app.t WHERE id = 5"));
  EXPECT_ANY_THROW(db_.sql("UPDATE app.t SET slot = 9999 WHERE id = 1500"));
}

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
  db_.sql(
      "BEGIN; ALTER TABLE app.t_2 DISABLE TRIGGER ALL; UPDATE app.t_2 SET v = 'unseen'; "
      "ALTER TABLE app.t_2 ENABLE TRIGGER ALL; COMMIT");
  finish();
}

TEST_F(partitions, written_directly_and_through_the_root) {
  submit_and_hold();
  db_.sql(
      "UPDATE app.t SET id = id + 10000 WHERE id BETWEEN 2 AND 500; DELETE FROM app.t_3 WHERE id > 2990; "
      "INSERT INTO app.t_1 VALUES (7, 7, 'leaf', 7); UPDATE app.t_2 SET v = 'leaf' WHERE id % 3 = 0");
  auto s = db_.session();
  s.sql("SET session_replication_role = replica");
  s.sql("UPDATE app.t_2 SET v = 'replica' WHERE id % 5 = 0");
  finish();
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                      "WHERE n.nspname = 'app' AND c.relkind IN ('r', 'p')"),
            "4");
}

// A writer that holds a lock on a leaf alone is in the way of the swap, like one on the table.
TEST_F(partitions, that_somebody_holds_a_lock_on_are_waited_for) {
  submit_and_hold();
  auto s = db_.session();
  s.sql("BEGIN");
  s.sql("UPDATE app.t_2 SET v = 'held' WHERE id = 1500");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
  EXPECT_TRUE(eventually([&] { return events().find("a lock is held by others") != std::string::npos; }, patience))
      << told();
  EXPECT_EQ(db_.value("SELECT v FROM app.t WHERE id = 1"), "v1");  // nobody queues
  s.sql("COMMIT");
  await_state("done");
  EXPECT_EQ(db_.value("SELECT v FROM app.t WHERE id = 1500"), "held");
}

// It was looked up before the swap was committed, and means the table that was there then.
TEST_F(partitions, that_a_function_in_flight_writes_to_do_not_take_the_row) {
  db_.sql(
      "CREATE FUNCTION app.g() RETURNS void LANGUAGE sql BEGIN ATOMIC UPDATE app.t_2 SET v = 'g' WHERE id = 1500; END");
  submit_and_hold();
  db_.sql(slow_commit_of_the_swap(1));
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
  auto s = db_.session();
  ASSERT_TRUE(eventually(
      [&] {
        return s.value(
                   "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'eidolon job % cutover' AND "
                   "query "
                   "= 'COMMIT'") == "1";
      },
      patience))
      << told();
  std::string objection;
  try {
    s.sql("SELECT app.g()");
  } catch (const std::exception& e) {
    objection = e.what();
  }
  EXPECT_NE(objection.find("has been replaced"), std::string::npos) << objection;
  await_state("done");
  s.sql("SELECT app.g()");
  EXPECT_EQ(db_.value("SELECT v FROM app.t WHERE id = 1500"), "g");
}

// The daemon and the table's owner have no right that they need not have.
class partitions_of_an_owner : public partitions {
 protected:
  void SetUp() override {
    partitions::SetUp();
    db_.sql("GRANT " + owner_.name() + " TO " + daemon_role_.name() + "; GRANT CREATE ON DATABASE " + db_.name() +
            " TO " + daemon_role_.name() + "; GRANT USAGE, CREATE ON SCHEMA app TO " + owner_.name());
    for (const std::string table : {"t", "t_1", "t_2", "t_3"})
      db_.sql("ALTER TABLE app." + table + " OWNER TO " + owner_.name());
    daemon_.emplace(db_.conninfo("user=" + daemon_role_.name()));
  }

  void TearDown() override {
    daemon_.reset();
    db_.sql("DROP OWNED BY " + owner_.name() + ", " + daemon_role_.name() + " CASCADE");
  }

  session as_owner() const { return db_.session("user=" + owner_.name()); }

  role owner_, daemon_role_;
};

// PostgreSQL asks for EXECUTE on the functions of the triggers that a new partition gets.
TEST_F(partitions_of_an_owner, created_and_attached_by_him) {
  submit_and_hold();
  as_owner().sql(
      "CREATE TABLE app.t_4 PARTITION OF app.t FOR VALUES FROM (50000) TO (60000); CREATE TABLE app.t_5 (LIKE app.t); "
      "ALTER TABLE app.t ATTACH PARTITION app.t_5 FOR VALUES FROM (60000) TO (70000); INSERT INTO app.t VALUES "
      "(65000)");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
  expect_clean_failure("source_altered");
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t"), "3001");
}

// The functions run as the daemon's role, and so would a cast to the type of the log.
TEST_F(partitions_of_an_owner, who_cannot_use_the_triggers_to_become_the_daemon) {
  submit_and_hold();
  auto s = as_owner();
  s.sql(
      "CREATE TYPE app.evil AS (id integer); CREATE TABLE app.of_his_own (id app.evil); "
      "CREATE FUNCTION app.escape(app.evil) RETURNS integer LANGUAGE plpgsql AS "
      "'BEGIN RAISE EXCEPTION ''runs as %'', current_user; END'; "
      "CREATE CAST (app.evil AS integer) WITH FUNCTION app.escape AS ASSIGNMENT; "
      "CREATE TRIGGER t AFTER INSERT ON app.of_his_own FOR EACH ROW EXECUTE FUNCTION " +
      job_schema() + ".log_new()");
  std::string objection;
  try {
    s.sql("INSERT INTO app.of_his_own VALUES (row(1))");
  } catch (const std::exception& e) {
    objection = e.what();
  }
  EXPECT_NE(objection.find("same_type"), std::string::npos) << objection;
  s.sql("DROP TABLE app.of_his_own");
  finish();
}

TEST_F(partitions_of_an_owner, created_by_somebody_else) {
  submit_and_hold();
  db_.sql("CREATE TABLE app.t_4 PARTITION OF app.t FOR VALUES FROM (50000) TO (60000)");
  ASSERT_EQ(daemon_->client({"abort", id_}).status, 0) << told();
  await_state("aborted");
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0") << told();
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'eidolon%'"), "0");
}

TEST_F(partitions_of_an_owner, created_by_somebody_else_before_the_cutover) {
  submit_and_hold();
  db_.sql("CREATE TABLE app.t_4 PARTITION OF app.t FOR VALUES FROM (50000) TO (60000)");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
  await_state("failed");
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0") << told();
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'eidolon%'"), "0");
}

// What foreign keys of a partitioned table become after the swap: those of its partitions are validated, and then the
// table's own is put on top of them.
class partitions_that_refer : public held_job {
 protected:
  void SetUp() override {
    db_.sql(
        "CREATE SCHEMA app; CREATE TABLE app.r (id integer PRIMARY KEY); INSERT INTO app.r SELECT generate_series(0, "
        "9); "
        "CREATE TABLE app.t (id integer PRIMARY KEY, n integer, v text, slot integer REFERENCES app.r ON DELETE "
        "CASCADE) "
        "PARTITION BY RANGE (id); "
        "CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES FROM (0) TO (1000) PARTITION BY RANGE (id); "
        "CREATE TABLE app.t_11 PARTITION OF app.t_1 FOR VALUES FROM (0) TO (500); "
        "CREATE TABLE app.t_12 PARTITION OF app.t_1 FOR VALUES FROM (500) TO (1000); "
        "CREATE TABLE app.t_2 PARTITION OF app.t FOR VALUES FROM (1000) TO (2000); "
        "CREATE TABLE app.l (id integer, t integer REFERENCES app.t); "
        "INSERT INTO app.t SELECT i, i, 'v' || i, i % 10 FROM generate_series(1, 1999) AS i; "
        "INSERT INTO app.l SELECT i, i FROM generate_series(1, 1999, 5) AS i");
    // Each statement of the validation takes a while.
    db_.sql(
        "CREATE FUNCTION public.dawdle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF current_setting('application_name') LIKE 'eidolon job % validate' THEN PERFORM pg_sleep(0.3); END IF; END "
        "$$; "
        "CREATE EVENT TRIGGER dawdle ON ddl_command_start WHEN tag IN ('ALTER TABLE') EXECUTE FUNCTION "
        "public.dawdle()");
  }

  std::string keys() const {
    return db_.value(
        "SELECT string_agg(concat_ws(' ', conrelid::regclass, conname, confrelid::regclass, convalidated, confdeltype, "
        "conislocal, coninhcount), ', ' ORDER BY conrelid::regclass::text, conname) FROM pg_constraint "
        "WHERE contype = 'f' AND connamespace = 'app'::regnamespace AND (conparentid = 0 OR confrelid = "
        "'app.r'::regclass)");
  }

  bool validates(const std::string& what) const {
    auto s = db_.session();
    return eventually(
        [&] {
          return s.value(
                     "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'eidolon job % validate' AND "
                     "state = 'active' AND query LIKE '%" +
                     what + "%'") != "0";
        },
        patience);
  }
};

TEST_F(partitions_that_refer, and_a_daemon_killed_while_they_are_validated) {
  const auto before = keys();
  submit_and_hold();
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
  for (const auto* what : {"VALIDATE CONSTRAINT", "\"t_1\" ADD CONSTRAINT", "\"t\" ADD CONSTRAINT"}) {
    ASSERT_TRUE(validates(what)) << what << told();
    daemon_->kill();
    daemon_->start();
  }
  await_state("done");
  EXPECT_EQ(keys(), before);
  EXPECT_EQ(daemon_->job(id_).at("warnings").as_array().size(), 0U) << told();
}

// Rows come, go and move, and partners with them, before the table's own key is there again.
TEST_F(partitions_that_refer, and_an_application_that_goes_on_while_they_are_validated) {
  const auto before = keys();
  submit_and_hold();
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
  ASSERT_TRUE(validates("VALIDATE CONSTRAINT")) << told();
  auto s = db_.session();
  EXPECT_ANY_THROW(s.sql("INSERT INTO app.t VALUES (0, 1, 'x', 77)"));
  s.sql("DELETE FROM app.t WHERE id = 1002");
  EXPECT_ANY_THROW(s.sql("UPDATE app.t SET slot = 77, id = 1002 WHERE id = 499"));
  EXPECT_ANY_THROW(s.sql("DELETE FROM app.t WHERE id = 6"));
  s.sql("DELETE FROM app.l WHERE t % 10 = 6");
  s.sql("DELETE FROM app.r WHERE id = 6");
  s.sql("CREATE TABLE app.t_3 PARTITION OF app.t FOR VALUES FROM (2000) TO (3000)");
  s.sql("UPDATE app.t SET id = 2500 WHERE id = 2");
  EXPECT_EQ(s.value("SELECT count(*) FROM app.t"), "1798");
  await_state("done");
  EXPECT_EQ(keys(), before + ", app.t_3 t_slot_fkey app.r t c f 1") << told();
  EXPECT_ANY_THROW(s.sql("INSERT INTO app.t VALUES (2001, 1, 'x', 77)"));
}

// Its name is not that of the table's key, and PostgreSQL renames one without a trace in the table's own catalog rows.
TEST_F(partitions_that_refer, and_a_key_of_one_that_is_renamed_meanwhile) {
  submit_and_hold();
  db_.sql("ALTER TABLE app.t_2 RENAME CONSTRAINT t_slot_fkey TO renamed");
  const auto before = keys();
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
  await_state("done");
  EXPECT_EQ(keys(), before);
}

// Adding the table's own key keeps every writer out: it does not queue behind one who takes his time, and what the
// application waits for it is counted.
TEST_F(partitions_that_refer, and_somebody_who_holds_a_lock_while_their_own_key_is_added) {
  const auto before = keys();
  submit("ALTER COLUMN n TYPE bigint", {"--set", "lock_timeout=900ms"});  // for which others would queue
  await_state("ready");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
  ASSERT_TRUE(validates("VALIDATE CONSTRAINT")) << told();
  auto holder = db_.session(), writer = db_.session();
  holder.sql("BEGIN; INSERT INTO app.r VALUES (100)");
  ASSERT_TRUE(eventually(
      [&] {
        const auto told_so = events();
        const auto adding = told_so.find("adding a foreign key");
        return adding != std::string::npos &&
               told_so.find("did not begin, a lock is held by others", adding) != std::string::npos;
      },
      patience))
      << told();
  writer.sql("SET lock_timeout = '500ms'");
  for (int i = 101; i < 140; ++i) {
    EXPECT_NO_THROW(writer.sql("INSERT INTO app.r VALUES (" + std::to_string(i) + ")"));
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  holder.sql("COMMIT");
  await_state("done");
  EXPECT_EQ(keys(), before);
  EXPECT_NE(events().find("adding a foreign key of \\\"app\\\".\\\"t\\\": attempt"), std::string::npos) << events();
}

// The table's own key waits for those of its partitions: PostgreSQL never looks at the rows while nobody can write.
TEST_F(partitions_that_refer, and_a_row_without_a_partner_that_is_mended_after_the_swap) {
  const auto before = keys();
  submit_and_hold();
  db_.sql("SET session_replication_role = replica; UPDATE app.t SET slot = 77 WHERE id = 1500");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
  ASSERT_TRUE(eventually([&] { return events().find("stays NOT VALID") != std::string::npos; }, patience)) << told();
  auto s = db_.session();
  EXPECT_ANY_THROW(s.sql("INSERT INTO app.t VALUES (0, 1, 'x', 77)"));
  EXPECT_EQ(s.value("SELECT count(*) FROM pg_constraint WHERE conrelid = 'app.t'::regclass AND contype = 'f'"), "0");
  s.sql("DELETE FROM app.t WHERE id = 1500");
  await_state("done");
  EXPECT_EQ(keys(), before);
  EXPECT_EQ(daemon_->job(id_).at("warnings").as_array().size(), 1U) << told();
}

}  // namespace
}  // namespace eidolon::test
