// A job gives way to each kind of load, says so, and goes on; above its critical limits it pauses, or gives up.
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <stop_token>
#include <thread>

#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class give_way : public held_job {
 protected:
  std::optional<std::string> held_by(const std::string& reason) {
    const auto job = daemon_->job(id_);
    for (const auto& t : job.at("condition").at("throttled").as_array())
      if (t.at("reason").as_string() == reason) return std::string{t.at("detail").as_string()};
    return std::nullopt;
  }
  void expect_held(const std::string& reason, const std::string& detail) {
    EXPECT_TRUE(eventually([&] { return held_by(reason).value_or("").find(detail) != std::string::npos; }, patience))
        << told();
    EXPECT_EQ(daemon_->client({"wait", id_, "--state", "ready", "--timeout", "1"}).status, 4);
  }
  void expect_held_now(const std::string& reason) {
    EXPECT_TRUE(eventually([&] { return held_by(reason).has_value(); }, patience)) << told();
  }
  void submit_with(const std::string& setting) { submit("ALTER COLUMN n TYPE bigint", {"--set", setting}); }
  void set(const std::string& setting) { ASSERT_EQ(daemon_->client({"set", id_, setting}).status, 0); }
  void go_on() {
    await_state("ready");
    finish();
  }
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

TEST_F(give_way, to_a_file) {
  const auto file = std::filesystem::temp_directory_path() / ("eidolon-stop-" + db_.name());
  std::ofstream{file} << "";
  submit_with("throttle_file=" + file.string());
  expect_held("throttle_file", "exists");
  // What lasts becomes part of the job's history, as does its end.
  EXPECT_TRUE(eventually([&] { return events().find("held by throttle_file") != std::string::npos; }, patience));
  std::filesystem::remove(file);
  EXPECT_TRUE(
      eventually([&] { return events().find("throttle_file held the job for") != std::string::npos; }, patience));
  go_on();
}

// What holds up the catching up before the swap may do so for long, and the job be paused meanwhile.
TEST_F(give_way, to_a_pause_while_the_cutover_was_held_back) {
  const auto file = std::filesystem::temp_directory_path() / ("eidolon-stop-" + db_.name());
  submit_with("throttle_file=" + file.string());
  await_state("ready");
  std::ofstream{file} << "";
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  await_state("cutting_over");
  expect_held_now("throttle_file");
  ASSERT_EQ(daemon_->client({"pause", id_}).status, 0);
  std::filesystem::remove(file);
  EXPECT_EQ(daemon_->client({"wait", id_, "--state", "retaining", "--timeout", "3"}).status, 4) << told();
  ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
  await_state("done");
}

// An index build cannot be slowed once it runs.
TEST_F(give_way, before_it_builds_indexes) {
  const auto file = std::filesystem::temp_directory_path() / ("eidolon-stop-" + db_.name());
  db_.sql(
      "CREATE FUNCTION app.gate(n integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF "
      "current_setting('application_name') LIKE 'eidolon job % copy' THEN PERFORM pg_advisory_xact_lock_shared(42); "
      "END IF; "
      "RETURN true; END $$; ALTER TABLE app.t ADD CHECK (app.gate(id))");
  auto holder = db_.session();
  holder.sql("SELECT pg_advisory_lock(42)");
  submit_with("throttle_file=" + file.string());
  EXPECT_TRUE(eventually(
      [&] { return db_.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") != "0"; },
      patience))
      << told();
  std::ofstream{file} << "";  // while the only chunk is copied
  holder.sql("SELECT pg_advisory_unlock(42)");
  await_state("indexing");
  expect_held("throttle_file", "exists");
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_index WHERE indrelid = '" + job_schema() + ".t'::regclass"), "0");
  std::filesystem::remove(file);
  go_on();
}

// The log is counted while nothing of it is applied.
TEST_F(give_way, and_tells_how_much_is_logged_meanwhile) {
  submit_with("copy_ratio=0");
  await_state("copying");
  db_.sql("UPDATE app.t SET v = 'changed' WHERE id <= 100");
  EXPECT_TRUE(
      eventually([&] { return daemon_->job(id_).at("progress").at("backlog").to_number<int>() == 100; }, patience))
      << told();
  set("copy_ratio=1");
  go_on();
}

// One that copies rests for a part of the time, and says so.
TEST_F(give_way, by_a_part_of_the_time) {
  db_.sql(
      "CREATE FUNCTION app.slow(n integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.01); RETURN "
      "true; END $$; DELETE FROM app.t WHERE id > 300; ALTER TABLE app.t ADD CHECK (app.slow(id))");
  submit_with("copy_ratio=0.5");
  EXPECT_TRUE(eventually([&] { return held_by("slowed").value_or("").find("50 %") != std::string::npos; }, patience))
      << told();
  set("copy_ratio=1");
  go_on();
}

TEST_F(give_way, to_a_query_above_its_threshold) {
  db_.sql("CREATE TABLE app.queue (n int); INSERT INTO app.queue SELECT generate_series(1, 5)");
  submit("ALTER COLUMN n TYPE bigint",
         {"--set", "throttle_query=SELECT count(*) FROM app.queue;", "--set", "throttle_threshold=4"});
  expect_held("throttle_query", "answers 5, more than 4");
  db_.sql("DELETE FROM app.queue WHERE n = 1");
  go_on();
}

TEST_F(give_way, to_a_query_that_fails_or_would_write) {
  db_.sql(
      "CREATE TABLE app.seen (n int); CREATE FUNCTION app.look() RETURNS int LANGUAGE sql AS 'INSERT INTO app.seen "
      "VALUES (1) RETURNING n'");
  submit_with("throttle_query=SELECT app.look()");
  expect_held("throttle_query", "read-only transaction");
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.seen"), "0");
  set("throttle_query=SELECT 1 / 0");
  expect_held("throttle_query", "division by zero");
  set("throttle_query=SELECT pg_sleep(60)::text::int");
  expect_held("throttle_query", "statement timeout");
  set("throttle_query=1); DROP TABLE app.seen; SELECT (2");
  expect_held("throttle_query", "cannot insert multiple commands");
  set("throttle_query=SELECT 0");
  go_on();
}

TEST_F(give_way, to_sessions_that_wait_for_locks_at_the_table) {
  auto first = db_.session(), second = db_.session();
  first.sql("BEGIN; UPDATE app.t SET v = v WHERE id = 1");
  second.send("UPDATE app.t SET v = v WHERE id = 1");
  db_.sql("CREATE TABLE app.other ()");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "max_lock_waits=1", "--set", "copy_ratio=0"});
  // Installing the triggers waits for the writer.
  first.sql("COMMIT");
  second.finish();
  await_state("copying");
  first.sql("BEGIN; UPDATE app.t SET v = v WHERE id = 1");
  std::vector<session> waiting;
  for (int i = 0; i < 2; ++i) {
    waiting.push_back(db_.session());
    waiting.back().send("UPDATE app.t SET v = v WHERE id = 1");
  }
  set("copy_ratio=1");
  expect_held("max_lock_waits", "2 sessions wait");
  first.sql("COMMIT");
  for (auto& s : waiting) s.finish();
  go_on();
}

// There is one at any time, but none for long.
TEST_F(give_way, to_no_prepared_transaction_that_is_young) {
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
TEST_F(give_way, and_does_not_queue_behind_whom_it_could_not_cancel) {
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
TEST_F(give_way, and_names_who_is_in_the_way_in_any_alphabet) {
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

TEST_F(give_way, to_little_space) {
  submit_with("min_free_space=900000TB");
  expect_held("min_free_space", "left");
  set("min_free_space=1kB");
  go_on();
}

TEST_F(give_way, pauses_when_the_load_is_critical) {
  db_.sql("CREATE TABLE app.queue (n int); INSERT INTO app.queue VALUES (50)");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "throttle_query=SELECT max(n) FROM app.queue", "--set",
                                        "throttle_threshold=10", "--set", "critical=throttle_threshold=40"});
  EXPECT_TRUE(eventually([&] { return daemon_->job(id_).at("condition").at("paused").as_bool(); }, patience)) << told();
  const auto why = daemon_->job(id_).at("condition").at("paused_reason");
  EXPECT_NE(std::string{why.as_string()}.find("critical: throttle_query answers 50, more than 40"), std::string::npos);
  db_.sql("UPDATE app.queue SET n = 0");
  EXPECT_EQ(daemon_->client({"wait", id_, "--state", "ready", "--timeout", "2"}).status, 4) << "it waits for somebody";
  ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
  go_on();
}

TEST_F(give_way, gives_up_when_the_load_reaches_abort_at) {
  db_.sql("CREATE TABLE app.queue (n int); INSERT INTO app.queue VALUES (50)");
  const auto before = content();
  submit("ALTER COLUMN n TYPE bigint",
         {"--set", "throttle_query=SELECT max(n) FROM app.queue", "--set", "abort_at=throttle_threshold=40"});
  await_state("failed");
  const auto job = daemon_->job(id_);
  EXPECT_EQ(job.at("error").at("code").as_string(), "load_limit");
  EXPECT_EQ(content(), before);
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'app.t'::regclass AND NOT tgisinternal"), "0");
}

// The sessions of a busy application, one after the other at the table, and none of them for long.
TEST_F(give_way, pauses_when_the_application_has_waited_long_enough_for_its_locks) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "lock_budget=50ms"});
  await_state("ready");
  std::atomic<bool> stop{false};
  std::thread readers{[&] {
    auto one = db_.session(), other = db_.session();
    one.send("SELECT pg_sleep(0.8) FROM app.t LIMIT 1");
    while (!stop) {
      std::this_thread::sleep_for(std::chrono::milliseconds{400});
      other.send("SELECT pg_sleep(0.8) FROM app.t LIMIT 1");
      one.finish();
      std::swap(one, other);
    }
    one.finish();
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
  EXPECT_LE(blocked, 0.5) << "no attempt may take more than what is left";
  set("lock_budget=10s");
  ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
  await_state("done");
}

// Something slow happens under the locks: that is the application's time, and is counted once.
TEST_F(give_way, counts_the_time_under_the_locks_once) {
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
TEST_F(give_way, does_not_hold_its_locks_for_longer_than_max_hold) {
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
TEST_F(give_way, before_it_applies_slow_rows_under_its_locks) {
  db_.sql(
      "DELETE FROM app.t WHERE id > 300; CREATE FUNCTION app.slow(integer) RETURNS bigint LANGUAGE plpgsql IMMUTABLE "
      "AS 'BEGIN PERFORM pg_sleep(0.003); RETURN $1; END'");
  submit("ALTER COLUMN n TYPE bigint USING app.slow(n)", {"--set", "lock_timeout=900ms"});
  await_state("ready");
  db_.sql("UPDATE app.t SET v = v || '+' WHERE id <= 100");
  const auto applied = "SELECT count(*) FROM " + job_schema() + ".t WHERE v LIKE '%+'";
  EXPECT_TRUE(eventually([&] { return db_.value(applied) == "100"; }, patience)) << told();
  auto writer = db_.session();
  writer.sql("BEGIN; UPDATE app.t SET v = v || '-'");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  const auto waiting =
      "SELECT count(*) > 0 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND "
      "a.application_name = 'eidolon job " +
      id_ + " cutover'";
  EXPECT_TRUE(eventually([&] { return db_.value(waiting) == "t"; }, patience)) << told();
  writer.sql("COMMIT");
  await_state("done");
  for (const auto& detail : attempts("swapped")) EXPECT_LT(detail.at("drained").to_number<int>(), 150) << told();
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t WHERE v LIKE 'v%-' AND n = id"), "300");
}

class give_way_to_the_server : public testing::Test {
 protected:
  static constexpr std::chrono::seconds patience{60};

  void run(const std::string& setting, const std::string& reason) {
    db_.sql("CREATE TABLE public.t (id int PRIMARY KEY); INSERT INTO public.t SELECT generate_series(1, 100)");
    daemon_.emplace(db_.conninfo());
    id_ = daemon_->submit("public.t", "ALTER COLUMN id TYPE bigint", {"--set", "keep_old=0s", "--set", setting});
    EXPECT_TRUE(eventually(
        [&] {
          const auto job = daemon_->job(id_);
          const auto& held = job.at("condition").at("throttled").as_array();
          return std::any_of(held.begin(), held.end(),
                             [&](const auto& t) { return t.at("reason").as_string() == reason; });
        },
        patience))
        << boost::json::serialize(daemon_->job(id_));
    EXPECT_EQ(daemon_->wait(id_, std::chrono::seconds{1}, "done"), 4);
  }
  void write_log() {
    for (int i = 0; i < 3; ++i)
      db_.sql("SELECT pg_logical_emit_message(false, 'test', repeat('x', 100000)); SELECT pg_switch_wal()");
  }

  cluster server_{{.settings = {{"archive_mode", "on"}, {"archive_command", "test ! -e stop"}}}};
  database db_{server_};
  std::optional<daemon_process> daemon_;
  std::string id_;
};

TEST_F(give_way_to_the_server, that_must_keep_log_for_a_slot) {
  db_.sql("SELECT pg_create_physical_replication_slot('forgotten', true)");
  write_log();
  run("max_slot_wal=20MB", "max_slot_wal");
  db_.sql("SELECT pg_drop_replication_slot('forgotten')");
  EXPECT_EQ(daemon_->wait(id_, patience, "done"), 0) << daemon_->log();
}

TEST_F(give_way_to_the_server, whose_archiver_does_not_follow) {
  const auto stop = server_.data_directory() / "stop";
  std::ofstream{stop} << "";
  write_log();
  run("max_archive_backlog=1", "max_archive_backlog");
  std::filesystem::remove(stop);
  db_.sql("SELECT pg_switch_wal()");
  EXPECT_EQ(daemon_->wait(id_, patience, "done"), 0) << daemon_->log();
}

}  // namespace
}  // namespace eidolon::test
