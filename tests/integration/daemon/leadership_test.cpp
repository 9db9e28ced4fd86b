// Two daemons on one database: one leads, the other stands by and takes over.
#include <thread>

#include "busy_job.hpp"
#include "tests/support/proxy.hpp"

namespace eidolon::test {
namespace {

std::string leader_of(const daemon_process& d) {
  const auto answer = d.client({"--json", "list"});
  return answer.status == 0 ? answer.out : answer.err;
}

class two_daemons : public testing::Test {
 protected:
  busy_job first_;
  daemon_process second_{first_.db.conninfo()};

  void finish_with_the_second() {
    ASSERT_EQ(second_.wait(first_.id, busy_job::patience, "done"), 0) << leader_of(second_) << second_.log();
    first_.expect_nothing_left();
    first_.expect_books_hold();
  }
};

TEST_F(two_daemons, the_second_answers_questions_and_refuses_commands) {
  first_.submit({"--postpone-cutover"});
  ASSERT_TRUE(first_.reaches("ready")) << first_.told();
  EXPECT_TRUE(eventually([&] { return second_.state(first_.id) == "ready"; }));
  const auto condition = boost::json::serialize(second_.job(first_.id).at("condition"));
  EXPECT_NE(condition.find("another daemon leads it"), std::string::npos) << condition;
  EXPECT_NE(second_.client({"events", first_.id}).out.find("submitted"), std::string::npos);
  finished_process refused;
  const auto is_refused = [&] {
    refused = second_.client({"cutover", first_.id});
    return refused.status == 1;
  };
  EXPECT_TRUE(eventually(is_refused)) << refused.status;
  EXPECT_NE(refused.err.find("not_leader"), std::string::npos) << refused.err;
  EXPECT_EQ(first_.recorded_state(), "ready");
  ASSERT_EQ(first_.daemon->client({"cutover", first_.id}).status, 0);
  first_.expect_done();
}

TEST_F(two_daemons, the_second_takes_over_when_the_first_is_killed) {
  first_.submit({"--set", "copy_ratio=0.3"});
  ASSERT_TRUE(first_.reaches("copying"));
  first_.daemon->kill();
  finish_with_the_second();
}

TEST_F(two_daemons, the_second_takes_over_when_the_first_is_stopped) {
  first_.submit({"--set", "copy_ratio=0.3"});
  ASSERT_TRUE(first_.reaches("copying"));
  EXPECT_EQ(first_.daemon->stop(), 0);
  finish_with_the_second();
}

// The first one lives on without its lead, and must not work on as if it had it.
TEST_F(two_daemons, the_second_takes_over_when_the_first_loses_its_session) {
  first_.submit({"--set", "copy_ratio=0.3"});
  ASSERT_TRUE(first_.reaches("copying"));
  auto s = first_.db.session();
  const auto leads = [&](const daemon_process& d) {
    return d.client({"--json", "cutover", "999999"}).err.find("not_leader") == std::string::npos;
  };
  EXPECT_TRUE(leads(*first_.daemon));
  const auto epoch = std::stoll(s.value("SELECT epoch FROM eidolon.leader"));
  EXPECT_EQ(
      s.value("SELECT count(pg_terminate_backend(l.pid)) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted "
              "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"),
      "1");
  EXPECT_TRUE(eventually([&] { return std::stoll(s.value("SELECT epoch FROM eidolon.leader")) > epoch; }));
  finish_with_the_second();
}

// A script that locks all tables, say, or a VACUUM by hand.
TEST(lock_on_the_epoch, is_told_while_it_keeps_everybody_from_leading) {
  const database db;
  daemon_process daemon{db.conninfo()};
  daemon.stop();
  auto other = db.session("application_name=nightly");
  other.sql("BEGIN; LOCK TABLE eidolon.leader IN SHARE UPDATE EXCLUSIVE MODE");
  daemon.start(daemon_process::until::it_answers);
  const auto who = "client backend " + std::to_string(other.pid()) + " (nightly)";
  EXPECT_TRUE(eventually([&] { return daemon.log().find(who) != std::string::npos; })) << daemon.log();
  EXPECT_EQ(daemon.get("/readyz").first, 503);
  EXPECT_NE(daemon.get("/v1/databases").second.find(who), std::string::npos) << daemon.get("/v1/databases").second;
  EXPECT_NE(daemon.client({"submit", "--table", "app.t", "--alter", "ADD z int"}).err.find(who), std::string::npos);
  other.sql("COMMIT");
  EXPECT_TRUE(eventually([&] { return daemon.get("/readyz").first == 200; })) << daemon.log();
  EXPECT_EQ(daemon.get("/v1/databases").second.find(who), std::string::npos);
}

// What runs would end with it, index builds of hours too.
TEST(leader_behind_a_link, outlasts_a_cut_of_some_seconds) {
  const database db;
  proxy link{db.server().port()};
  daemon_process daemon{"host=127.0.0.1 user=postgres port=" + std::to_string(link.port()) + " dbname=" + db.name()};
  const auto epoch = db.value("SELECT epoch FROM eidolon.leader");
  link.cut(true);
  std::this_thread::sleep_for(std::chrono::seconds{13});
  link.cut(false);
  // Once it writes again, it does so under the lead that it has.
  db.sql("CREATE SCHEMA app; CREATE TABLE app.t (id int PRIMARY KEY)");
  std::string id;
  const auto submitted = [&] {
    const auto answer = daemon.client({"submit", "--table", "app.t", "--alter", "ALTER id TYPE bigint"});
    id = answer.out.substr(0, answer.out.find('\n'));
    return answer.status == 0;
  };
  ASSERT_TRUE(eventually(submitted)) << daemon.log();
  EXPECT_EQ(daemon.wait(id, busy_job::patience, "retaining"), 0) << daemon.log();
  EXPECT_EQ(db.value("SELECT epoch FROM eidolon.leader"), epoch) << daemon.log();
}

// Whatever it had begun by then.
TEST(two_daemons_at_one_socket, the_second_ends_in_order) {
  const database db;
  daemon_process first{db.conninfo()};
  for (int times = 0; times < 5; ++times) {
    const auto second = run_process({.command = {daemon_process::program("eidolond"), "--dsn", db.conninfo(),
                                                 "--socket", first.socket(), "--http", ""}});
    EXPECT_EQ(second.status, 1) << second.err;
    EXPECT_NE(second.err.find(first.socket()), std::string::npos) << second.err;
  }
}

// A daemon that knows less than another one has written does nothing; what an older one wrote it takes over.
TEST(control_schema, of_a_newer_version_is_left_alone) {
  const database db;
  daemon_process daemon{db.conninfo()};
  db.sql("UPDATE eidolon.meta SET version = 1");
  daemon.stop();
  daemon.start();
  EXPECT_EQ(db.value("SELECT version FROM eidolon.meta"), "2");
  db.sql("UPDATE eidolon.meta SET version = 3");
  daemon.stop();
  daemon.start(daemon_process::until::it_answers);
  EXPECT_TRUE(eventually([&] { return daemon.log().find("has version 3") != std::string::npos; })) << daemon.log();
  EXPECT_NE(daemon.client({"submit", "--table", "app.t", "--alter", "ADD z int"}).status, 0);
  EXPECT_EQ(db.value("SELECT version FROM eidolon.meta"), "3");
}

}  // namespace
}  // namespace eidolon::test
