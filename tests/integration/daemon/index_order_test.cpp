// indexes = before: they are there while rows are copied, and rows of different moments meet in them.
#include "busy_job.hpp"
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class indexes_first : public held_job {
 protected:
  void SetUp() override {
    held_job::SetUp();
    // Many blocks, and every index that is built on more than nothing is noted.
    db_.sql(
        "ALTER TABLE app.t SET (fillfactor = 10); CREATE INDEX ON app.t (v); "
        "CREATE TABLE public.built_late (name text); "
        "CREATE FUNCTION public.tell() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "
        "public.built_late "
        "SELECT object_identity FROM pg_event_trigger_ddl_commands() WHERE objid IN (SELECT indexrelid FROM pg_index "
        "WHERE pg_relation_size(indrelid) > 0); END $$; "
        "CREATE EVENT TRIGGER tell ON ddl_command_end WHEN tag IN ('CREATE INDEX') EXECUTE FUNCTION public.tell()");
    db_.sql("VACUUM FULL app.t");
  }

  // A chunk of the rows is copied, and the rest not until the test says so.
  void copy_a_part(const std::string& alter = "ALTER COLUMN n TYPE bigint", std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--set", "indexes=before", "--set", "copy_ratio=0.001", "--set", "workers=1"});
    submit(alter, more);
    await_state("copying");
    ASSERT_TRUE(eventually([&] { return copied() > 0; }, patience)) << told();
    ASSERT_EQ(daemon_->client({"set", id_, "copy_ratio=0"}).status, 0);
    ASSERT_LT(copied(), row_count);
  }
  int copied() const { return std::stoi(db_.value("SELECT count(*) FROM " + job_schema() + ".t")); }
  void copy_the_rest() { ASSERT_EQ(daemon_->client({"set", id_, "copy_ratio=1"}).status, 0); }
  std::string last_id() const { return std::to_string(row_count); }
};

TEST_F(indexes_first, leaves_nothing_to_build) {
  copy_a_part();
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_index WHERE indrelid = '" + job_schema() + ".t'::regclass"), "3");
  copy_the_rest();
  await_state("ready");
  EXPECT_EQ(db_.value("SELECT count(*) FROM public.built_late"), "0");
  finish();
}

TEST_F(indexes_first, is_not_what_happens_unless_it_is_asked_for) {
  submit();
  await_state("ready");
  EXPECT_EQ(db_.value("SELECT count(*) FROM public.built_late"), "3");
  finish();
}

// Copied rows move to blocks that are not copied yet: their keys are in the ghost already.
TEST_F(indexes_first, a_row_that_moves_is_copied_once) {
  copy_a_part();
  db_.sql("DELETE FROM app.t WHERE id > 2000");
  db_.sql("VACUUM app.t");
  db_.sql("UPDATE app.t SET v = repeat('x', 3000) WHERE id <= 200");
  copy_the_rest();
  await_state("ready");
  finish();
}

// The first row's slot passes to one that is copied later, by way of the value that this one had.
TEST_F(indexes_first, a_value_that_moves_is_no_violation) {
  copy_a_part();
  db_.sql("BEGIN; UPDATE app.t SET slot = -1 WHERE id = 1; UPDATE app.t SET slot = 1 WHERE id = " + last_id() +
          "; UPDATE app.t SET slot = " + last_id() + " WHERE id = 1; COMMIT");
  copy_the_rest();
  await_state("ready");
  finish();
}

// What was copied of the first row is in the way of one that nobody touches, so that no trigger logs it.
TEST_F(indexes_first, a_row_that_was_passed_over_is_not_lost) {
  db_.sql("UPDATE app.t SET v = 'v1' WHERE id = " + last_id());
  copy_a_part("ALTER COLUMN n TYPE bigint, ADD UNIQUE (v)");
  ASSERT_EQ(db_.value("SELECT count(*) FROM " + job_schema() + ".t WHERE id = 1"), "1");
  db_.sql("UPDATE app.t SET v = 'other' WHERE id = 1");
  copy_the_rest();
  await_state("ready");
  finish();
}

// More than a last batch would judge.
TEST_F(indexes_first, many_true_violations_end_the_job) {
  db_.sql(
      "UPDATE app.t SET v = 'twice' || id % 20; INSERT INTO app.t SELECT i, i, 'twice', -i FROM generate_series(10001, "
      "16000) i");
  submit("ALTER COLUMN n TYPE bigint, ADD CONSTRAINT once UNIQUE (v)", {"--set", "indexes=before"});
  EXPECT_EQ(daemon_->wait(id_, patience), 1) << told();
  const auto error = boost::json::serialize(daemon_->job(id_).at("error"));
  EXPECT_NE(error.find("data_error"), std::string::npos) << error;
  EXPECT_NE(error.find("\"once\""), std::string::npos) << error;
  EXPECT_NE(error.find("(v)=(twice"), std::string::npos) << error;
}

// Not because of one that meets a copied row.
TEST_F(indexes_first, names_the_row_that_does_not_fit) {
  db_.sql("UPDATE app.t SET v = repeat('x', 50) WHERE id = 2999");
  copy_a_part("ALTER COLUMN n TYPE bigint, ALTER COLUMN v TYPE varchar(20)");
  db_.sql("BEGIN; UPDATE app.t SET slot = -1 WHERE id = 1; UPDATE app.t SET slot = 1 WHERE id = 2990; COMMIT");
  copy_the_rest();
  EXPECT_EQ(daemon_->wait(id_, patience), 1) << told();
  const auto error = boost::json::serialize(daemon_->job(id_).at("error"));
  EXPECT_NE(error.find("(id)=(2999)"), std::string::npos) << error;
  EXPECT_NE(error.find("too long"), std::string::npos) << error;
}

class indexes_first_under_load : public testing::TestWithParam<const char*> {};

TEST_P(indexes_first_under_load, loses_nothing) {
  busy_job job;
  job.submit({"--set", "indexes=before", "--set", "copy_ratio=0.5", "--set", std::string{"copy_method="} + GetParam()});
  job.expect_done();
  job.expect_books_hold();
}

TEST_P(indexes_first_under_load, goes_on_after_kill) {
  busy_job job;
  job.submit({"--set", "indexes=before", "--set", "copy_ratio=0.2", "--set", std::string{"copy_method="} + GetParam()});
  ASSERT_TRUE(job.reaches("copying")) << job.told();
  for (int i = 0; i < 3; ++i) {
    job.daemon->kill();
    job.daemon->start();
  }
  ASSERT_EQ(job.daemon->client({"set", job.id, "copy_ratio=1"}).status, 0);
  job.expect_done();
  job.expect_books_hold();
}

INSTANTIATE_TEST_SUITE_P(methods, indexes_first_under_load, testing::Values("insert", "stream"),
                         [](const auto& i) { return std::string{i.param}; });

}  // namespace
}  // namespace eidolon::test
