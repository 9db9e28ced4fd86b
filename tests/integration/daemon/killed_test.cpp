// kill -9 of the daemon in every state, and at random moments: the next one goes on, and nothing is lost.
#include <thread>

#include "busy_job.hpp"
#include "tests/support/slow_commit.hpp"

namespace eidolon::test {
namespace {

struct moment {
  const char* state;
  std::vector<std::string> settings;
  const char* holder;  // what another session does, so that the job stays in the state; empty: nothing
};

void PrintTo(const moment& m, std::ostream* out) { *out << m.state; }

class killed : public testing::TestWithParam<std::tuple<moment, const char*>> {};

TEST_P(killed, in_a_state_goes_on_from_it) {
  const auto& [m, shape] = GetParam();
  busy_job job{shape};
  auto holder = job.db.session();
  if (*m.holder != '\0') holder.sql(std::string{"BEGIN; "} + m.holder);
  job.submit(m.settings);
  ASSERT_TRUE(job.reaches(m.state)) << job.told();
  job.daemon->kill();
  const auto killed_in = job.recorded_state();
  RecordProperty("killed_in", killed_in);
  if (*m.holder != '\0') {
    EXPECT_EQ(killed_in, m.state);
    holder.sql("COMMIT");
  }
  job.daemon->start();
  if (job.recorded_state() == "ready") {
    ASSERT_EQ(job.daemon->client({"cutover", job.id}).status, 0) << job.told();
  }
  job.expect_done();
  job.expect_books_hold();
}

constexpr const char* shapes[] = {"integer", "partitioned_twice"};

INSTANTIATE_TEST_SUITE_P(
    states, killed,
    testing::Combine(testing::Values(moment{"preparing", {}, "LOCK TABLE load.t IN ROW EXCLUSIVE MODE"},
                                     moment{"copying", {"--set", "copy_ratio=0.2"}, ""}, moment{"indexing", {}, ""},
                                     moment{"catching_up", {}, ""}, moment{"verifying", {}, ""},
                                     moment{"ready", {"--postpone-cutover"}, ""},
                                     moment{"cutting_over", {}, "LOCK TABLE load.t IN ACCESS SHARE MODE"},
                                     moment{"validating", {}, ""}, moment{"retaining", {"--set", "keep_old=3s"}, ""}),
                     testing::ValuesIn(shapes)),
    [](const auto& i) { return fmt::format("{}_{}", std::get<0>(i.param).state, std::get<1>(i.param)); });

class killed_while : public testing::TestWithParam<const char*> {};

INSTANTIATE_TEST_SUITE_P(shapes, killed_while, testing::ValuesIn(shapes),
                         [](const auto& i) { return std::string{i.param}; });

TEST(killed_in_the_queue, goes_on_from_it) {
  busy_job job;
  job.db.sql("CREATE TABLE load.other (id int PRIMARY KEY); INSERT INTO load.other SELECT generate_series(1, 100)");
  const auto first = job.daemon->submit("load.other", "ALTER COLUMN id TYPE bigint", {"--set", "copy_ratio=0"});
  job.submit();
  ASSERT_EQ(job.daemon->wait(first, job.patience, "copying"), 0);
  job.daemon->kill();
  EXPECT_EQ(job.recorded_state(), "queued");
  job.daemon->start();
  ASSERT_EQ(job.daemon->client({"abort", first}).status, 0);
  job.expect_done();
  job.expect_books_hold();
}

TEST_P(killed_while, aborting) {
  busy_job job{GetParam()};
  job.submit({"--postpone-cutover"});
  ASSERT_TRUE(job.reaches("ready")) << job.told();
  auto holder = job.db.session();
  holder.sql("BEGIN; LOCK TABLE load.t IN ACCESS SHARE MODE");
  ASSERT_EQ(job.daemon->client({"abort", job.id}).status, 0);
  ASSERT_TRUE(job.reaches("aborting")) << job.told();
  job.daemon->kill();
  EXPECT_EQ(job.recorded_state(), "aborting");
  holder.sql("COMMIT");
  job.daemon->start();
  ASSERT_EQ(job.daemon->wait(job.id, job.patience, "aborted"), 0) << job.told();
  job.expect_nothing_left();
  job.expect_books_hold();
}

// The swap's COMMIT is under way when the daemon dies: a deferred trigger on the job's record makes it last.
TEST_P(killed_while, the_swap_commits) {
  busy_job job{GetParam()};
  job.db.sql(slow_commit_of_the_swap(1));
  job.submit();
  const auto committing =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'eidolon job % cutover' AND query = 'COMMIT' "
      "AND state = 'active'";
  auto s = job.db.session();
  ASSERT_TRUE(eventually([&] { return s.value(committing) == "1"; }, job.patience)) << job.told();
  job.daemon->kill();
  job.daemon->start();
  job.expect_done();
  job.expect_books_hold();
}

// Whatever it was doing: the daemon is killed again and again, after times that nobody chose.
TEST_P(killed_while, whatever_it_was_doing) {
  busy_job job{GetParam()};
  job.submit({"--set", "copy_ratio=0.5"});
  random_engine random{seed_of_run()};
  for (int round = 0; round < 12 && job.recorded_state() != "done"; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds{std::uniform_int_distribution<int>{0, 700}(random)});
    job.daemon->kill();
    job.daemon->start();
  }
  job.expect_done();
  job.expect_books_hold();
}

void stop_while_copying(std::chrono::steady_clock::duration& took) {
  busy_job job;
  // Its second chunk does not come while this goes on.
  job.submit({"--set", "copy_ratio=0.001"});
  ASSERT_TRUE(job.reaches("copying"));
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(job.daemon->stop(), 0) << job.daemon->log();
  took = std::chrono::steady_clock::now() - begun;
  EXPECT_EQ(job.recorded_state(), "copying");
  const auto busy = "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'eidolon%' AND state <> 'idle'";
  EXPECT_TRUE(eventually([&] { return job.db.value(busy) == "0"; }));
  job.daemon->start();
  EXPECT_TRUE(eventually([&] {
    return job.daemon->client({"set", job.id, "copy_ratio=1"}).status == 0 || job.recorded_state() == "done";
  }));
  job.expect_done();
  job.expect_books_hold();
}

// What has not ended by itself after 8 s is abandoned (daemon/process.cpp), by a daemon that is wrong each time.
TEST(stopped_by_sigterm, ends_at_once_and_goes_on_later) {
  constexpr std::chrono::seconds given_up{8};
  std::chrono::steady_clock::duration took = given_up;
  for (int runs = 0; runs < 3 && took >= given_up && !HasFatalFailure(); ++runs) stop_while_copying(took);
  EXPECT_LT(took, given_up);
}

}  // namespace
}  // namespace eidolon::test
