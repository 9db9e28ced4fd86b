// Jobs under a load that keeps its own books (tests/support/load.hpp): when all is over, the
// table holds what the books say, no transaction failed, and the server saw no deadlock.
#include "tests/support/load.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/deadlocks.hpp"
#include "tests/support/seed.hpp"

namespace eidolon::test {
namespace {

constexpr std::chrono::seconds patience{180};

std::string in_words(const std::vector<std::string>& lines) {
  return fmt::format("{} in all\n{}", lines.size(),
                     fmt::join(lines.begin(), lines.begin() + std::min<std::ptrdiff_t>(std::ssize(lines), 10), "\n"));
}

class under_load : public testing::TestWithParam<std::string> {
 protected:
  void TearDown() override { RecordProperty("seed", std::to_string(seed())); }

  void expect_books_hold(const std::function<void(load_row&)>& transform = {}) {
    load_.stop();
    EXPECT_TRUE(load_.failures().empty()) << in_words(load_.failures());
    const auto different = load_.differences(transform);
    EXPECT_TRUE(different.empty()) << in_words(different) << "\nEIDOLON_TEST_SEED=" << seed();
    EXPECT_EQ(deadlocks(db_), "");
  }

  const load_shape& shape_{load_shape_named(GetParam())};
  database db_;
  load load_{db_.conninfo(), shape_, {.seed = seed()}};
};

// Rows change all the time, before, during and after the swap. The alteration keeps the values that the load writes.
TEST_P(under_load, nothing_is_lost) {
  load_.start();
  daemon_process daemon{db_.conninfo()};
  const auto id = daemon.submit("load.t",
                                "ALTER COLUMN n TYPE bigint, ALTER COLUMN v TYPE varchar(5000), ADD COLUMN extra "
                                "integer DEFAULT 7, ADD UNIQUE (" +
                                    shape_.unique_slot() + ")",
                                {"--set", "keep_old=0s", "--set", "chunk_target=20ms"});
  ASSERT_EQ(daemon.wait(id, patience), 0) << boost::json::serialize(daemon.job(id)) << daemon.log();
  const auto swapped = load_.committed();
  EXPECT_TRUE(eventually([&] { return load_.committed() > swapped + 100 || !load_.failures().empty(); }, patience));
  expect_books_hold();
  EXPECT_EQ(db_.value("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'load.t'::regclass "
                      "AND attname = 'n'"),
            "bigint");
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
}

// The load stops before the swap, so that every row is one that the alteration transformed.
TEST_P(under_load, every_row_is_transformed) {
  load_.start();
  daemon_process daemon{db_.conninfo()};
  const auto id = daemon.submit(
      "load.t", "ALTER COLUMN n TYPE bigint USING n * 2 + coalesce(slot, 0), ALTER COLUMN v TYPE text USING v || '!'",
      {"--postpone-cutover", "--set", "keep_old=0s", "--set", "chunk_target=20ms"});
  ASSERT_EQ(daemon.wait(id, patience, "ready"), 0) << boost::json::serialize(daemon.job(id)) << daemon.log();
  const auto ready = load_.committed();
  EXPECT_TRUE(eventually([&] { return load_.committed() > ready + 300 || !load_.failures().empty(); }, patience));
  load_.stop();
  ASSERT_EQ(daemon.client({"cutover", id}).status, 0);
  ASSERT_EQ(daemon.wait(id, patience, "done"), 0) << boost::json::serialize(daemon.job(id)) << daemon.log();
  expect_books_hold([](load_row& row) {
    if (row.n) row.n = *row.n * 2 + row.slot.value_or(0);
    if (row.v) *row.v += "!";
  });
}

// A TRUNCATE in every state: the copy starts again, and rows from before it do not come back.
TEST_P(under_load, truncated_on_the_way) {
  load_.start();
  daemon_process daemon{db_.conninfo()};
  const auto id = daemon.submit("load.t", "ADD COLUMN extra integer DEFAULT 7",
                                {"--postpone-cutover", "--set", "keep_old=0s", "--set", "chunk_target=20ms"});
  load_.truncate();
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(daemon.wait(id, patience, "ready"), 0) << boost::json::serialize(daemon.job(id)) << daemon.log();
    load_.truncate();
  }
  ASSERT_EQ(daemon.client({"cutover", id}).status, 0);
  load_.truncate();
  ASSERT_EQ(daemon.wait(id, patience, "done"), 0) << boost::json::serialize(daemon.job(id)) << daemon.log();
  expect_books_hold();
}

std::vector<std::string> shape_names() {
  std::vector<std::string> names;
  for (const auto& shape : load_shapes()) names.push_back(shape.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(keys, under_load, testing::ValuesIn(shape_names()), [](const auto& one) { return one.param; });

// The books themselves: without any job they agree with the table.
TEST(load_books, agree_with_a_table_that_nobody_reshapes) {
  for (const auto& shape : load_shapes()) {
    const database db;
    load l{db.conninfo(), shape, {.seed = seed()}};
    l.start();
    EXPECT_TRUE(eventually([&] { return l.committed() > 150 || !l.failures().empty(); }));
    l.truncate();
    EXPECT_TRUE(eventually([&] { return l.committed() > 300 || !l.failures().empty(); }));
    l.stop();
    EXPECT_TRUE(l.failures().empty()) << in_words(l.failures());
    EXPECT_TRUE(l.differences().empty()) << shape.name << ": " << in_words(l.differences());
    db.sql("UPDATE load.t SET n = 12345 WHERE (tableoid, ctid) = (SELECT tableoid, ctid FROM load.t LIMIT 1)");
    EXPECT_EQ(l.differences().size(), 1U) << "a changed row is not noticed";
  }
}

}  // namespace
}  // namespace eidolon::test
