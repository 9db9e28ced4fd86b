// Planning holds the table for as long as it takes, and is broken off for who wants it for himself.
#include <gmock/gmock.h>

#include <future>
#include <thread>

#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class planner_in_the_way : public held_job {
 protected:
  // To read a view's definition locks the tables that it reads.
  void SetUp() override {
    held_job::SetUp();
    db_.sql("CREATE VIEW app.ids AS SELECT id FROM app.t");
  }
  // Sessions of this name take 30 s for each CREATE TABLE, which is what planning runs first.
  void slow_down(const std::string& sessions) {
    db_.sql(
        "CREATE FUNCTION public.dawdle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "current_setting('application_name') LIKE '" +
        sessions +
        "' THEN PERFORM pg_sleep(30); END IF; END $$; CREATE EVENT TRIGGER dawdle ON ddl_command_start "
        "WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.dawdle()");
  }
  void go_on() { db_.sql("DROP EVENT TRIGGER dawdle"); }
  std::future<finished_process> plan() {
    return std::async(std::launch::async, [this] {
      return daemon_->client({"plan", "--table", "app.t", "--alter", "ALTER COLUMN n TYPE bigint"});
    });
  }
  // As the application does whose wait every other statement on the table would wait behind.
  static void lock(session& application) {
    application.sql("BEGIN; SET LOCAL lock_timeout = '15s'; LOCK TABLE app.t IN ACCESS EXCLUSIVE MODE; COMMIT");
  }
  bool holds_the_table() {
    return db_.value(
               "SELECT count(*) FROM pg_stat_activity a JOIN pg_locks l USING (pid) WHERE a.wait_event = 'PgSleep' AND "
               "l.relation = 'app.t'::regclass AND l.mode = 'AccessShareLock'") != "0";
  }
  void wait_until_it_holds_the_table() {
    ASSERT_TRUE(eventually([&] { return holds_the_table(); }, patience));
  }
};

TEST_F(planner_in_the_way, gives_way_and_begins_again) {
  slow_down("eidolon plan %");
  daemon_.emplace(db_.conninfo());
  auto planned = plan();
  wait_until_it_holds_the_table();
  session application{db_.conninfo()};
  EXPECT_NO_THROW(lock(application));
  go_on();
  const auto result = planned.get();
  EXPECT_EQ(result.status, 0) << result.err << daemon_->log();
}

TEST_F(planner_in_the_way, says_so_when_it_never_gets_through) {
  slow_down("eidolon plan %");
  daemon_.emplace(db_.conninfo());
  auto planned = plan();
  session application{db_.conninfo()};
  while (planned.wait_for(std::chrono::milliseconds{50}) == std::future_status::timeout)
    ASSERT_NO_THROW(lock(application));
  const auto result = planned.get();
  EXPECT_NE(result.status, 0);
  EXPECT_THAT(result.err, testing::HasSubstr("somebody waits for a lock behind planning"));
}

TEST_F(planner_in_the_way, gives_way_for_a_job_too) {
  slow_down("eidolon job % plan");
  submit();
  wait_until_it_holds_the_table();
  session application{db_.conninfo()};
  EXPECT_NO_THROW(lock(application));
  go_on();
  await_state("ready");
  finish();
}

}  // namespace
}  // namespace eidolon::test
