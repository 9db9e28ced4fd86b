// What the application must not feel: limits on temporary files, its own isolation level,
// deadlocks, sessions that hold locks for long, autovacuum.
#include <chrono>

#include "held_job.hpp"

namespace eidolon::test {
namespace {

using application = held_job;
using clock = std::chrono::steady_clock;

// Transition tables would spill whole rows, and fail here.
TEST_F(application, may_update_in_bulk_under_a_temp_file_limit) {
  db_.sql("INSERT INTO app.t SELECT i, i, repeat('x', 300), NULL FROM generate_series(20001, 60000) AS i");
  submit_and_hold();
  auto s = db_.session();
  s.sql("SET temp_file_limit = '64kB'; SET work_mem = '64kB'");
  s.sql("UPDATE app.t SET n = n + 1");
  s.sql("DELETE FROM app.t WHERE id > 40000");
  finish();
}

// The database's defaults are serializable, read-only and short of time: none leaks into the job, and the job's
// transactions are none that the application's serializable ones could fail because of.
TEST_F(application, has_defaults_of_its_own) {
  const auto set_default = [&](const std::string& text) {
    db_.server().sql("postgres", "ALTER DATABASE " + db_.name() + " " + text);
  };
  const auto set_default_of_role = [&](const std::string& text) {
    db_.server().sql("postgres", "ALTER ROLE postgres IN DATABASE " + db_.name() + " " + text);
  };
  for (const auto* setting : {"default_transaction_isolation = serializable", "enable_tidscan = off",
                              "row_security = off", "statement_timeout = '1ms'", "search_path = nowhere"})
    set_default(std::string{"SET "} + setting);
  set_default_of_role("SET default_transaction_read_only = on");
  auto writer = db_.session("options='-c statement_timeout=0 -c default_transaction_read_only=off'");
  submit();
  for (int i = 1; i <= 300; ++i) {
    writer.sql("BEGIN; SELECT count(*) FROM app.t; UPDATE app.t SET v = 'a' WHERE id = " + std::to_string(i));
    writer.sql("COMMIT");
  }
  await_state("ready");
  EXPECT_EQ(writer.value("SHOW transaction_isolation"), "serializable");
  set_default("RESET ALL");
  set_default_of_role("RESET ALL");
  finish();
}

// Every chunk reads its own blocks only, also where planner settings speak against it.
TEST_F(application, is_not_read_over_and_over_by_the_copy) {
  constexpr std::int64_t rows = 40'000;
  db_.sql("INSERT INTO app.t SELECT i, i, repeat('x', 900), NULL FROM generate_series(20001, 60000) AS i");
  db_.server().sql("postgres", "ALTER DATABASE " + db_.name() + " SET enable_tidscan = off");
  const auto read = [&] {
    return std::stoll(db_.value("SELECT seq_tup_read FROM pg_stat_user_tables WHERE relid = 'app.t'::regclass"));
  };
  const auto before = read();
  submit("ALTER COLUMN n TYPE bigint", {"--set", "chunk_target=10ms", "--set", "verify=off"});
  await_state("ready");
  EXPECT_TRUE(eventually([&] { return read() - before >= rows; }, patience)) << read() - before;
  EXPECT_LT(read() - before, 3 * rows);
  finish();
}

// A transaction that has read the table keeps the cutover waiting; nobody else waits for long behind it.
TEST_F(application, does_not_queue_behind_a_waiting_cutover) {
  submit_and_hold();
  auto reader = db_.session();
  reader.sql("BEGIN; SELECT count(*) FROM app.t");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  auto writer = db_.session();
  writer.sql("SET lock_timeout = '1s'");
  int in_vain = 0;
  const auto end = clock::now() + std::chrono::seconds{4};
  for (int i = 1; clock::now() < end; ++i)
    in_vain += !gets_its_lock(writer, "UPDATE app.t SET n = n + 1 WHERE id = " + std::to_string(i % row_count + 1));
  EXPECT_LE(in_vain, 1) << "longer than deadlock_timeout";
  // The reader goes on to write: were an attempt still waiting for longer than deadlock_timeout, it would be the
  // deadlock's victim.
  reader.sql("UPDATE app.t SET n = n + 1 WHERE id = 5; COMMIT");
  await_state("done");
  EXPECT_EQ(db_.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"), "0");
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t"), std::to_string(row_count));
}

// A dump holds ACCESS SHARE on every table there is, the job's own among them, for as long as it runs.
TEST_F(application, may_take_a_long_dump) {
  submit_and_hold();
  auto dump = db_.session();
  dump.sql("BEGIN ISOLATION LEVEL REPEATABLE READ");
  for (const auto& row : db_.sql("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = "
                                 "'app' OR schemaname LIKE 'eidolon%'"))
    dump.sql("LOCK TABLE " + row.front().value() + " IN ACCESS SHARE MODE");
  dump.sql("SELECT count(*) FROM app.t");
  const auto ghost = job_schema() + ".t";
  for (int round = 1; round <= 3; ++round) {
    const auto n = std::to_string(-round);
    db_.sql("UPDATE app.t SET n = " + n);
    ASSERT_TRUE(eventually(
        [&] { return db_.value("SELECT count(*) FROM " + ghost + " WHERE n = " + n) == std::to_string(row_count); },
        std::chrono::seconds{30}))
        << "the backlog is not applied while a dump runs\n"
        << told();
  }
  dump.sql("COMMIT");
  finish();
}

// A COMMIT that waits for a standby keeps its locks: the swap must not be such a one, or readers wait as long.
TEST_F(application, is_not_locked_out_by_a_standby_that_does_not_follow) {
  const auto standby = [&](const std::string& names) {
    db_.server().sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = '" + names + "'");
    db_.server().sql("postgres", "SELECT pg_reload_conf()");
    EXPECT_TRUE(eventually([&] { return db_.value("SHOW synchronous_standby_names") == names; }));
  };
  submit_and_hold();
  auto holder = db_.session();
  holder.sql("BEGIN; SELECT count(*) FROM app.t");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  await_state("cutting_over");
  standby("nobody");
  holder.sql("COMMIT");
  auto reader = db_.session();
  reader.sql("SET lock_timeout = '20s'");
  const auto end = clock::now() + std::chrono::seconds{4};
  while (clock::now() < end) EXPECT_EQ(reader.value("SELECT count(*) FROM app.t"), std::to_string(row_count));
  standby("");
  await_state("done");
}

// Autovacuum gives way to whoever waits for its lock, but only once the deadlock check has run.
TEST(autovacuum_of_the_source, is_cancelled_within_one_attempt) {
  cluster server{{.settings = {{"autovacuum_naptime", "1"},
                               {"autovacuum_vacuum_cost_delay", "100ms"},
                               {"autovacuum_vacuum_cost_limit", "1"},
                               {"deadlock_timeout", "1s"}}}};
  const database db{server};
  db.sql(
      "CREATE SCHEMA app; CREATE TABLE app.t (id integer PRIMARY KEY, n integer, v text) WITH "
      "(autovacuum_vacuum_threshold = 10, "
      "autovacuum_vacuum_scale_factor = 0)");
  db.sql(
      "INSERT INTO app.t SELECT i, i, repeat('x', 500) FROM generate_series(1, 5000) AS i; UPDATE app.t SET n = n + 1");
  const auto vacuuming = [&] {
    return db.value("SELECT count(*) FROM pg_stat_progress_vacuum WHERE relid = 'app.t'::regclass") == "1";
  };
  ASSERT_TRUE(eventually(vacuuming, std::chrono::seconds{30}));
  daemon_process daemon{db.conninfo()};
  const auto id = daemon.submit("app.t", "ALTER COLUMN n TYPE bigint",
                                {"--set", "keep_old=0s", "--set", "lock_timeout=300ms", "--set", "lock_retries=3"});
  EXPECT_EQ(daemon.wait(id, std::chrono::seconds{60}, "done"), 0)
      << boost::json::serialize(daemon.job(id)) << daemon.client({"events", id}).out << daemon.log();
}

}  // namespace
}  // namespace eidolon::test
