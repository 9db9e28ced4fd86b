// A job gives way to each kind of load, says so, and goes on; above its critical limits it pauses, or gives up.
#include "give_way.hpp"

#include <filesystem>
#include <fstream>

namespace eidolon::test {
namespace {

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

TEST_F(give_way, to_little_space) {
  submit_with("min_free_space=900000TB");
  expect_held("min_free_space", "left");
  set("min_free_space=1kB");
  go_on();
}

TEST_F(give_way, to_a_transaction_that_has_been_open_for_long) {
  auto reader = db_.session();
  reader.sql("BEGIN; SELECT pg_sleep(1.1)");
  submit_with("max_transaction_age=1s");
  expect_held("max_transaction_age", "a transaction has been open for");
  reader.sql("COMMIT");
  go_on();
}

TEST_F(give_way, to_databases_that_wait_to_be_frozen) {
  submit_with("max_xid_age=10");
  expect_held("max_xid_age", "transactions old, more than 10");
  set("max_xid_age=1000000000");
  set("critical=max_xid_age=10");
  EXPECT_TRUE(eventually([&] { return daemon_->job(id_).at("condition").at("paused").as_bool(); }, patience)) << told();
  set("critical=");
  ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
  go_on();
}

TEST_F(give_way, gives_up_when_a_transaction_has_been_open_for_too_long) {
  auto reader = db_.session();
  reader.sql("BEGIN; SELECT 1");
  submit_with("abort_at=max_transaction_age=2s");
  await_state("failed");
  EXPECT_NE(told().find("has reached abort_at: a transaction has been open for"), std::string::npos) << told();
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

TEST_F(give_way, pauses_and_then_gives_up_by_the_files_of_its_levels) {
  const auto file = std::filesystem::temp_directory_path() / ("eidolon-stop-" + db_.name());
  const auto pause = file.string() + ".pause", end = file.string() + ".end";
  submit("ALTER COLUMN n TYPE bigint",
         {"--set", "critical=throttle_file=" + pause, "--set", "abort_at=throttle_file=" + end});
  await_state("ready");
  std::ofstream{pause} << "";
  EXPECT_TRUE(eventually([&] { return daemon_->job(id_).at("condition").at("paused").as_bool(); }, patience)) << told();
  EXPECT_NE(told().find("the load is critical: " + pause + " exists"), std::string::npos) << told();
  std::ofstream{end} << "";
  await_state("failed");
  EXPECT_NE(told().find("has reached abort_at: " + end + " exists"), std::string::npos) << told();
  std::filesystem::remove(pause);
  std::filesystem::remove(end);
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
