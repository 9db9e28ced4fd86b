// At the locks of the application's tables a job gives way as well: it does not queue behind who will not let go soon,
// and bounds for how long others wait for it.
#include <fmt/format.h>

#include <stop_token>
#include <thread>

#include "give_way.hpp"
#include "tests/support/held_in_turns.hpp"

namespace eidolon::test {
namespace {

class give_way_at_locks : public give_way {
 protected:
  // The cutover's statements that change a schema wait, each time that the condition holds.
  void dawdle_under_the_locks(const std::string& condition, const std::string& seconds) {
    db_.sql(
        "CREATE FUNCTION public.dawdle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "current_setting('application_name') LIKE 'eidolon job % cutover' AND EXISTS (SELECT FROM pg_locks WHERE pid = "
        "pg_backend_pid() AND relation = to_regclass('app.t') AND mode = 'AccessExclusiveLock') AND " +
        condition + " THEN PERFORM pg_sleep(" + seconds +
        "); END IF; END $$; CREATE EVENT TRIGGER dawdle ON ddl_command_start EXECUTE FUNCTION public.dawdle()");
  }
  // Details of the attempts that ended so.
  std::vector<boost::json::object> attempts(const std::string& outcome) const {
    std::vector<boost::json::object> found;
    const auto history = boost::json::parse(events());
    for (const auto& e : history.at("events").as_array()) {
      const auto& detail = e.at("detail").as_object();
      if (detail.contains("outcome") && detail.at("outcome").as_string() == outcome) found.push_back(detail);
    }
    return found;
  }
};

// There is one at any time, but none for long.
TEST_F(give_way_at_locks, to_no_prepared_transaction_that_is_young) {
  std::vector<std::jthread> load;
  for (int i = 0; i < 4; ++i)
    load.emplace_back([this, i](std::stop_token stop) {
      auto s = db_.session();
      const auto name = fmt::format("'{}_{}'", db_.name(), i);
      while (!stop.stop_requested()) {
        s.sql(fmt::format("BEGIN; UPDATE app.t SET v = v WHERE id = {}; PREPARE TRANSACTION {}", i + 1, name));
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
        s.sql("COMMIT PREPARED " + name);
      }
    });
  submit("ALTER COLUMN n TYPE bigint");
  go_on();
  EXPECT_EQ(events().find("did not begin, a lock is held by others; prepared transaction"), std::string::npos)
      << events();
}

// A cancellation does nothing to a session that is idle.
TEST_F(give_way_at_locks, and_does_not_queue_behind_whom_it_could_not_cancel) {
  auto holder = db_.session();
  holder.sql("BEGIN; UPDATE app.t SET v = v WHERE id = 1");
  std::this_thread::sleep_for(std::chrono::milliseconds{1100});
  submit("ALTER COLUMN n TYPE bigint", {"--set", "force_after=1"});
  go_on();  // once he is terminated
  EXPECT_GE(attempts("blocked").size(), 2) << events();
  for (const auto& a : attempts("timed_out")) EXPECT_TRUE(a.at("blockers").as_array().empty()) << events();
  EXPECT_ANY_THROW(holder.sql("COMMIT"));
}

// Only the beginning of a statement is told, wherever that ends.
TEST_F(give_way_at_locks, and_names_who_is_in_the_way_in_any_alphabet) {
  std::vector<session> holders;
  for (int i = 0; i < 2; ++i) {
    holders.push_back(db_.session());
    holders.back().sql("BEGIN");
    holders.back().sql(
        fmt::format("UPDATE app.t SET v = v WHERE id = {} /*{} щщщщщщщщщщщщщщщщщщщщщщ */", i, i == 0 ? "" : " "));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds{1100});
  submit("ALTER COLUMN n TYPE bigint");
  EXPECT_TRUE(eventually([&] { return attempts("blocked").size() >= 2; }, patience)) << told();
  expect_held_now("locks");
  const auto blockers = boost::json::serialize(daemon_->job(id_).at("cutover").at("blockers"));
  EXPECT_NE(blockers.find("щщщщ"), std::string::npos) << blockers;
  EXPECT_EQ(events().find("щщщщ"), std::string::npos) << "it is kept where others may read it";
  for (auto& h : holders) h.sql("COMMIT");
  go_on();
}

// The sessions of a busy application, one after the other at the table, and none of them for long.
TEST_F(give_way_at_locks, pauses_when_the_application_has_waited_long_enough_for_its_locks) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "lock_budget=50ms"});
  await_state("ready");
  std::atomic<bool> stop{false};
  std::thread readers{[&] {
    // Two of them are there at any time, and none for a second.
    session in_turn[] = {db_.session(), db_.session(), db_.session()};
    for (int i = 0; !stop; i = (i + 1) % 3) {
      in_turn[i].finish();
      in_turn[i].send("SELECT pg_sleep(0.8) FROM app.t LIMIT 1");
      std::this_thread::sleep_for(std::chrono::milliseconds{300});
    }
    for (auto& s : in_turn) s.finish();
  }};
  const auto reading = [&] {
    return db_.value(
               "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = "
               "current_database()") == "t";
  };
  EXPECT_TRUE(eventually(reading, patience));
  EXPECT_EQ(daemon_->client({"cutover", id_}).status, 0);
  EXPECT_TRUE(eventually([&] { return daemon_->job(id_).at("condition").at("paused").as_bool(); }, patience)) << told();
  stop = true;
  readers.join();
  const auto job = daemon_->job(id_);
  EXPECT_NE(std::string{job.at("condition").at("paused_reason").as_string()}.find("lock_budget is used up"),
            std::string::npos);
  const auto blocked = job.at("timings").at("blocked_application_seconds").to_number<double>();
  EXPECT_GE(blocked, 0.04);
  EXPECT_LE(blocked, 2.5) << "no attempt may take more than what is left";
  set("lock_budget=10s");
  ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
  await_state("done");
}

// Something slow happens under the locks: that is the application's time, and is counted once.
TEST_F(give_way_at_locks, counts_the_time_under_the_locks_once) {
  db_.sql("CREATE SEQUENCE public.called");
  dawdle_under_the_locks("nextval('public.called') = 1", "0.5");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "keep_old=1h"});
  await_state("ready");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  await_state("retaining");
  const auto job = daemon_->job(id_);
  const auto held = job.at("timings").at("cutover_held_seconds").to_number<double>();
  const auto blocked = job.at("timings").at("blocked_application_seconds").to_number<double>();
  EXPECT_GE(held, 0.5);
  EXPECT_GE(blocked, held);
  EXPECT_LE(blocked, held + 0.4) << "beside the time for which attempts waited";
}

// The same, and it does not end: the attempts are given up, and then the job pauses itself.
TEST_F(give_way_at_locks, does_not_hold_its_locks_for_longer_than_max_hold) {
  dawdle_under_the_locks("true", "600");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "max_hold=200ms"});
  await_state("ready");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  EXPECT_TRUE(eventually([&] { return daemon_->job(id_).at("condition").at("paused").as_bool(); }, patience)) << told();
  const auto job = daemon_->job(id_);
  EXPECT_NE(std::string{job.at("condition").at("paused_reason").as_string()}.find("longer than max_hold"),
            std::string::npos);
  const auto tried = attempts("held_too_long");
  EXPECT_EQ(tried.size(), 3U);
  for (const auto& detail : tried) EXPECT_GE(detail.at("held_seconds").to_number<double>(), 0.2);
  EXPECT_GE(job.at("timings").at("blocked_application_seconds").to_number<double>(), 0.6);
  db_.sql("UPDATE app.t SET v = 'written' WHERE id = 1");  // nobody holds it
  db_.sql("DROP EVENT TRIGGER dawdle");
  set("max_hold=36500d");  // as good as any time
  ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
  await_state("done");
  EXPECT_EQ(db_.value("SELECT v FROM app.t WHERE id = 1"), "written");
}

// What is left when the locks come is few entries, but each of them takes long.
TEST_F(give_way_at_locks, before_it_applies_slow_rows_under_its_locks) {
  db_.sql(
      "DELETE FROM app.t WHERE id > 300; CREATE FUNCTION app.slow(integer) RETURNS bigint LANGUAGE plpgsql IMMUTABLE "
      "AS 'BEGIN PERFORM pg_sleep(0.003); RETURN $1; END'");
  submit("ALTER COLUMN n TYPE bigint USING app.slow(n)", {"--set", "lock_timeout=900ms"});
  await_state("ready");
  db_.sql("UPDATE app.t SET v = v || '+' WHERE id <= 100");
  const auto applied = "SELECT count(*) FROM " + job_schema() + ".t WHERE v LIKE '%+'";
  EXPECT_TRUE(eventually([&] { return db_.value(applied) == "100"; }, patience)) << told();
  held_in_turns application{db_};
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  ASSERT_TRUE(application.until_wanted(patience)) << told();
  application.holder().sql("UPDATE app.t SET v = v || '-'; COMMIT");
  await_state("done");
  for (const auto& detail : attempts("swapped")) EXPECT_LT(detail.at("drained").to_number<int>(), 150) << told();
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t WHERE v LIKE 'v%-' AND n = id"), "300");
}

}  // namespace
}  // namespace eidolon::test
