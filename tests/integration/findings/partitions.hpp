// A partitioned table with a job on it that is held just before its cutover.
#pragma once
#include "held_job.hpp"

namespace eidolon::test {

class partitions : public held_job {
 protected:
  void SetUp() override {
    db_.sql(
        "CREATE SCHEMA app; CREATE TABLE app.t (id integer PRIMARY KEY, n integer, v text, slot integer) PARTITION BY "
        "RANGE (id); CREATE TABLE app.t_1 PARTITION OF app.t FOR VALUES FROM (0) TO (1000); "
        "CREATE TABLE app.t_2 PARTITION OF app.t FOR VALUES FROM (1000) TO (2000); "
        "CREATE TABLE app.t_3 PARTITION OF app.t FOR VALUES FROM (2000) TO (50000); "
        "INSERT INTO app.t SELECT i, i, 'v' || i, i FROM generate_series(1, 3000) AS i");
  }

  // The job ends without a trace, and the application can write all the same.
  void expect_clean_failure(const std::string& code) {
    await_state("failed");
    EXPECT_EQ(daemon_->job(id_).at("error").at("code").as_string(), code) << told();
    EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
    EXPECT_EQ(db_.value("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'eidolon%'"), "0");
    db_.sql("UPDATE app.t SET v = 'after' WHERE id % 7 = 0");
  }

  void fails_after(const std::string& change, const std::string& code = "source_altered") {
    submit_and_hold();
    db_.sql(change);
    ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
    expect_clean_failure(code);
  }
};

}  // namespace eidolon::test
