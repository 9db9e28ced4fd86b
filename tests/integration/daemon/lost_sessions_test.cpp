// Sessions that end under the daemon: terminated one by one, all at once, or with the server.
#include <csignal>
#include <thread>

#include "busy_job.hpp"
#include "tests/support/slow_commit.hpp"

namespace eidolon::test {
namespace {

constexpr auto terminate =
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND "
    "application_name LIKE ";

class lost_session : public testing::TestWithParam<const char*> {};

// Each kind of session, three times while the job runs.
TEST_P(lost_session, is_replaced) {
  busy_job job;
  job.submit({"--set", "copy_ratio=0.3"});
  auto s = job.db.session();
  const auto kind = s.literal(GetParam());
  for (int times = 0; times < 3; ++times) {
    ASSERT_TRUE(
        eventually([&] { return s.value(terminate + kind) != "0" || job.recorded_state() == "done"; }, job.patience))
        << "no session like " << GetParam() << "\n"
        << job.told();
  }
  job.expect_done();
  job.expect_books_hold();
}

INSTANTIATE_TEST_SUITE_P(of, lost_session,
                         testing::Values("eidolon leader", "eidolon control", "eidolon monitor", "eidolon job % copy%",
                                         "eidolon job % index%", "eidolon job % apply%", "eidolon job % verify%",
                                         "eidolon job % cutover", "eidolon %"),
                         [](const auto& i) {
                           std::string name;
                           for (const char c : std::string{i.param}) name += std::isalnum(c) ? c : '_';
                           return name;
                         });

TEST(lost_sessions, any_of_them_at_any_time) {
  busy_job job;
  job.submit({"--set", "copy_ratio=0.5"});
  auto s = job.db.session();
  random_engine random{seed_of_run()};
  const auto one = std::string{
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
      "AND application_name LIKE 'eidolon%' ORDER BY random() LIMIT 1"};
  for (int times = 0; times < 40 && job.recorded_state() != "done"; ++times) {
    s.sql(one);
    std::this_thread::sleep_for(std::chrono::milliseconds{std::uniform_int_distribution<int>{0, 300}(random)});
  }
  job.expect_done();
  job.expect_books_hold();
}

class server_restart : public testing::TestWithParam<const char*> {};

TEST_P(server_restart, in_the_middle_of_the_copy) {
  cluster server;
  busy_job job{server};
  job.submit({"--set", "copy_ratio=0.1"});
  ASSERT_TRUE(job.reaches("copying")) << job.told();
  job.writes.stop();
  // The load commits asynchronously: what it counts as committed is on disk only now.
  job.db.sql("CHECKPOINT");
  server.restart(GetParam());
  EXPECT_TRUE(eventually(
      [&] {
        return job.daemon->client({"set", job.id, "copy_ratio=1"}).status == 0;
      },
      job.patience))
      << job.told();
  job.writes.start();
  job.expect_done();
  job.expect_books_hold();
}

INSTANTIATE_TEST_SUITE_P(mode, server_restart, testing::Values("fast", "immediate"),
                         [](const auto& i) { return std::string{i.param}; });

// Each crash is an outage for everybody: a job that is there twice does not try a third time by itself.
TEST(server_crash, twice_at_the_same_work_holds_the_job) {
  cluster server;
  busy_job job{server};
  job.submit({"--set", "copy_ratio=0.01"});
  job.writes.stop();
  const auto crash_in_the_copy = [&] {
    std::string pid;
    const auto copies = [&] {
      try {
        pid = job.db.value(
            "SELECT coalesce(min(pid), 0) FROM pg_stat_activity WHERE application_name LIKE 'eidolon job % copy%'");
      } catch (const std::exception&) {
        return false;  // it comes back from the last crash
      }
      return pid != "0" && job.daemon->state(job.id) == "copying" && ::kill(std::stoi(pid), SIGKILL) == 0;
    };
    ASSERT_TRUE(eventually(copies, job.patience)) << job.told();
  };
  const auto condition = [&] { return boost::json::serialize(job.daemon->job(job.id).at("condition")); };
  crash_in_the_copy();
  crash_in_the_copy();
  ASSERT_TRUE(
      eventually([&] { return condition().find("the server crashed 2 times") != std::string::npos; }, job.patience))
      << job.told();
  EXPECT_EQ(job.recorded_state(), "copying");
  // It keeps its place, and who waits behind it says so.
  job.db.sql("CREATE TABLE public.later (id integer PRIMARY KEY)");
  const auto later = job.daemon->submit("public.later", "ALTER COLUMN id TYPE bigint");
  const auto queue = [&] { return boost::json::serialize(job.daemon->job(later).at("condition")); };
  EXPECT_TRUE(eventually([&] { return queue().find("job " + job.id + " has begun already") != std::string::npos; },
                         job.patience))
      << queue();
  ASSERT_EQ(job.daemon->client({"abort", later}).status, 0);
  ASSERT_EQ(job.daemon->client({"resume", job.id}).status, 0);
  ASSERT_EQ(job.daemon->client({"set", job.id, "copy_ratio=1"}).status, 0);
  job.expect_done();
}

// The backend ends in the swap's COMMIT: the daemon asks the record what became of it, and tries again.
TEST(swap_in_doubt, is_settled_from_the_record) {
  busy_job job;
  job.db.sql(slow_commit_of_the_swap(2));
  job.submit();
  auto s = job.db.session();
  const auto committing =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'eidolon job % cutover' AND "
      "query = 'COMMIT'";
  ASSERT_TRUE(eventually([&] { return s.value(committing) == "t"; }, job.patience)) << job.told();
  EXPECT_TRUE(eventually([&] { return job.recorded_state() == "cutting_over"; }));
  s.sql("DROP TRIGGER dawdle ON eidolon.job");
  job.expect_done();
  EXPECT_EQ(job.db.value("SELECT count(*) FROM eidolon.event WHERE detail ->> 'to' = 'retaining'"), "1");
  job.expect_books_hold();
}

// The server crashes when the swap is committed and not yet on the disk: for nobody has it happened, and it happens
// again.
TEST(swap_not_on_the_disk, is_made_again) {
  cluster server;
  busy_job job{server};
  job.submit({"--postpone-cutover"});
  ASSERT_TRUE(job.reaches("ready")) << job.told();
  job.writes.stop();
  for (const auto* setting : {"wal_writer_delay = '10s'", "wal_writer_flush_after = '1GB'"})
    job.db.sql(std::string{"ALTER SYSTEM SET "} + setting);
  job.db.sql("SELECT pg_reload_conf(); CHECKPOINT");
  {
    // What the daemon waits for before it goes on.
    auto holder = job.db.session();
    holder.sql("BEGIN; INSERT INTO eidolon_" + job.id + ".\"eidolon step\" (name) VALUES ('cutover')");
    ASSERT_EQ(job.daemon->client({"cutover", job.id}).status, 0);
    ASSERT_TRUE(eventually([&] { return job.recorded_state() == "validating"; }, job.patience)) << job.told();
    EXPECT_EQ(job.daemon->state(job.id), "cutting_over");
    server.restart("immediate");
  }
  EXPECT_EQ(job.recorded_state(), "cutting_over") << "the swap was on the disk: nothing is shown";
  job.writes.start();
  job.expect_done();
  job.expect_books_hold();
}

// What the daemon counts as applied survives the server, also where sessions commit to its memory by default: the
// daemon sleeps while the server crashes and comes back, and sees nothing of it before it goes on.
TEST(applied_batch, is_on_the_disk) {
  cluster server;
  for (const auto* setting :
       {"synchronous_commit = off", "wal_writer_delay = '10s'", "wal_writer_flush_after = '1GB'", "autovacuum = off"})
    server.sql("postgres", std::string{"ALTER SYSTEM SET "} + setting);
  server.sql("postgres", "SELECT pg_reload_conf()");
  database db{server};
  db.sql(
      "CREATE TABLE t (id integer PRIMARY KEY, n integer); INSERT INTO t SELECT i, i FROM generate_series(1, 100) AS "
      "i");
  daemon_process daemon{db.conninfo()};
  const auto id =
      daemon.submit("public.t", "ALTER COLUMN n TYPE bigint", {"--postpone-cutover", "--set", "keep_old=0s"});
  ASSERT_EQ(daemon.wait(id, busy_job::patience, "ready"), 0) << daemon.log();
  db.sql("CHECKPOINT");

  db.session("options='-c synchronous_commit=on'").sql("UPDATE t SET n = -1 WHERE id = 7");
  const auto in_ghost = "SELECT n FROM eidolon_" + id + ".t WHERE id = 7";
  ASSERT_TRUE(eventually([&] { return db.value(in_ghost) == "-1"; }, busy_job::patience)) << daemon.log();
  ::kill(daemon.pid(), SIGSTOP);
  server.restart("immediate");
  EXPECT_EQ(db.value(in_ghost), "-1");
  ::kill(daemon.pid(), SIGCONT);

  ASSERT_TRUE(eventually(
      [&] {
        return daemon.client({"cutover", id}).status == 0;
      },
      busy_job::patience))
      << daemon.log();
  ASSERT_EQ(daemon.wait(id, busy_job::patience, "done"), 0) << daemon.log();
  EXPECT_EQ(db.value("SELECT format('%s %s', n, pg_typeof(n)) FROM t WHERE id = 7"), "-1 bigint");
}

}  // namespace
}  // namespace eidolon::test
