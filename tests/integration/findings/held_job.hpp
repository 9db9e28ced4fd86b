// A job that is held just before its cutover, so that a test can do to its table what the
// finding is about, and then see what comes of it.
#pragma once
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"
#include "tests/support/daemon_process.hpp"

namespace eidolon::test {

class held_job : public testing::Test {
 protected:
  static constexpr std::chrono::seconds patience{120};
  static constexpr int row_count = 3000;

  // app.t: id, n, v, slot (unique), its rows, and whatever the test adds before it starts the daemon.
  void SetUp() override {
    db_.sql("CREATE SCHEMA app; CREATE TABLE app.t (id integer PRIMARY KEY, n integer, v text, slot integer UNIQUE)");
    db_.sql("INSERT INTO app.t SELECT i, i, 'v' || i, i FROM generate_series(1, " + std::to_string(row_count) +
            ") AS i");
  }

  void submit(const std::string& alter = "ALTER COLUMN n TYPE bigint", std::vector<std::string> more = {}) {
    if (!daemon_) daemon_.emplace(db_.conninfo());
    std::vector<std::string> arguments{"--postpone-cutover", "--set", "keep_old=0s", "--set", "chunk_target=20ms"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    id_ = daemon_->submit("app.t", alter, arguments);
  }

  void await_state(const std::string& state) { ASSERT_EQ(daemon_->wait(id_, patience, state), 0) << told(); }
  void submit_and_hold() {
    submit();
    await_state("ready");
  }

  // Lets it cut over, and expects the table to hold what it held before.
  void finish() {
    const auto expected = content();
    ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
    await_state("done");
    EXPECT_EQ(content(), expected);
    EXPECT_EQ(
        db_.value(
            "SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = 'app.t'::regclass AND attname = 'n'"),
        "bigint");
    EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
  }

  // Asks for the cutover, which something that has come to hang on the table keeps away.
  void waits_at_the_cutover(const std::string& obstacle) {
    ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
    EXPECT_TRUE(eventually(
        [&] {
          const auto status = boost::json::serialize(daemon_->job(id_).at("condition"));
          return status.find("neighbours") != std::string::npos && status.find(obstacle) != std::string::npos;
        },
        patience))
        << told();
  }

  // Runs a statement; false when it waited for a lock as long as the session's lock_timeout allows.
  static bool gets_its_lock(session& s, const std::string& statement) {
    try {
      s.sql(statement);
    } catch (const sql_failure& e) {
      if (e.sqlstate != "55P03") throw;
      return false;
    }
    return true;
  }

  // Count and checksum of the rows, whatever their column types.
  std::string content() const {
    return db_.value(
        "SELECT count(*) || ' ' || coalesce(md5(string_agg(concat_ws('|', id, n, v, slot, n IS NULL, v IS NULL), ',' "
        "ORDER BY id)), '') "
        "FROM app.t");
  }

  std::string events() const { return daemon_->client({"--json", "events", id_}).out; }
  std::string told() const {
    return boost::json::serialize(daemon_->job(id_)) + "\n" + events() + "\n" + daemon_->log();
  }
  std::string job_schema() const { return "eidolon_" + id_; }

  database db_;
  std::optional<daemon_process> daemon_;
  std::string id_;
};

}  // namespace eidolon::test
