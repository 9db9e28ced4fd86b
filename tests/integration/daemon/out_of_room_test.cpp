// What there is no room for is not tried for ever: each attempt would take again what the last one gave back, and the
// application's writes fail meanwhile.
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class out_of_room : public held_job {
 protected:
  // Its index is sorted in files that are not allowed.
  void SetUp() override {
    held_job::SetUp();
    db_.sql("INSERT INTO app.t SELECT i, i, 'v' || i, i FROM generate_series(3001, 200000) AS i");
    db_.sql("ALTER DATABASE " + db_.value("SELECT quote_ident(current_database())") + " SET temp_file_limit = '64kB'");
  }
  void make_room() {
    db_.sql("ALTER DATABASE " + db_.value("SELECT quote_ident(current_database())") + " RESET temp_file_limit");
    db_.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'eidolon job %'");
  }
  bool is_held() {
    const auto condition = boost::json::serialize(daemon_->job(id_).at("condition"));
    return condition.find("temp_file_limit") != std::string::npos &&
           condition.find("resume tries again") != std::string::npos;
  }
};

TEST_F(out_of_room, a_job_holds_itself_and_goes_on_when_there_is_some) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "index_memory=1MB", "--set", "index_workers=0"});
  ASSERT_TRUE(eventually([&] { return is_held(); }, patience)) << told();
  EXPECT_EQ(daemon_->state(id_), "indexing");
  make_room();
  ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
  await_state("ready");
  finish();
}

TEST_F(out_of_room, a_job_that_holds_itself_can_be_aborted) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "index_memory=1MB", "--set", "index_workers=0"});
  ASSERT_TRUE(eventually([&] { return is_held(); }, patience)) << told();
  ASSERT_EQ(daemon_->client({"abort", id_}).status, 0);
  await_state("aborted");
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
}

}  // namespace
}  // namespace eidolon::test
