// A copy of a database carries the jobs of its original: they are left alone, and removed on request.
#include <thread>

#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class orphans : public held_job {
 protected:
  void SetUp() override {
    held_job::SetUp();
    submit_and_hold();
    ASSERT_EQ(daemon_->stop(), 0);
    copy_.server().sql("postgres", "DROP DATABASE " + copy_.name());
    copy_.server().sql("postgres", "CREATE DATABASE " + copy_.name() + " TEMPLATE " + db_.name());
  }
  bool triggers_do_nothing() {
    return copy_.value("SELECT bool_and(prosrc NOT LIKE '%INSERT%') FROM pg_proc WHERE pronamespace = '" +
                       job_schema() + "'::regnamespace AND proname LIKE 'log\\_%'") == "t";
  }
  std::string leftovers() {
    return copy_.value(
        "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%') || ' ' || "
        "(SELECT count(*) FROM pg_trigger WHERE tgrelid = 'app.t'::regclass AND NOT tgisinternal)");
  }
  database copy_;
};

TEST_F(orphans, are_left_alone_by_a_daemon) {
  daemon_process other{copy_.conninfo()};
  const auto before = leftovers();
  const auto job = other.job(id_);
  EXPECT_EQ(job.at("state").as_string(), "ready");
  EXPECT_NE(boost::json::serialize(job.at("warnings")).find("another database"), std::string::npos);
  EXPECT_EQ(other.client({"cutover", id_}).status, 1);
  EXPECT_EQ(leftovers(), before);
  EXPECT_EQ(other.state(id_), "ready");
}

TEST_F(orphans, are_removed_on_request_and_the_original_goes_on) {
  const auto rows = copy_.value("SELECT count(*) FROM app.t");
  const auto cleaned =
      run_process({.command = {daemon_process::program("eidolond"), "--dsn", copy_.conninfo(), "--clean-orphans"}});
  EXPECT_EQ(cleaned.status, 0) << cleaned.err;
  EXPECT_EQ(leftovers(), "0 0");
  EXPECT_EQ(copy_.value("SELECT count(*) FROM app.t"), rows);
  EXPECT_EQ(copy_.value("SELECT count(*) FROM eidolon.job"), "0");
  const auto again =
      run_process({.command = {daemon_process::program("eidolond"), "--dsn", db_.conninfo(), "--clean-orphans"}});
  EXPECT_EQ(again.status, 0) << again.err;
  daemon_->start();
  await_state("ready");
  finish();
}

// The application uses the tables of the copy.
TEST_F(orphans, cost_nothing_any_more_and_nobody_waits_for_their_removal) {
  auto reader = copy_.session(), writer = copy_.session();
  reader.sql("BEGIN; SELECT count(*) FROM app.t");
  std::this_thread::sleep_for(std::chrono::milliseconds{1100});  // his lock is an old one
  process cleaning{
      process_options{.command = {daemon_process::program("eidolond"), "--dsn", copy_.conninfo(), "--clean-orphans"}}};
  EXPECT_TRUE(eventually([&] { return triggers_do_nothing(); }, patience)) << cleaning.err();
  writer.sql("SET lock_timeout = '1s'");
  for (int i = 0; i < 40; ++i) {
    ASSERT_NO_THROW(writer.sql("UPDATE app.t SET v = v || '.' WHERE id = 1"));
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  EXPECT_TRUE(cleaning.running()) << cleaning.err();
  reader.sql("COMMIT");
  EXPECT_EQ(cleaning.wait(patience), 0) << cleaning.err();
  EXPECT_EQ(leftovers(), "0 0");
  EXPECT_EQ(copy_.value("SELECT count(*) FROM eidolon.job"), "0");
}

}  // namespace
}  // namespace eidolon::test
