// max_lag: a job waits while a standby is behind, and while a configured replica cannot be asked.
#include <gtest/gtest.h>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"
#include "tests/support/daemon_process.hpp"

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
    return !seen.empty() &&
           std::any_of(seen.begin(), seen.end(), [](const auto& r) { return !r.at("lag_seconds").is_number(); }) != known;
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
