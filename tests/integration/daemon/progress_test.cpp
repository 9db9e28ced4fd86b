// What a job tells of how far it is, in the states that may take hours.
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class progress : public held_job {
 protected:
  // Until it has told of this state that a part of it is done, and when it will be over.
  void tells_of(const std::string& state) {
    std::string last;
    EXPECT_TRUE(eventually(
        [&] {
          const auto job = daemon_->job(id_);
          last = boost::json::serialize(job.at("progress")) + boost::json::serialize(job.at("eta_seconds"));
          if (job.at("state").as_string() != state || !job.at("eta_seconds").is_number()) return false;
          const auto& ratio = job.at("progress").at("state_ratio");
          return ratio.is_number() && ratio.to_number<double>() > 0 && ratio.to_number<double>() < 1;
        },
        patience))
        << last << "\n"
        << told();
    // Which are brought up to date every second.
    EXPECT_TRUE(eventually(
        [&] { return daemon_->get("/metrics").second.find("eidolon_job_state_progress_ratio{") != std::string::npos; },
        patience))
        << told();
  }
};

TEST_F(progress, of_an_index_build) {
  db_.sql("CREATE FUNCTION app.same(v text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN v; END'");
  db_.sql("CREATE INDEX ON app.t (app.same(v))");
  db_.sql(
      "CREATE OR REPLACE FUNCTION app.same(v text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS "
      "'BEGIN PERFORM pg_sleep(0.001); RETURN v; END'");
  submit();
  tells_of("indexing");
  await_state("ready");
  finish();
}

TEST_F(progress, of_a_verification) {
  db_.sql("INSERT INTO app.t SELECT i, i, 'v' || i, i FROM generate_series(3001, 60000) AS i");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=1"});
  ASSERT_EQ(daemon_->client({"set", id_, "copy_ratio=0.02"}).status, 0);
  tells_of("verifying");
  ASSERT_EQ(daemon_->client({"set", id_, "copy_ratio=1"}).status, 0);
  await_state("ready");
  EXPECT_TRUE(daemon_->job(id_).at("progress").at("state_ratio").is_null());
  finish();
}

}  // namespace
}  // namespace eidolon::test
