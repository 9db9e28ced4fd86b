// A failover in the middle of a job, and servers that do not confirm or do not take what is written.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"
#include "tests/support/daemon_process.hpp"

namespace eidolon::test {
namespace {

constexpr std::chrono::seconds patience{60};

// A primary, its asynchronous standby, and a daemon whose dsn leads to whichever of them can be written to, the standby
// first.
class failover : public testing::Test {
 protected:
  void SetUp() override {
    db_.sql(
        "CREATE SCHEMA app; CREATE TABLE app.t (id int PRIMARY KEY, v text); "
        "INSERT INTO app.t SELECT i, 'v' || i FROM generate_series(1, 2000) i");
    standby_.emplace(cluster_options{.settings = {}, .primary = &primary_});
    daemon_.emplace(fmt::format("host={},{} port={},{} user=postgres dbname={} target_session_attrs=read-write",
                                standby_->directory().string(), primary_.directory().string(), standby_->port(),
                                primary_.port(), db_.name()),
                    arguments());
    id_ = daemon_->submit("app.t", "ALTER COLUMN id TYPE bigint", {"--postpone-cutover", "--set", "keep_old=0s"});
    ASSERT_EQ(daemon_->wait(id_, patience, "ready"), 0) << daemon_->log();
    ASSERT_TRUE(eventually([&] { return replicas().find("\"eidolon_test\"") != std::string::npos; }, patience))
        << replicas();
  }

  virtual std::vector<std::string> arguments() const { return {}; }
  std::string replicas() const { return daemon_->get("/v1/databases").second; }

  void wait_until_the_standby_has_it_all() {
    const auto position = db_.value("SELECT pg_current_wal_lsn()");
    ASSERT_TRUE(eventually([&] { return at_standby("SELECT pg_last_wal_replay_lsn() >= '" + position + "'") == "t"; },
                           patience));
  }
  void promote() { ASSERT_EQ(at_standby("SELECT pg_promote()"), "t"); }

  std::string at_standby(const std::string& query) const {
    return session{standby_->conninfo(db_.name())}.value(query);
  }

  // What is left of the other server is the daemon's business only as long as it leads there.
  void finish() {
    ASSERT_TRUE(eventually([&] { return daemon_->client({"cutover", id_}).status == 0; }, patience)) << daemon_->log();
    ASSERT_EQ(daemon_->wait(id_, patience, "done"), 0) << boost::json::serialize(daemon_->job(id_)) << daemon_->log();
    EXPECT_EQ(
        at_standby(
            "SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = 'app.t'::regclass AND attname = 'id'"),
        "bigint");
  }

  cluster primary_;
  database db_{primary_};
  std::optional<cluster> standby_;
  std::optional<daemon_process> daemon_;
  std::string id_;
};

// The one that was promoted is missed in the old primary's list of standbys, and stands where it stood.
TEST_F(failover, goes_on_at_the_standby_that_was_promoted) {
  wait_until_the_standby_has_it_all();
  primary_.stop("immediate");
  promote();
  standby_->sql(db_.name(), "UPDATE app.t SET v = 'after' WHERE id = 7");
  finish();
  EXPECT_EQ(at_standby("SELECT count(*) || ' ' || count(*) FILTER (WHERE v = 'after') FROM app.t"), "2000 1");
}

class failover_to_a_configured_replica : public failover {
 protected:
  std::vector<std::string> arguments() const override { return {"--replica", standby_->conninfo("postgres")}; }
};

// It is what the job runs on now, and nothing that could be late.
TEST_F(failover_to_a_configured_replica, is_not_held_by_it) {
  EXPECT_NE(replicas().find("\"direct\""), std::string::npos) << replicas();
  wait_until_the_standby_has_it_all();
  primary_.stop("immediate");
  promote();
  finish();
  EXPECT_EQ(replicas().find("\"direct\""), std::string::npos) << replicas();
  EXPECT_NE(daemon_->log().find("is the primary itself"), std::string::npos) << daemon_->log();
}

// Sessions that there are stay at the old primary, new ones come to the other, under the same epoch.
TEST_F(failover, works_on_one_server_where_both_can_be_written_to) {
  wait_until_the_standby_has_it_all();
  promote();
  // The operator believes it to be gone.
  ASSERT_TRUE(eventually([&] { return daemon_->client({"forget-replica", "eidolon_test"}).status == 0; }, patience));
  // What is applied there the daemon remembers of the log; the other server has none of it.
  for (int i = 0; i < 3; ++i) {
    const auto v = "old primary " + std::to_string(i);
    db_.sql("UPDATE app.t SET v = '" + v + "' WHERE id <= 200");
    ASSERT_TRUE(eventually(
        [&] {
          return db_.value("SELECT count(*) FROM eidolon_" + id_ + ".t WHERE v = '" + v + "'") == "200" ||
                 daemon_->log().find("leads to another server") != std::string::npos;
        },
        patience))
        << daemon_->log();
  }
  db_.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'eidolon job%'");
  standby_->sql(db_.name(), "UPDATE app.t SET v = 'promoted' WHERE id % 2 = 0; DELETE FROM app.t WHERE id % 5 = 0");
  ASSERT_TRUE(eventually([&] { return daemon_->log().find("leads to another server") != std::string::npos; }, patience))
      << daemon_->log();
  standby_->sql(db_.name(), "INSERT INTO app.t SELECT i, 'promoted' FROM generate_series(3001, 3100) i");
  finish();
  EXPECT_EQ(at_standby("SELECT count(*) || ' ' || count(*) FILTER (WHERE v = 'promoted') FROM app.t"), "1700 900");
  EXPECT_EQ(db_.value("SELECT to_regclass('eidolon_" + id_ + ".t') IS NOT NULL"), "t");
}

// Commits are durable, and their answer never comes.
class synchronous_standby_that_is_gone : public testing::Test {
 protected:
  void SetUp() override {
    db_.sql(
        "CREATE SCHEMA app; CREATE TABLE app.t AS SELECT i AS id FROM generate_series(1, 100) i; "
        "ALTER TABLE app.t ADD PRIMARY KEY (id)");
    daemon_.emplace(db_.conninfo());
    id_ = daemon_->submit("app.t", "ALTER COLUMN id TYPE bigint", {"--postpone-cutover", "--set", "keep_old=0s"});
    ASSERT_EQ(daemon_->wait(id_, patience, "ready"), 0) << daemon_->log();
  }

  // It is the checkpointer that tells everybody, some time after the postmaster has told it.
  void set(const std::string& what, const std::string& names) {
    server_.sql("postgres", "ALTER SYSTEM " + what);
    server_.sql("postgres", "SELECT pg_reload_conf()");
    EXPECT_TRUE(eventually([&] { return db_.value("SHOW synchronous_standby_names") == names; }, patience));
    server_.sql("postgres", "CHECKPOINT");
  }
  void go_away() { set("SET synchronous_standby_names = 'nobody'", "nobody"); }
  void come_back() { set("RESET synchronous_standby_names", ""); }
  bool throttled_by(const std::string& reason) const {
    return eventually(
        [&] { return boost::json::serialize(daemon_->job(id_).at("condition")).find(reason) != std::string::npos; },
        patience);
  }

  cluster server_;
  database db_{server_};
  std::optional<daemon_process> daemon_;
  std::string id_;
};

TEST_F(synchronous_standby_that_is_gone, does_not_keep_a_command_from_being_obeyed) {
  go_away();
  std::jthread client{[&] { EXPECT_NE(daemon_->client({"abort", id_}).status, 0); }};
  const std::string waiting =
      " FROM pg_stat_activity WHERE application_name = 'eidolon control' AND wait_event = 'SyncRep'";
  ASSERT_TRUE(eventually([&] { return db_.value("SELECT count(*)" + waiting) != "0"; }, patience));
  db_.sql("SELECT pg_terminate_backend(pid)" + waiting);
  client.join();
  come_back();
  EXPECT_EQ(daemon_->wait(id_, patience, "aborted"), 0) << daemon_->log();
}

TEST_F(synchronous_standby_that_is_gone, is_told_and_keeps_nobody_from_leading) {
  go_away();
  std::jthread client{[&] { daemon_->client({"pause", id_}); }};
  EXPECT_TRUE(throttled_by("synchronous_standby")) << daemon_->log();
  daemon_process another{db_.conninfo(), {}};
  EXPECT_NE(another.log().find("stands by"), std::string::npos) << another.log();
  daemon_->kill();
  EXPECT_TRUE(eventually([&] { return another.log().find("leads") != std::string::npos; }, patience)) << another.log();
  come_back();
  client.join();
}

// Whoever makes a database read-only by default, because a disk is nearly full, means the daemon as well.
TEST_F(synchronous_standby_that_is_gone, or_a_database_that_is_read_only_holds_the_job) {
  db_.sql("ALTER DATABASE " + db_.name() + " SET default_transaction_read_only = on");
  EXPECT_TRUE(throttled_by("read_only")) << daemon_->log();
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  EXPECT_EQ(daemon_->wait(id_, std::chrono::seconds{3}, "done"), 4) << daemon_->log();
  auto s = db_.session();
  s.sql("SET default_transaction_read_only = off");
  s.sql("ALTER DATABASE " + db_.name() + " RESET default_transaction_read_only");
  EXPECT_EQ(daemon_->wait(id_, patience, "done"), 0) << daemon_->log();
}

}  // namespace
}  // namespace eidolon::test
