// Index builds side by side: one that fails for want of room ends the others, and all together keep to the sessions
// that the job may have.
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

// Some indexes are built for as long as the test holds an advisory lock.
class index_builds : public held_job {
 protected:
  void SetUp() override {
    held_job::SetUp();
    db_.sql(
        "CREATE FUNCTION public.dawdle(n integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN IF "
        "current_setting('application_name') LIKE 'eidolon job % index' THEN PERFORM pg_advisory_xact_lock_shared(20); "
        "END IF; RETURN n; END $$");
    gate_.sql("SELECT pg_advisory_lock(20)");
  }
  void TearDown() override {
    open_gate();
    held_job::TearDown();
  }
  void open_gate() { gate_.sql("SELECT pg_advisory_unlock_all()"); }

  void let_function_fill_the_disk(bool full) {
    db_.sql(std::string{"CREATE OR REPLACE FUNCTION public.filling(n integer) RETURNS integer LANGUAGE plpgsql "
                        "IMMUTABLE AS $$ BEGIN "} +
            (full ? "IF current_setting('application_name') LIKE 'eidolon job % index' THEN RAISE 'no room is left' "
                    "USING ERRCODE = '53100'; END IF; "
                  : "") +
            "RETURN n; END $$");
  }
  bool holds_itself() {
    const auto condition = boost::json::serialize(daemon_->job(id_).at("condition"));
    return condition.find("no room is left") != std::string::npos &&
           condition.find("resume tries again") != std::string::npos;
  }

  // From now on each build says how many parallel workers it may have, and whether it is one of those that wait.
  void note_workers() {
    db_.sql(
        "CREATE TABLE public.seen (waits boolean, workers text); "
        "CREATE FUNCTION public.tell() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF current_setting('application_name') LIKE 'eidolon job % index' THEN INSERT INTO public.seen VALUES "
        "(current_query() LIKE '%dawdle%', current_setting('max_parallel_maintenance_workers')); END IF; END $$; "
        "CREATE EVENT TRIGGER tell ON ddl_command_start WHEN tag IN ('CREATE INDEX') EXECUTE FUNCTION public.tell()");
  }
  std::string workers(const std::string& which = "true") const {
    return db_.value("SELECT string_agg(DISTINCT workers, ', ') FROM public.seen WHERE " + which);
  }

 private:
  session gate_{db_.session()};
};

// It would otherwise be counted, and told, when the longest of them has ended.
TEST_F(index_builds, end_with_one_that_has_no_room) {
  let_function_fill_the_disk(true);
  db_.sql(
      "CREATE INDEX ON app.t (public.dawdle(id)) WHERE id = 1; CREATE INDEX ON app.t (public.filling(id)) WHERE id = "
      "2");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=4"});
  ASSERT_TRUE(eventually([&] { return holds_itself(); }, patience)) << told();
  EXPECT_EQ(daemon_->state(id_), "indexing");
  open_gate();
  let_function_fill_the_disk(false);
  ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
  await_state("ready");
  finish();
}

TEST_F(index_builds, share_the_workers) {
  db_.sql(
      "ALTER TABLE app.t DROP CONSTRAINT t_slot_key; CREATE INDEX ON app.t (public.dawdle(id)) WHERE id = 1; CREATE "
      "INDEX ON app.t (public.dawdle(slot)) WHERE id = 2");
  note_workers();
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=2"});
  ASSERT_TRUE(eventually(
      [&] {
        return db_.value(
                   "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name "
                   "LIKE 'eidolon job % index' AND wait_event = 'advisory'") == "2";
      },
      patience))
      << told();
  open_gate();
  await_state("ready");
  EXPECT_EQ(workers("waits"), "0");
  finish();
}

TEST_F(index_builds, have_workers_where_sessions_are_left) {
  db_.sql("ALTER TABLE app.t DROP CONSTRAINT t_slot_key");
  note_workers();
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=2"});
  await_state("ready");
  EXPECT_EQ(workers(), "1");
  finish();
}

TEST_F(index_builds, have_no_more_workers_than_the_server_allows) {
  note_workers();
  db_.sql("ALTER DATABASE " + db_.name() + " SET max_parallel_maintenance_workers = 3");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=8"});
  await_state("ready");
  EXPECT_EQ(workers(), "3");
  finish();
}

TEST_F(index_builds, are_by_one_session_with_one_worker) {
  note_workers();
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=1"});
  await_state("ready");
  EXPECT_EQ(workers(), "0");
  finish();
}

}  // namespace
}  // namespace eidolon::test
