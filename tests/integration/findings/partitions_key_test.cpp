// The foreign key of a partitioned table, which is added anew after the swap, beside an application that uses the
// tables.
#include <thread>

#include "partitions.hpp"

namespace eidolon::test {
namespace {

// He holds a weak lock on the table when the key's triggers change there, and asks for a stronger one. other: how the
// referenced table begins and ends.
class partitions_key : public partitions {
 protected:
  void is_added_beside(const std::string& other, const std::string& read, const std::string& written) {
    db_.sql("CREATE TABLE app.other (id integer PRIMARY KEY, v text)" + other +
            "; INSERT INTO app.other SELECT generate_series(1, 3000); "
            "ALTER TABLE app.t ADD FOREIGN KEY (slot) REFERENCES app.other");
    submit_and_hold();
    std::string failure;
    std::jthread application{[&](const std::stop_token& stop) {
      auto s = db_.session();
      try {
        while (!stop.stop_requested()) {
          s.sql("BEGIN; SELECT count(*) FROM " + read + " WHERE id < 10");
          std::this_thread::sleep_for(std::chrono::milliseconds{20});
          s.sql("UPDATE " + written + " SET v = v WHERE id = 5; COMMIT");
        }
      } catch (const std::exception& e) {
        failure = e.what();
      }
    }};
    finish();
    application.request_stop();
    application.join();
    EXPECT_EQ(failure, "");
    EXPECT_EQ(db_.value("SELECT bool_and(convalidated) FROM pg_constraint WHERE contype = 'f' AND conrelid IN "
                        "(SELECT relid FROM pg_partition_tree('app.t'))"),
              "t");
  }
};

constexpr const char* partitioned = " PARTITION BY RANGE (id); CREATE TABLE app.other_1 PARTITION OF app.other DEFAULT";

TEST_F(partitions_key, beside_a_user_of_the_referenced_table) { is_added_beside("", "app.other", "app.other"); }

TEST_F(partitions_key, beside_a_user_of_the_referenced_partitioned_table) {
  is_added_beside(partitioned, "app.other_1", "app.other_1");
}

TEST_F(partitions_key, beside_a_user_of_a_referencing_partition) { is_added_beside(partitioned, "app.t_1", "app.t_1"); }

}  // namespace
}  // namespace eidolon::test
