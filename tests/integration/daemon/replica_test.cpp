// max_lag: a job waits while a standby is behind, and while a configured replica cannot be asked.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/proxy.hpp"

namespace eidolon::test {
namespace {

constexpr std::chrono::seconds patience{60};

class replicas : public testing::Test {
 protected:
  void SetUp() override {
    db_.sql(
        "CREATE SCHEMA app; CREATE TABLE app.t (id int PRIMARY KEY, v text); "
        "INSERT INTO app.t SELECT i, 'v' || i FROM generate_series(1, 5000) i");
  }
  void submit() {
    id_ = daemon_->submit("app.t", "ALTER COLUMN id TYPE bigint",
                          {"--set", "keep_old=0s", "--set", "max_lag=1s", "--set", "chunk_target=10ms"});
  }
  boost::json::array replicas_seen() const {
    const auto answer =
        run_process({.command = {"curl", "-s", "--unix-socket", daemon_->socket(), "http://localhost/v1/databases"}});
    return boost::json::parse(answer.out).at("databases").at(0).at("replicas").as_array();
  }
  std::optional<std::string> held_for_lag() {
    const auto job = daemon_->job(id_);
    for (const auto& t : job.at("condition").at("throttled").as_array())
      if (t.at("reason").as_string() == "lag") return std::string{t.at("detail").as_string()};
    return std::nullopt;
  }
  std::optional<double> lag_of_first() const {
    const auto seen = replicas_seen();
    if (seen.empty() || !seen.front().at("lag_seconds").is_number()) return std::nullopt;
    return seen.front().at("lag_seconds").to_number<double>();
  }
  void expect_held_while_behind() {
    EXPECT_TRUE(eventually([&] { return held_for_lag().has_value(); }, patience)) << daemon_->log();
    EXPECT_EQ(daemon_->wait(id_, std::chrono::seconds{2}, "done"), 4);
  }
  // The standby's link to its primary goes through the proxy from now on.
  void put_between(proxy& p, cluster& standby) {
    standby.sql("postgres",
                "ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 user=postgres application_name=far port=" +
                    std::to_string(p.port()) + "'");
    standby.sql("postgres", "SELECT pg_reload_conf()");
    EXPECT_TRUE(eventually(
        [&] {
          return db_.value(
                     "SELECT string_agg(application_name, ',') FROM pg_stat_replication WHERE state = 'streaming'") ==
                 "far";
        },
        patience));
  }
  void expect_done() { EXPECT_EQ(daemon_->wait(id_, patience, "done"), 0) << daemon_->log(); }

  cluster primary_;
  database db_{primary_};
  std::optional<daemon_process> daemon_;
  std::string id_;
};

TEST_F(replicas, a_standby_that_does_not_replay_holds_the_job) {
  cluster standby{{.settings = {}, .primary = &primary_}};
  daemon_.emplace(db_.conninfo());
  standby.sql("postgres", "SELECT pg_wal_replay_pause()");
  db_.sql("UPDATE app.t SET v = v");
  EXPECT_TRUE(eventually(
      [&] {
        const auto seen = replicas_seen();
        return seen.size() == 1 && seen.front().at("lag_seconds").is_number() &&
               seen.front().at("lag_seconds").to_number<double>() > 1;
      },
      patience));
  submit();
  EXPECT_TRUE(eventually([&] { return held_for_lag().has_value(); }, patience)) << daemon_->log();
  EXPECT_NE(held_for_lag().value_or("").find("behind"), std::string::npos);
  EXPECT_EQ(daemon_->wait(id_, std::chrono::seconds{3}, "done"), 4);
  standby.sql("postgres", "SELECT pg_wal_replay_resume()");
  expect_done();
}

TEST_F(replicas, a_configured_replica_that_cannot_be_asked_holds_the_job) {
  cluster standby{{.settings = {}, .primary = &primary_}};
  daemon_.emplace(db_.conninfo(), std::vector<std::string>{"--replica", standby.conninfo("postgres")});
  const auto seen_with_lag = [&](bool known) {
    const auto seen = replicas_seen();
    return !seen.empty() && std::any_of(seen.begin(), seen.end(),
                                        [](const auto& r) { return !r.at("lag_seconds").is_number(); }) != known;
  };
  // The job is small: it might be done before the daemon asks the replica again.
  EXPECT_TRUE(eventually([&] { return seen_with_lag(true); }, patience));
  standby.stop("immediate");
  EXPECT_TRUE(eventually([&] { return seen_with_lag(false); }, patience));
  submit();
  EXPECT_TRUE(eventually([&] { return held_for_lag().has_value(); }, patience)) << daemon_->log();
  EXPECT_EQ(daemon_->wait(id_, std::chrono::seconds{3}, "done"), 4);
  standby.start();
  expect_done();
}

TEST_F(replicas, the_primary_itself_is_none) {
  daemon_.emplace(db_.conninfo(), std::vector<std::string>{"--replica", primary_.conninfo("postgres")});
  submit();
  expect_done();
  EXPECT_TRUE(replicas_seen().empty()) << boost::json::serialize(replicas_seen());
  EXPECT_NE(daemon_->log().find("is the primary itself"), std::string::npos) << daemon_->log();
}

// The dsn leads to the old primary still.
TEST_F(replicas, a_configured_replica_that_is_promoted_beside_the_primary_holds_the_job) {
  cluster standby{{.settings = {}, .primary = &primary_}};
  daemon_.emplace(db_.conninfo(), std::vector<std::string>{"--replica", standby.conninfo("postgres")});
  standby.sql("postgres", "SELECT pg_promote()");
  EXPECT_TRUE(eventually(
      [&] { return boost::json::serialize(replicas_seen()).find("it is not a standby") != std::string::npos; },
      patience));
  submit();
  expect_held_while_behind();
  EXPECT_NE(held_for_lag().value_or("").find("it is not a standby"), std::string::npos);
}

// A query on the standby needs what recovery wants to remove: recovery waits for it.
TEST_F(replicas, a_standby_whose_own_load_stops_recovery_holds_the_job) {
  cluster standby{{.settings = {{"max_standby_streaming_delay", "-1"}}, .primary = &primary_}};
  daemon_.emplace(db_.conninfo());
  auto report = session{standby.conninfo(db_.name())};
  report.sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM app.t");
  db_.sql("DELETE FROM app.t WHERE id > 4000");
  db_.sql("VACUUM app.t");
  db_.sql("UPDATE app.t SET v = v");
  EXPECT_TRUE(eventually([&] { return lag_of_first().value_or(0) > 1; }, patience));
  submit();
  expect_held_while_behind();
  report.sql("COMMIT");
  expect_done();
}

TEST_F(replicas, a_standby_behind_a_link_that_is_cut_holds_the_job) {
  proxy link{primary_.port()};
  cluster standby{{.settings = {}, .primary = &primary_}};
  put_between(link, standby);
  daemon_.emplace(db_.conninfo());
  EXPECT_TRUE(eventually([&] { return lag_of_first().has_value(); }, patience));
  link.cut(true);
  db_.sql("UPDATE app.t SET v = v");
  EXPECT_TRUE(eventually([&] { return lag_of_first().value_or(0) > 1; }, patience));
  submit();
  expect_held_while_behind();
  link.cut(false);
  expect_done();
}

TEST_F(replicas, a_standby_that_is_gone_is_missed_until_it_comes_back) {
  cluster standby{{.settings = {}, .primary = &primary_}};
  daemon_.emplace(db_.conninfo());
  EXPECT_TRUE(eventually([&] { return lag_of_first().has_value(); }, patience));
  standby.stop("immediate");
  EXPECT_TRUE(eventually([&] { return !replicas_seen().empty() && !lag_of_first(); }, patience));
  submit();
  expect_held_while_behind();
  EXPECT_NE(held_for_lag().value_or("").find("left pg_stat_replication"), std::string::npos);
  standby.start();
  expect_done();
}

TEST_F(replicas, a_standby_that_is_gone_for_good_can_be_forgotten) {
  std::optional<cluster> standby{std::in_place, cluster_options{.settings = {}, .primary = &primary_}};
  daemon_.emplace(db_.conninfo());
  EXPECT_TRUE(eventually([&] { return lag_of_first().has_value(); }, patience));
  const auto seen = replicas_seen();
  const std::string name{seen.front().at("name").as_string()};
  EXPECT_EQ(daemon_->client({"forget-replica", name}).status, 1) << "it is there";
  standby.reset();
  EXPECT_TRUE(eventually([&] { return !replicas_seen().empty() && !lag_of_first(); }, patience));
  submit();
  expect_held_while_behind();
  daemon_->kill();
  daemon_->start();
  EXPECT_TRUE(eventually(
      [&] { return held_for_lag().value_or("").find("before this daemon led") != std::string::npos; }, patience))
      << daemon_->log();
  expect_held_while_behind();
  EXPECT_NE(daemon_->client({"replicas"}).out.find(name), std::string::npos);
  EXPECT_EQ(daemon_->client({"forget-replica", "nobody"}).status, 1);
  EXPECT_EQ(daemon_->client({"forget-replica", name}).status, 0);
  expect_done();
  daemon_->kill();
  daemon_->start();
  EXPECT_TRUE(eventually([&] { return daemon_->get("/readyz").first == 200; }, patience));
  EXPECT_TRUE(replicas_seen().empty()) << "it was forgotten";
}

// It says every ten seconds how far it is, or as here never.
TEST_F(replicas, who_only_receives_the_log_holds_nobody_while_it_takes_it) {
  auto path = (std::filesystem::temp_directory_path() / "eidolon-log-XXXXXX").string();
  const std::filesystem::path directory = ::mkdtemp(path.data());
  process receiver{{.command = {cluster::program("pg_receivewal"), "--directory", directory.string(),
                                "--status-interval", "0", "--dbname", primary_.conninfo("postgres")}}};
  daemon_.emplace(db_.conninfo());
  EXPECT_TRUE(eventually([&] { return lag_of_first() == 0; }, patience)) << receiver.err();
  submit();
  expect_done();
  receiver.signal(SIGSTOP);
  db_.sql("CREATE TABLE app.large AS SELECT repeat('x', 1000) FROM generate_series(1, 60000)");
  EXPECT_TRUE(eventually([&] { return lag_of_first().value_or(0) > 1; }, patience)) << "it does not take it";
  receiver.signal(SIGKILL);
  std::filesystem::remove_all(directory);
}

// The link lets through half of what an idle primary could write, and less. The bound is generous: what the pacer does
// exactly is in its unit tests, and measured by tests/bench/lag.
TEST_F(replicas, a_copy_goes_at_the_pace_of_a_slow_link) {
  constexpr std::int64_t rate = 4 << 20;
  db_.sql("INSERT INTO app.t SELECT i, repeat('v', 500) FROM generate_series(10001, 70000) i; CHECKPOINT");
  proxy link{primary_.port()};
  cluster standby{{.settings = {}, .primary = &primary_}};
  put_between(link, standby);
  link.slow_down(rate);
  daemon_.emplace(db_.conninfo());
  EXPECT_TRUE(eventually([&] { return lag_of_first().value_or(9) < 0.5; }, patience));
  id_ = daemon_->submit("app.t", "ALTER COLUMN id TYPE bigint",
                        {"--set", "keep_old=0s", "--set", "max_lag=2s", "--set", "verify=off", "--postpone-cutover"});
  int looks = 0, late = 0;
  bool paced = false;
  const auto began = std::chrono::steady_clock::now();
  const auto copied = [&] {
    // Looking is not to slow down what is looked at.
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    const auto job = daemon_->job(id_);
    const auto lag = lag_of_first();
    ++looks;
    late += !lag || *lag > 4;
    for (const auto& t : job.at("condition").at("throttled").as_array())
      paced = paced || t.at("reason").as_string() == "pace";
    return job.at("progress").at("ratio").to_number<double>() >= 1;
  };
  EXPECT_TRUE(eventually(copied, 3 * patience)) << daemon_->log();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  EXPECT_TRUE(paced) << daemon_->log();
  EXPECT_LE(late, looks / 4) << looks;
  EXPECT_GT(took.count(), 5) << "some 35 MB at 4 MB/s";
  EXPECT_LT(took.count(), 120);
  link.slow_down(0);
  EXPECT_EQ(daemon_->wait(id_, patience, "ready"), 0);
}

TEST_F(replicas, an_idle_primary_makes_no_replica_late) {
  cluster standby{{.settings = {}, .primary = &primary_}};
  daemon_.emplace(db_.conninfo(), std::vector<std::string>{"--replica", standby.conninfo("postgres")});
  EXPECT_TRUE(eventually(
      [&] {
        const auto seen = replicas_seen();
        return seen.size() == 2 && std::all_of(seen.begin(), seen.end(), [](const auto& r) {
                 return r.at("error").is_null() && r.at("lag_seconds").is_number() &&
                        r.at("lag_seconds").template to_number<double>() < 1;
               });
      },
      patience))
      << boost::json::serialize(replicas_seen());
  submit();
  expect_done();
}

}  // namespace
}  // namespace eidolon::test
