// A copy of a database carries the jobs of its original: they are left alone, and removed on request.
#include <gmock/gmock.h>

#include <thread>

#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class orphans : public held_job {
 protected:
  void copy() {
    ASSERT_EQ(daemon_->stop(), 0);
    copy_.server().sql("postgres", "DROP DATABASE " + copy_.name());
    copy_.server().sql("postgres", "CREATE DATABASE " + copy_.name() + " TEMPLATE " + db_.name());
  }
  void hold_and_copy() {
    submit_and_hold();
    copy();
  }
  void swap_and_copy(const std::string& state) {
    submit("ALTER COLUMN n TYPE bigint", {"--set", "keep_old=1h"});
    await_state("ready");
    ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
    await_state(state);
    copy();
  }
  static std::vector<std::string> cleaning(const database& d, const std::vector<std::string>& more = {}) {
    std::vector<std::string> command{daemon_process::program("eidolond"), "--dsn", d.conninfo(), "--clean-orphans"};
    command.insert(command.end(), more.begin(), more.end());
    return command;
  }
  static finished_process clean(const database& d, const std::vector<std::string>& more = {}) {
    return run_process({.command = cleaning(d, more)});
  }
  static void expect_cleaned(const database& d) {
    EXPECT_EQ(leftovers(d), "0 0");
    EXPECT_EQ(d.value("SELECT count(*) FROM eidolon.job"), "0");
  }
  bool triggers_do_nothing() {
    return copy_.value("SELECT bool_and(prosrc NOT LIKE '%INSERT%') FROM pg_proc WHERE pronamespace = '" +
                       job_schema() + "'::regnamespace AND proname LIKE 'log\\_%'") == "t";
  }
  static std::string leftovers(const database& d) {
    return d.value(
        "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%') || ' ' || "
        "(SELECT count(*) FROM pg_trigger WHERE tgrelid = 'app.t'::regclass AND NOT tgisinternal)");
  }
  database copy_;
};

TEST_F(orphans, are_left_alone_by_a_daemon) {
  hold_and_copy();
  daemon_process other{copy_.conninfo()};
  const auto before = leftovers(copy_);
  const auto job = other.job(id_);
  EXPECT_EQ(job.at("state").as_string(), "ready");
  EXPECT_NE(boost::json::serialize(job.at("warnings")).find("another database"), std::string::npos);
  EXPECT_EQ(other.client({"cutover", id_}).status, 1);
  const auto changed = other.client({"set", id_, "workers=1"});
  EXPECT_EQ(changed.status, 1);
  EXPECT_THAT(changed.err, AllOf(HasSubstr("a copy of its database"), HasSubstr("eidolond --clean-orphans")));
  EXPECT_EQ(leftovers(copy_), before);
  EXPECT_EQ(other.state(id_), "ready");
}

TEST_F(orphans, are_removed_on_request_and_the_original_goes_on) {
  hold_and_copy();
  const auto rows = copy_.value("SELECT count(*) FROM app.t");
  const auto cleaned = clean(copy_);
  EXPECT_EQ(cleaned.status, 0) << cleaned.err;
  expect_cleaned(copy_);
  EXPECT_EQ(copy_.value("SELECT count(*) FROM app.t"), rows);
  const auto again = clean(db_);
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("--all-jobs"));
  daemon_->start();
  await_state("ready");
  finish();
}

// In a physical copy, whose identity is the original's, nothing tells them from its own.
TEST_F(orphans, of_a_physical_copy_are_removed_with_all_jobs_where_no_daemon_leads) {
  submit_and_hold();
  const auto rows = db_.value("SELECT count(*) FROM app.t");
  const auto led = clean(db_, {"--all-jobs"});
  EXPECT_EQ(led.status, 1);
  EXPECT_THAT(led.err, HasSubstr("a daemon leads database"));
  EXPECT_EQ(daemon_->state(id_), "ready");
  ASSERT_EQ(daemon_->stop(), 0);
  const auto cleaned = clean(db_, {"--all-jobs"});
  EXPECT_EQ(cleaned.status, 0) << cleaned.err;
  expect_cleaned(db_);
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t"), rows);
}

// The application uses the tables of the copy.
TEST_F(orphans, cost_nothing_any_more_and_nobody_waits_for_their_removal) {
  hold_and_copy();
  auto reader = copy_.session(), writer = copy_.session();
  reader.sql("BEGIN; SELECT count(*) FROM app.t");
  std::this_thread::sleep_for(std::chrono::milliseconds{1100});  // his lock is an old one
  process cleaner{process_options{.command = cleaning(copy_)}};
  EXPECT_TRUE(eventually([&] { return triggers_do_nothing(); }, patience)) << cleaner.err();
  writer.sql("SET lock_timeout = '1s'");
  for (int i = 0; i < 40; ++i) {
    ASSERT_NO_THROW(writer.sql("UPDATE app.t SET v = v || '.' WHERE id = 1"));
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  EXPECT_TRUE(cleaner.running()) << cleaner.err();
  reader.sql("COMMIT");
  EXPECT_EQ(cleaner.wait(patience), 0) << cleaner.err();
  expect_cleaned(copy_);
}

// By name the one that is read comes first.
TEST_F(orphans, go_where_materialized_views_read_one_another) {
  db_.sql(
      "CREATE MATERIALIZED VIEW app.a AS SELECT id, v FROM app.t; CREATE MATERIALIZED VIEW app.b AS SELECT id FROM "
      "app.a; CREATE MATERIALIZED VIEW app.c AS SELECT a.v FROM app.a JOIN app.b USING (id)");
  hold_and_copy();
  EXPECT_EQ(copy_.value("SELECT count(*) FROM pg_matviews WHERE schemaname = '" + job_schema() + "'"), "3");
  const auto cleaned = clean(copy_);
  EXPECT_EQ(cleaned.status, 0) << cleaned.err;
  expect_cleaned(copy_);
  EXPECT_EQ(copy_.value("SELECT count(*) FROM app.c"), std::to_string(row_count));
}

// They depend on the old table, whose row type they have.
TEST_F(orphans, go_with_functions_that_went_aside) {
  db_.sql("CREATE FUNCTION app.label(app.t) RETURNS text LANGUAGE sql AS 'SELECT ($1).v'");
  swap_and_copy("retaining");
  EXPECT_EQ(copy_.value("SELECT count(*) FROM pg_proc WHERE proname LIKE 'moved\\_aside\\_%'"), "1");
  const auto cleaned = clean(copy_);
  EXPECT_EQ(cleaned.status, 0) << cleaned.err;
  expect_cleaned(copy_);
  EXPECT_EQ(copy_.value("SELECT app.label(t) FROM app.t WHERE id = 1"), "v1");
}

// The row without a partner keeps the job at it: its partition's key stays NOT VALID, and the table's own is not there.
TEST_F(orphans, tell_which_foreign_keys_they_leave_unfinished) {
  db_.sql(
      "CREATE TABLE app.p (t integer REFERENCES app.t) PARTITION BY RANGE (t); "
      "CREATE TABLE app.p0 PARTITION OF app.p FOR VALUES FROM (0) TO (10); "
      "CREATE TABLE app.p1 PARTITION OF app.p FOR VALUES FROM (-10) TO (0); INSERT INTO app.p VALUES (1)");
  db_.sql("BEGIN; SET LOCAL session_replication_role = replica; INSERT INTO app.p VALUES (-1); COMMIT");
  swap_and_copy("validating");
  copy_.sql("ALTER TABLE app.p0 VALIDATE CONSTRAINT p_t_fkey");  // the job may have come to it, or not
  const auto cleaned = clean(copy_);
  EXPECT_EQ(cleaned.status, 0) << cleaned.err;
  EXPECT_THAT(cleaned.err,
              AllOf(HasSubstr("to be run by its owner: ALTER TABLE \"app\".\"p1\" VALIDATE CONSTRAINT"),
                    HasSubstr("to be run by its owner: ALTER TABLE app.p ADD CONSTRAINT"), Not(HasSubstr("\"p0\""))));
  expect_cleaned(copy_);
  EXPECT_EQ(copy_.value("SELECT count(*) FROM pg_constraint WHERE conrelid = 'app.p1'::regclass AND NOT convalidated"),
            "1");
}

}  // namespace
}  // namespace eidolon::test
