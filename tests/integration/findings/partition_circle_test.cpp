// Who locks a partitioned table has it first and its partitions then; the daemon's batches of one partition look at the
// table as well now and then.
#include <future>
#include <thread>

#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class partition_circle : public held_job, public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    held_job::SetUp();
    db_.sql(
        "DROP TABLE app.t; CREATE TABLE app.t (id integer PRIMARY KEY, n integer, v text, slot integer) PARTITION BY "
        "RANGE (id); CREATE TABLE app.t1 PARTITION OF app.t FOR VALUES FROM (0) TO (50000); CREATE TABLE app.t2 "
        "PARTITION OF app.t FOR VALUES FROM (50000) TO (100000); INSERT INTO app.t SELECT i, i, 'v' || i, i FROM "
        "generate_series(1, 99999) AS i");
  }
};

TEST_P(partition_circle, is_not_closed_by_a_batch_of_a_partition) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "copy_ratio=1", "--set", "workers=1"});
  await_state("copying");
  ASSERT_EQ(daemon_->client({"set", id_, "copy_ratio=0.05"}).status, 0);
  auto reader = db_.session();
  reader.sql("BEGIN; SELECT 1 FROM app.t LIMIT 1");
  auto locks = std::async(std::launch::async, [&]() -> std::string {
    auto s = db_.session();
    try {
      s.sql(GetParam());
    } catch (const sql_failure& e) {
      return e.sqlstate + " " + e.what();
    }
    return {};
  });
  // A chunk looks at the whole every two seconds.
  std::this_thread::sleep_for(std::chrono::seconds{4});
  reader.sql("COMMIT");
  EXPECT_EQ(locks.get(), "");
  EXPECT_EQ(daemon_->client({"set", id_, "copy_ratio=1"}).status, 0);
  await_state("ready");
  finish();
}

INSTANTIATE_TEST_SUITE_P(of, partition_circle,
                         testing::Values("BEGIN; LOCK TABLE app.t IN ACCESS EXCLUSIVE MODE; COMMIT",
                                         "ALTER TABLE app.t ALTER COLUMN v SET STATISTICS -1"),
                         [](const auto& i) { return i.index == 0 ? "lock_table" : "alter_table"; });

}  // namespace
}  // namespace eidolon::test
