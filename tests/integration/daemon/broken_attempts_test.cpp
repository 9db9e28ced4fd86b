// Attempts at locks that somebody or something breaks off, such as a watchdog that ends whoever holds a lock for long:
// they count as those do that end by themselves.
#include <atomic>
#include <string>
#include <thread>

#include "give_way.hpp"

namespace eidolon::test {
namespace {

class broken_attempts : public give_way {
 protected:
  // The cutover sleeps under its locks.
  void sleep_under_the_locks() {
    db_.sql(
        "CREATE FUNCTION public.dawdle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "current_setting('application_name') LIKE 'eidolon job % cutover' AND EXISTS (SELECT FROM pg_locks WHERE pid = "
        "pg_backend_pid() AND relation = to_regclass('app.t') AND mode = 'AccessExclusiveLock') THEN PERFORM "
        "pg_sleep(60); END IF; END $$; CREATE EVENT TRIGGER dawdle ON ddl_command_start EXECUTE FUNCTION "
        "public.dawdle()");
  }
  // Until the job has paused itself.
  void break_all_attempts(const std::string& how) {
    std::atomic<bool> over{false};
    std::thread watchdog{[&] {
      auto s = db_.session();
      while (!over) {
        s.sql("SELECT " + how +
              "(pid) FROM pg_stat_activity WHERE application_name LIKE 'eidolon job % cutover' AND wait_event = "
              "'PgSleep' AND datname = current_database() AND clock_timestamp() - query_start > interval '200 ms'");
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
      }
    }};
    EXPECT_TRUE(eventually([&] { return daemon_->job(id_).at("condition").at("paused").as_bool(); }, patience))
        << told();
    over = true;
    watchdog.join();
  }
  std::string paused_reason() { return std::string{condition().at("paused_reason").as_string()}; }
  boost::json::value condition() { return daemon_->job(id_).at("condition"); }
  int failed_attempts() const {
    int n = 0;
    const auto history = boost::json::parse(events());
    for (const auto& e : history.at("events").as_array()) {
      const auto* outcome = e.at("detail").as_object().if_contains("outcome");
      if (outcome && outcome->as_string() == "failed") ++n;
    }
    return n;
  }
  double blocked() { return daemon_->job(id_).at("timings").at("blocked_application_seconds").to_number<double>(); }
  void go_on_undisturbed() {
    db_.sql("DROP EVENT TRIGGER dawdle");
    ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
    await_state("done");
    EXPECT_EQ(content().substr(0, content().find(' ')), std::to_string(row_count));
  }
};

TEST_F(broken_attempts, by_a_watchdog_that_ends_sessions_count_among_lock_retries) {
  sleep_under_the_locks();
  submit("ALTER COLUMN n TYPE bigint", {"--set", "lock_retries=2", "--set", "max_hold=30s"});
  await_state("ready");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  break_all_attempts("pg_terminate_backend");
  EXPECT_NE(paused_reason().find("did not succeed within 3 attempts"), std::string::npos) << paused_reason();
  EXPECT_EQ(failed_attempts(), 3) << events();
  const auto job = daemon_->job(id_);
  EXPECT_EQ(job.at("cutover").at("attempts").to_number<int>(), 3);
  EXPECT_EQ(job.at("cutover").at("last_outcome").as_string(), "failed");
  EXPECT_GE(blocked(), 0.6);
  EXPECT_NE(daemon_->get("/metrics").second.find("outcome=\"failed\",table=\"app.t\"} 3"), std::string::npos);
  go_on_undisturbed();
}

TEST_F(broken_attempts, by_somebody_who_cancels_them_use_up_lock_budget) {
  sleep_under_the_locks();
  submit("ALTER COLUMN n TYPE bigint", {"--set", "lock_budget=2s", "--set", "max_hold=30s"});
  await_state("ready");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  break_all_attempts("pg_cancel_backend");
  EXPECT_NE(paused_reason().find("lock_budget is used up"), std::string::npos) << paused_reason();
  EXPECT_GE(failed_attempts(), 2) << events();
  EXPECT_GE(blocked(), 1.9);
  set("lock_budget=1h");
  go_on_undisturbed();
}

}  // namespace
}  // namespace eidolon::test
