// Values that must be unique and that move between rows in one transaction: an upsert, which goes row
// by row, meets the value's stale holder although no state of the source violates anything. Mended by taking all
// keys of the batch out and putting all rows in (copier::apply_in_transaction).
#include <atomic>
#include <thread>

#include "held_job.hpp"

namespace eidolon::test {
namespace {

using moving_values = held_job;

constexpr int pairs = 20;

// The rows 1 and 2, 3 and 4, … exchange their slots.
std::string swap_slots() {
  const auto those = " WHERE id <= " + std::to_string(2 * pairs);
  return "UPDATE app.t SET slot = -slot" + those +
         "; UPDATE app.t AS t SET slot = -o.slot FROM app.t AS o WHERE o.id = t.id + CASE t.id % 2 WHEN 1 THEN 1 ELSE "
         "-1 END "
         "AND t.id <= " +
         std::to_string(2 * pairs);
}

TEST_F(moving_values, swapped_while_the_cutover_is_postponed) {
  submit_and_hold();
  db_.sql("BEGIN; " + swap_slots() + "; COMMIT");
  const auto ghost = job_schema() + ".t";
  EXPECT_TRUE(eventually([&] { return db_.value("SELECT slot FROM " + ghost + " WHERE id = 1") == "2"; })) << told();
  finish();
  EXPECT_EQ(db_.value("SELECT slot FROM app.t WHERE id = 1"), "2");
}

// Now the cutover itself finds swapped values in the log when it has its locks.
TEST_F(moving_values, swapped_until_the_cutover) {
  submit_and_hold();
  std::atomic<bool> stop{false};
  std::atomic<int> swaps{0};
  std::string failure;
  std::thread application{[&] {
    try {
      auto s = db_.session();
      while (!stop) {
        s.sql("BEGIN; " + swap_slots() + "; SELECT pg_sleep(0.02); COMMIT");
        ++swaps;
      }
    } catch (const std::exception& e) {
      failure = e.what();
    }
  }};
  EXPECT_TRUE(eventually([&] { return swaps > 10 || !failure.empty(); }, patience));
  EXPECT_EQ(daemon_->client({"cutover", id_}).status, 0);
  EXPECT_EQ(daemon_->wait(id_, patience, "done"), 0) << told();
  stop = true;
  application.join();
  EXPECT_EQ(failure, "");
  const auto swapped = "id + CASE id % 2 WHEN 1 THEN 1 ELSE -1 END";
  const auto expected = swaps % 2 == 0 ? std::string{"id"} : std::string{swapped};
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t WHERE slot = CASE WHEN id <= " + std::to_string(2 * pairs) +
                      " THEN " + expected + " ELSE id END"),
            std::to_string(row_count));
}

TEST_F(moving_values, swapped_under_an_exclusion_constraint) {
  db_.sql(
      "ALTER TABLE app.t ADD COLUMN during int4range; UPDATE app.t SET during = int4range(id * 10, id * 10 + 5); "
      "ALTER TABLE app.t ADD CONSTRAINT t_during_excl EXCLUDE USING gist (during WITH &&)");
  submit_and_hold();
  db_.sql(
      "BEGIN; UPDATE app.t SET during = int4range(-lower(during), -lower(during) + 5) WHERE id <= 40; "
      "UPDATE app.t SET during = int4range(10 * (id + s), 10 * (id + s) + 5) FROM (VALUES (1, 1), (0, -1)) AS d (odd, "
      "s) "
      "WHERE id % 2 = odd AND id <= 40; COMMIT");
  const auto ranges = "SELECT md5(string_agg(id || ' ' || during, ',' ORDER BY id)) FROM ";
  const auto expected = db_.value(std::string{ranges} + "app.t");
  const auto ghost = job_schema() + ".t";
  EXPECT_TRUE(eventually([&] { return db_.value(ranges + ghost) == expected; })) << told();
  finish();
  EXPECT_EQ(db_.value(std::string{ranges} + "app.t"), expected);
  EXPECT_EQ(db_.value("SELECT lower(during) FROM app.t WHERE id = 1"), "20");
}

}  // namespace
}  // namespace eidolon::test
