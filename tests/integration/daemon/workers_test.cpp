// The number of sessions that copy follows the setting while they do.
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class sessions_that_copy : public held_job {
 protected:
  void SetUp() override {
    held_job::SetUp();
    db_.sql(
        "CREATE TABLE public.slowly AS SELECT 0.003::float8 AS seconds; GRANT SELECT ON public.slowly TO PUBLIC; "
        "CREATE FUNCTION "
        "public.slow(n integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF "
        "current_setting('application_name') LIKE 'eidolon job % copy' AND EXISTS (SELECT FROM public.slowly) THEN "
        "PERFORM pg_sleep((SELECT seconds FROM public.slowly)); END IF; RETURN "
        "true; "
        "END $$; ALTER TABLE app.t ADD CHECK (public.slow(id))");
  }
  // Five of them fill a block.
  void add_rows(int number) {
    db_.sql("INSERT INTO app.t SELECT i, i, repeat('x', 1500), i FROM generate_series(10001, " +
            std::to_string(10'000 + number) + ") AS i");
  }
  void expect_at_work(const std::string& sessions) const {
    EXPECT_TRUE(eventually(
        [&] {
          return db_.value("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'eidolon job " + id_ +
                           " copy' AND state = 'active'") == sessions;
        },
        patience))
        << told();
  }
  void set_workers(const std::string& number) {
    ASSERT_EQ(daemon_->client({"set", id_, "workers=" + number}).status, 0);
  }
};

TEST_F(sessions_that_copy, are_more_or_fewer_from_the_next_chunk_on) {
  add_rows(9'000);
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=1"});
  expect_at_work("1");
  set_workers("3");
  expect_at_work("3");
  set_workers("2");
  expect_at_work("2");
  EXPECT_EQ(daemon_->state(id_), "copying") << "it was too short to tell";
  db_.sql("TRUNCATE public.slowly");
  await_state("ready");
  finish();
}

// A table this small is one lane: who has nothing to do halves what another has before it. A daemon that takes over in
// the middle finds the halves.
TEST_F(sessions_that_copy, take_from_one_another) {
  db_.sql("TRUNCATE app.t; UPDATE public.slowly SET seconds = 0.02");
  add_rows(1'200);
  submit("ALTER COLUMN n TYPE bigint USING n + 0", {"--set", "workers=3"});
  const auto lanes = [this](const std::string& what) {
    return db_.value("SELECT " + what + " FROM " + job_schema() + ".\"eidolon lane\"");
  };
  expect_at_work("3");
  const auto blocks = lanes("sum(end_block - first_block)");
  EXPECT_TRUE(eventually([&] { return std::stoi(lanes("count(*)")) >= 3; }, patience)) << told();
  daemon_->kill();
  daemon_->start();
  expect_at_work("3");
  EXPECT_EQ(daemon_->state(id_), "copying") << "it was too short to tell";
  db_.sql("TRUNCATE public.slowly");
  await_state("ready");
  EXPECT_EQ(lanes("sum(next_block - first_block)"), blocks);
  EXPECT_EQ(lanes("count(DISTINCT first_block) = count(*) AND max(end_block) = sum(end_block - first_block)"), "t");
  EXPECT_EQ(lanes("sum(rows)"), "1200");
  finish();
}

// A chunk may take longer than the daemon's sessions wait for locks.
TEST_F(sessions_that_copy, wait_for_a_slow_chunk_in_vain_and_let_it_go_on) {
  db_.sql("TRUNCATE app.t; UPDATE public.slowly SET seconds = 0.2");
  add_rows(1'100);
  submit("ALTER COLUMN n TYPE bigint USING n + 0", {"--set", "workers=2", "--set", "chunk_target=60s"});
  const auto copied = [this] {
    return db_.value("SELECT coalesce(sum(next_block - first_block), 0) FROM " + job_schema() + ".\"eidolon lane\"");
  };
  await_state("copying");
  EXPECT_TRUE(eventually([&] { return copied() != "0"; }, std::chrono::seconds{50})) << told();
  EXPECT_EQ(daemon_->state(id_), "copying") << "it was too short to tell";
  EXPECT_EQ(daemon_->log().find("lock timeout"), std::string::npos) << told();
  db_.sql("TRUNCATE public.slowly");
  await_state("ready");
  finish();
}

}  // namespace
}  // namespace eidolon::test
