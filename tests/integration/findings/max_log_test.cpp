// The change log of a daemon that is gone stops growing, and what was not logged is not lost: the copy starts again.
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class max_log : public held_job {
 protected:
  // A job that has copied a part, and whose daemon is gone.
  void leave_alone() {
    submit("ALTER COLUMN n TYPE bigint", {"--set", "max_log=64kB", "--set", "copy_ratio=0"});
    await_state("copying");
    daemon_->kill();
  }
  std::int64_t log_bytes() {
    return std::stoll(db_.value("SELECT pg_table_size('" + job_schema() + ".\"eidolon log 1\"')"));
  }
  std::string mark() { return db_.value("SELECT triggers FROM " + job_schema() + ".\"eidolon source\""); }
  // Writes in the session's transaction until it meets the limit, which is looked for now and then.
  void meet_the_limit(session& s, const std::string& where) {
    for (int i = 0; i < 100; ++i) {
      s.sql("UPDATE app.t SET v = 'x' || " + std::to_string(i) + where);
      if (s.value("SELECT triggers FROM " + job_schema() + ".\"eidolon source\"") == "max_log") return;
    }
    FAIL() << "100 updates of the table are within 64 kB of log";
  }
  void go_on() {
    daemon_->start();
    ASSERT_EQ(daemon_->client({"set", id_, "copy_ratio=1"}).status, 0);
    await_state("ready");
  }
  void expect_started_again() { EXPECT_NE(events().find("has reached max_log"), std::string::npos) << events(); }
};

TEST_F(max_log, stops_the_triggers_and_starts_the_copy_again) {
  leave_alone();
  auto s = db_.session();
  meet_the_limit(s, "");
  EXPECT_EQ(mark(), "max_log");
  const auto size = log_bytes();
  EXPECT_GE(size, 64 * 1024);
  db_.sql(
      "UPDATE app.t SET v = v || 'y'; DELETE FROM app.t WHERE id < 100; INSERT INTO app.t SELECT i FROM "
      "generate_series(9001, 9100) i");
  EXPECT_EQ(log_bytes(), size);
  go_on();
  expect_started_again();
  finish();
}

TEST_F(max_log, a_transaction_that_rolls_back_takes_the_mark_along) {
  leave_alone();
  auto s = db_.session();
  s.sql("BEGIN");
  meet_the_limit(s, "");
  s.sql("ROLLBACK");
  EXPECT_NE(mark(), "max_log");
  db_.sql("UPDATE app.t SET v = v || 'z' WHERE id = 7");
  go_on();
  finish();
}

TEST_F(max_log, a_savepoint_that_rolls_back_takes_the_mark_along) {
  leave_alone();
  auto s = db_.session();
  s.sql("BEGIN; UPDATE app.t SET v = v || 'a' WHERE id = 1; SAVEPOINT p");
  meet_the_limit(s, "");
  s.sql("ROLLBACK TO p; UPDATE app.t SET v = v || 'b' WHERE id = 2; COMMIT");
  // The row after the rollback met the limit anew, or was logged: never neither.
  if (mark() != "max_log") {
    EXPECT_EQ(db_.value("SELECT count(*) FROM " + job_schema() + ".\"eidolon log 1\" WHERE id = 2"), "1");
  }
  go_on();
  finish();
}

TEST_F(max_log, nobody_waits_for_the_transaction_that_meets_it_and_none_of_their_changes_is_lost) {
  leave_alone();
  auto first = db_.session(), other = db_.session();
  other.sql("SET statement_timeout = '5s'");
  first.sql("BEGIN");
  meet_the_limit(first, " WHERE id > 100");
  // Its changes are logged: the first one may roll back yet.
  other.sql("UPDATE app.t SET v = v || 'o' WHERE id <= 100");
  EXPECT_GE(std::stoi(db_.value("SELECT count(*) FROM " + job_schema() + ".\"eidolon log 1\" WHERE id <= 100")), 100);
  first.sql("COMMIT");
  EXPECT_EQ(mark(), "max_log");
  go_on();
  expect_started_again();
  finish();
}

// A snapshot from before the job does not see the row that is to be marked.
TEST_F(max_log, a_transaction_from_before_the_job_goes_on_logging) {
  auto old = db_.session();
  old.sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM pg_class");
  leave_alone();
  for (int i = 0; i < 30; ++i) old.sql("UPDATE app.t SET v = 'x' || " + std::to_string(i));
  const auto size = log_bytes();
  EXPECT_GE(size, 64 * 1024);
  old.sql("UPDATE app.t SET v = 'the last of them'; COMMIT");
  EXPECT_TRUE(log_bytes() > size || mark() == "max_log");
  db_.sql("UPDATE app.t SET v = v || 'y'; DELETE FROM app.t WHERE id < 100");
  go_on();
  finish();
}

// The same with a daemon that is there: a job that is paused for long.
TEST_F(max_log, a_paused_job_starts_again_as_well) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "max_log=64kB", "--set", "copy_ratio=0"});
  await_state("copying");
  auto s = db_.session();
  meet_the_limit(s, "");
  ASSERT_EQ(daemon_->client({"set", id_, "copy_ratio=1", "max_log=0"}).status, 0);
  await_state("ready");
  expect_started_again();
  finish();
}

// The application writes faster than the copy goes: the next one would come to nothing as well.
TEST_F(max_log, holds_a_job_whose_copies_come_to_nothing) {
  db_.sql("INSERT INTO app.t SELECT i, i, 'v' || i, i FROM generate_series(3001, 150000) AS i");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "max_log=64kB", "--set", "copy_ratio=0.02", "--set", "workers=1"});
  auto s = db_.session();
  for (int times = 1; times <= 2; ++times) {
    await_state("copying");
    meet_the_limit(s, " WHERE id < 1000");
    ASSERT_TRUE(eventually([&] { return daemon_->state(id_) != "copying"; }, patience)) << told();
  }
  ASSERT_TRUE(eventually(
      [&] {
        return boost::json::serialize(daemon_->job(id_).at("condition")).find("come to nothing 2 times") !=
               std::string::npos;
      },
      patience))
      << told();
  EXPECT_EQ(daemon_->state(id_), "preparing");
  ASSERT_EQ(daemon_->client({"set", id_, "copy_ratio=1", "max_log=1GB"}).status, 0);
  ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
  await_state("ready");
  finish();
}

TEST_F(max_log, that_is_raised_holds_for_the_running_copy) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "max_log=64kB", "--set", "copy_ratio=0"});
  await_state("copying");
  ASSERT_EQ(daemon_->client({"set", id_, "max_log=1GB"}).status, 0);
  ASSERT_TRUE(eventually(
      [&] {
        return db_.value(
                   "SELECT prosrc LIKE '%1073741824%' FROM pg_proc WHERE proname = 'log_new' AND pronamespace = "
                   "'" +
                   job_schema() + "'::regnamespace") == "t";
      },
      patience))
      << told();
  for (int i = 0; i < 30; ++i) db_.sql("UPDATE app.t SET v = 'y' || " + std::to_string(i));
  EXPECT_GT(log_bytes(), 64 * 1024);
  EXPECT_NE(mark(), "max_log");
  ASSERT_EQ(daemon_->client({"set", id_, "copy_ratio=1"}).status, 0);
  await_state("ready");
  EXPECT_EQ(events().find("has reached max_log"), std::string::npos) << events();
  finish();
}

}  // namespace
}  // namespace eidolon::test
