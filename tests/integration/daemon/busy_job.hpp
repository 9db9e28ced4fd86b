// A job on a table that a load with books of its own keeps changing: whatever a test does to the
// daemon or to its sessions, in the end the table holds what the books say.
#pragma once
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/deadlocks.hpp"
#include "tests/support/load.hpp"

namespace eidolon::test {

inline std::uint64_t seed_of_run() {
  static const std::uint64_t value = [] {
    const char* given = std::getenv("EIDOLON_TEST_SEED");
    const std::uint64_t chosen = given != nullptr ? std::stoull(given) : std::random_device{}();
    fmt::print("EIDOLON_TEST_SEED={}\n", chosen);
    return chosen;
  }();
  return value;
}

class busy_job {
 public:
  static constexpr std::chrono::seconds patience{120};
  static constexpr auto alteration = "ALTER COLUMN n TYPE bigint";

  explicit busy_job(const std::string& shape) : busy_job{cluster::shared(), shape} {}
  explicit busy_job(cluster& server = cluster::shared(), const std::string& shape = "integer")
      : db{server},
        writes{db.conninfo(),
               load_shape_named(shape),
               {.seed = seed_of_run(), .keys = 3000, .pause = std::chrono::milliseconds{3}}} {
    // Enough pages for a copy of many chunks.
    db.sql(
        "DO $$ DECLARE leaf regclass; BEGIN FOR leaf IN SELECT oid FROM pg_class WHERE relkind = 'r' AND "
        "relnamespace = 'load'::regnamespace LOOP EXECUTE format('ALTER TABLE %s SET (fillfactor = 20)', leaf); END "
        "LOOP; END $$");
    db.sql("VACUUM FULL load.t");
    writes.start();
    daemon.emplace(db.conninfo());
  }

  void submit(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"--set", "keep_old=0s", "--set", "chunk_target=50ms"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    id = daemon->submit("load.t", alteration, arguments);
  }

  // As the database has it, whatever has become of the daemon.
  std::string recorded_state() const { return db.value("SELECT state FROM eidolon.job WHERE id = " + id); }

  // Whether `wanted` is reached, or was already left behind.
  bool reaches(const std::string& wanted) {
    const std::string order =
        "ARRAY['queued','preparing','copying','indexing','catching_up','verifying','ready','cutting_over','validating',"
        "'retaining','done']";
    const auto question = fmt::format(
        "SELECT CASE WHEN state = '{1}' OR array_position({0}, state) >= array_position({0}, '{1}') THEN 'yes' "
        "WHEN state IN ('failed', 'aborted') THEN 'never' ELSE 'not yet' END FROM eidolon.job WHERE id = {2}",
        order, wanted, id);
    auto s = db.session();
    std::string answer;
    eventually([&] { return (answer = s.value(question)) != "not yet"; }, patience);
    return answer == "yes";
  }

  void expect_done() {
    ASSERT_EQ(daemon->wait(id, patience, "done"), 0) << told();
    EXPECT_EQ(db.value("SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = 'load.t'::regclass AND "
                       "attname = 'n'"),
              "bigint");
    expect_nothing_left();
  }

  void expect_nothing_left() {
    EXPECT_EQ(db.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
    EXPECT_EQ(db.value("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'eidolon%'"), "0");
  }

  // Only after the load has gone on for a while, so that the new table has been written to.
  void expect_books_hold() {
    const auto so_far = writes.committed();
    EXPECT_TRUE(eventually([&] { return writes.committed() > so_far + 50 || !writes.failures().empty(); }, patience));
    writes.stop();
    EXPECT_TRUE(writes.failures().empty()) << fmt::format("{}", fmt::join(writes.failures(), "\n"));
    const auto different = writes.differences();
    EXPECT_TRUE(different.empty()) << fmt::format("{} differences, the first: {}\nEIDOLON_TEST_SEED={}",
                                                  different.size(), different.empty() ? "" : different.front(),
                                                  seed_of_run());
    EXPECT_EQ(deadlocks(db), "");
  }

  std::string told() const {
    return boost::json::serialize(daemon->job(id)) + "\n" + daemon->client({"events", id}).out + "\n" + daemon->log();
  }

  database db;
  load writes;
  std::optional<daemon_process> daemon;
  std::string id;
};

}  // namespace eidolon::test
