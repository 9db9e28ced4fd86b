// What is recorded of a job is what becomes of it, whoever writes to its record in the same moment, and whatever fails.
#include <gmock/gmock.h>

#include <csignal>
#include <future>

#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class job_records : public held_job {
 protected:
  std::future<finished_process> in_the_background(std::vector<std::string> arguments) {
    return std::async(std::launch::async, [this, arguments] { return daemon_->client(arguments); });
  }
  void wait_for_waiting(const std::string& sessions) {
    ASSERT_TRUE(eventually([&] {
      return db_.value(
                 "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'eidolon control' AND "
                 "wait_event_type = 'Lock'") == sessions;
    })) << told();
  }
};

TEST_F(job_records, of_a_named_request_are_found_whatever_its_settings_look_like) {
  const std::vector<std::string> more{"--name", "gentle", "--set", "copy_ratio=1", "--set", "throttle_threshold=100"};
  submit("ALTER COLUMN n TYPE bigint", more);
  const auto first = id_;
  submit("ALTER COLUMN n TYPE bigint", more);
  EXPECT_EQ(id_, first);
  daemon_->stop();
  daemon_->start();
  submit("ALTER COLUMN n TYPE bigint", more);
  EXPECT_EQ(id_, first);
  await_state("ready");
  finish();
}

TEST_F(job_records, keep_both_settings_of_two_changes_that_meet) {
  submit_and_hold();
  auto other = db_.session();
  other.sql("BEGIN; SELECT FROM eidolon.job WHERE id = " + id_ + " FOR UPDATE");
  auto one = in_the_background({"set", id_, "workers=3"});
  wait_for_waiting("1");
  auto two = in_the_background({"set", id_, "max_lag=7s"});
  wait_for_waiting("2");
  other.sql("COMMIT");
  EXPECT_EQ(one.get().status, 0);
  EXPECT_EQ(two.get().status, 0);
  const auto shown = daemon_->job(id_).at("settings").as_object();
  EXPECT_EQ(shown.at("workers"), 3);
  EXPECT_EQ(shown.at("max_lag"), "7s");
  EXPECT_EQ(db_.value("SELECT settings->>'workers' || ' ' || (settings->>'max_lag') FROM eidolon.job"), "3 7s");
  finish();
}

// The triggers' transaction has recorded that the rows are copied now; what comes after it fails.
TEST_F(job_records, go_on_from_the_triggers_when_the_attempt_cannot_be_noted) {
  daemon_.emplace(db_.conninfo());
  db_.sql(
      "CREATE SEQUENCE public.failed; CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
      "IF nextval('public.failed') <= 2 THEN RAISE 'not now' USING ERRCODE = '53100'; END IF; RETURN NEW; END $$; "
      "CREATE TRIGGER fail BEFORE INSERT ON eidolon.event FOR EACH ROW WHEN (NEW.kind = 'attempt') EXECUTE FUNCTION "
      "public.fail()");
  submit_and_hold();
  EXPECT_EQ(db_.value("SELECT is_called FROM public.failed"), "t") << "nothing failed";
  finish();
}

// As a submission leaves it whose COMMIT was not answered, when another one came after it.
TEST_F(job_records, of_an_unanswered_submission_are_found_below_newer_ones) {
  submit_and_hold();
  db_.sql("CREATE TABLE app.u (id integer PRIMARY KEY, n integer); CREATE TABLE app.w (LIKE app.u INCLUDING ALL)");
  const auto lost = std::stoi(id_) + 1;
  db_.sql(
      "INSERT INTO eidolon.job (id, table_name, alter_text, postpone_cutover, requested_settings, "
      "system_identifier, database_oid, relation, settings, state) SELECT " +
      std::to_string(lost) +
      ", 'app.u', alter_text, false, requested_settings, system_identifier, database_oid, 'app.u', settings, "
      "'queued' FROM eidolon.job");
  const auto newer = daemon_->submit("app.w", "ALTER COLUMN n TYPE bigint", {"--set", "keep_old=0s"});
  ASSERT_GT(std::stoi(newer), lost);
  EXPECT_TRUE(eventually([&] { return daemon_->client({"status", std::to_string(lost)}).status == 0; }, patience));
  EXPECT_EQ(daemon_->wait(std::to_string(lost), patience, "done"), 0) << told();
  finish();
}

TEST_F(job_records, are_waited_for_no_longer_than_was_asked) {
  submit_and_hold();
  ::kill(daemon_->pid(), SIGSTOP);
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(daemon_->client({"wait", id_, "--timeout", "2"}).status, 4);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{30});
  ::kill(daemon_->pid(), SIGCONT);
  finish();
}

TEST_F(job_records, of_an_old_table_that_is_to_be_dropped_are_waited_for) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "keep_old=1h"});
  await_state("ready");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  ASSERT_EQ(daemon_->client({"wait", id_}).status, 0);
  ASSERT_EQ(daemon_->state(id_), "retaining");
  ASSERT_EQ(daemon_->client({"drop-old", id_}).status, 0);
  EXPECT_EQ(daemon_->client({"wait", id_}).status, 0);
  EXPECT_EQ(daemon_->state(id_), "done");
}

TEST_F(job_records, of_the_database_that_this_one_is_a_copy_of_are_nobodys_answer) {
  submit("ALTER COLUMN n TYPE bigint", {"--name", "copied"});
  await_state("ready");
  daemon_->stop();
  db_.sql("UPDATE eidolon.job SET system_identifier = '1'");
  daemon_->start();
  const auto again =
      daemon_->client({"submit", "--table", "app.t", "--alter", "ALTER COLUMN n TYPE bigint", "--name", "copied",
                       "--postpone-cutover", "--set", "keep_old=0s", "--set", "chunk_target=20ms"});
  EXPECT_EQ(again.status, 1);
  EXPECT_THAT(again.err, testing::HasSubstr("clean-orphans"));
}

}  // namespace
}  // namespace eidolon::test
