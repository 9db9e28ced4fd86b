// What goes wrong in the few milliseconds in which the daemon holds something that the application needs, or changes
// what the application changes as well.
#include <signal.h>

#include <chrono>

#include "held_job.hpp"
#include "tests/support/held_in_turns.hpp"

namespace eidolon::test {
namespace {

using clock = std::chrono::steady_clock;

class worst_moment : public held_job {
 protected:
  // A GRANT changes the table's row of pg_class and locks nothing else: the cutover meets it when it moves the table,
  // with all of its locks held.
  session begin_grant() {
    auto s = db_.session();
    s.sql("BEGIN; GRANT SELECT ON app.t TO PUBLIC");
    return s;
  }
  bool waits_for_a_transaction(const std::string& activity) {
    return eventually([&] {
      return db_.value(
                 "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND "
                 "l.locktype = 'transactionid' AND a.application_name = 'eidolon job " +
                 id_ + " " + activity + "'") != "0";
    });
  }
  void hold_with_patience() {
    submit("ALTER COLUMN n TYPE bigint", {"--set", "lock_timeout=900ms"});
    await_state("ready");
  }
};

// cutover::transact: a daemon that stops, or whose network does, while it holds the application's table.
TEST_F(worst_moment, a_daemon_that_stops_under_its_locks_loses_them_soon) {
  hold_with_patience();
  auto grant = begin_grant();
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  ASSERT_TRUE(waits_for_a_transaction("cutover")) << told();
  ::kill(daemon_->pid(), SIGSTOP);
  grant.sql("ROLLBACK");
  const auto began = clock::now();
  db_.sql("UPDATE app.t SET v = 'after' WHERE id = 1");
  EXPECT_LT(clock::now() - began, std::chrono::seconds{20});
  ::kill(daemon_->pid(), SIGCONT);
  await_state("done");
  EXPECT_EQ(db_.value("SELECT v FROM app.t WHERE id = 1"), "after");
}

// postgres::is_catalog_race: PostgreSQL has no SQLSTATE of its own for two who change one row of a catalog.
TEST_F(worst_moment, a_grant_that_is_committed_meanwhile_costs_an_attempt_and_not_the_job) {
  hold_with_patience();
  auto grant = begin_grant();
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  ASSERT_TRUE(waits_for_a_transaction("cutover")) << told();
  grant.sql("COMMIT");
  await_state("done");
  EXPECT_EQ(db_.value("SELECT has_table_privilege('public', 'app.t', 'SELECT')"), "t");
}

// triggers::switch_log: the log is at its limit in a transaction of the application's that has not ended when the
// daemon points the triggers at another one.
TEST_F(worst_moment, a_log_that_stops_while_it_is_switched_starts_the_copy_again) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "max_log=64kB"});
  await_state("ready");
  auto first = db_.session(), other = db_.session();
  first.sql("BEGIN");
  const auto stopped = [&] {
    return first.value("SELECT triggers FROM " + job_schema() + ".\"eidolon source\"") == "max_log";
  };
  for (int i = 0; i < 200 && !stopped(); ++i) first.sql("UPDATE app.t SET v = 'x' WHERE id > 1500");
  ASSERT_TRUE(stopped());
  other.sql("UPDATE app.t SET v = 'y' WHERE id <= 1500");
  ASSERT_TRUE(eventually([&] {
    return db_.value(
               "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND "
               "a.application_name = 'eidolon job " +
               id_ + " apply'") != "0";
  })) << told();
  first.sql("COMMIT");
  EXPECT_TRUE(eventually([&] { return events().find("has reached max_log") != std::string::npos; }, patience))
      << told();
  await_state("ready");
  finish();
}

// copier::backlog::drain: what the last entries leave to be checked at the end of the transaction keeps PostgreSQL from
// altering the table in it.
TEST_F(worst_moment, values_that_change_places_under_a_deferred_constraint) {
  db_.sql(
      "ALTER TABLE app.t DROP CONSTRAINT t_slot_key; "
      "ALTER TABLE app.t ADD CONSTRAINT t_slot_key UNIQUE (slot) DEFERRABLE INITIALLY DEFERRED; "
      "CREATE TABLE app.p (id integer PRIMARY KEY); ALTER TABLE app.t ADD COLUMN p integer REFERENCES app.p");
  hold_with_patience();
  held_in_turns application{db_};
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  ASSERT_TRUE(application.until_wanted(patience)) << told();
  application.holder().sql("UPDATE app.t SET slot = 3001 - slot WHERE id <= 500 OR id > 2500; COMMIT");
  await_state("done");
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t WHERE slot = 3001 - id"), "1000");
}

// cutover::attempt_drop_ghost: one dump keeps a table of the job's from being dropped; another one does not wait for
// those that are dropped before it.
TEST_F(worst_moment, a_dump_does_not_wait_for_what_cannot_be_dropped_yet) {
  submit_and_hold();
  auto first = db_.session(), second = db_.session();
  first.sql("BEGIN; LOCK TABLE " + job_schema() + ".t IN ACCESS SHARE MODE");
  ASSERT_EQ(daemon_->client({"abort", id_}).status, 0);
  await_state("aborting");
  const auto end = clock::now() + std::chrono::seconds{4};
  while (clock::now() < end)
    ASSERT_NO_THROW(second.sql("BEGIN; SET LOCAL lock_timeout = '8s'; LOCK TABLE " + job_schema() +
                               ".\"eidolon source\", " + job_schema() + ".\"eidolon lane\", " + job_schema() +
                               ".\"eidolon step\", " + job_schema() +
                               ".\"eidolon log 1\" IN ACCESS SHARE MODE; ROLLBACK"))
        << told();
  const auto in_the_way = "client backend " + std::to_string(first.pid());
  EXPECT_NE(boost::json::serialize(daemon_->job(id_).at("condition")).find(in_the_way), std::string::npos) << told();
  first.sql("COMMIT");
  await_state("aborted");
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
}

// runner::consider: the batch's snapshot is from before the index is exchanged, its description from after that.
TEST_F(worst_moment, an_index_that_is_exchanged_while_a_batch_looks_is_no_alteration) {
  submit_and_hold();
  auto reader = db_.session(), reindex = db_.session(), catalog = db_.session();
  reader.sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM app.t");
  reindex.send("REINDEX INDEX CONCURRENTLY app.t_pkey");
  const auto waiting = [this](const std::string& what) {
    return eventually([&] {
      return db_.value("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND " +
                       what) != "0";
    });
  };
  ASSERT_TRUE(waiting("l.locktype = 'virtualxid' AND l.pid = " + std::to_string(reindex.pid())));
  catalog.sql("BEGIN; LOCK TABLE pg_catalog.pg_attrdef IN ACCESS EXCLUSIVE MODE");
  db_.sql("UPDATE app.t SET v = 'w' WHERE id = 1");
  ASSERT_TRUE(waiting("l.relation = 'pg_attrdef'::regclass AND a.application_name LIKE 'eidolon job%'")) << told();
  reader.sql("COMMIT");
  ASSERT_TRUE(
      eventually([&] { return db_.value("SELECT count(*) FROM pg_class WHERE relname = 't_pkey_ccold'") == "1"; }));
  catalog.sql("ROLLBACK");
  reindex.finish();
  finish();
}

// cutover::transact: the application need not wait for a standby, which must not matter to its writes just because the
// daemon commits its triggers.
TEST(worst_moment_of_a_standby, does_not_prolong_the_lock_for_the_triggers) {
  cluster server;
  database db{server};
  db.sql(
      "CREATE SCHEMA app; CREATE TABLE app.t (id integer PRIMARY KEY, n integer); "
      "INSERT INTO app.t SELECT i, i FROM generate_series(1, 1000) i");
  daemon_process daemon{db.conninfo()};
  held_in_turns application{db};
  const auto id =
      daemon.submit("app.t", "ALTER COLUMN n TYPE bigint", {"--set", "lock_timeout=900ms", "--set", "keep_old=0s"});
  ASSERT_TRUE(application.until_wanted(std::chrono::seconds{60})) << daemon.log();
  server.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  server.sql("postgres", "SELECT pg_reload_conf()");
  ASSERT_TRUE(eventually([&] { return db.value("SHOW synchronous_standby_names") == "nobody"; }));
  application.holder().sql("COMMIT");
  auto writer = db.session();
  writer.sql("SET synchronous_commit = local; SET statement_timeout = '5s'");
  EXPECT_NO_THROW(for (int i = 0; i < 50; ++i)
                      writer.sql("UPDATE app.t SET n = n + 1 WHERE id = " + std::to_string(i + 10)));
  server.sql("postgres", "ALTER SYSTEM RESET synchronous_standby_names");
  server.sql("postgres", "SELECT pg_reload_conf()");
  EXPECT_EQ(daemon.wait(id, std::chrono::seconds{60}, "done"), 0) << daemon.log();
}

}  // namespace
}  // namespace eidolon::test
