// What a job says about its index builds holds for them, and for nothing after them.
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class index_settings : public held_job {
 protected:
  void SetUp() override {
    held_job::SetUp();
    db_.sql(
        "CREATE TABLE public.seen (command text, workers text, memory text, compression text); "
        "CREATE FUNCTION public.tell() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF current_setting('application_name') LIKE 'eidolon job %' THEN INSERT INTO public.seen VALUES (CASE WHEN "
        "tg_tag = 'CREATE INDEX' AND current_setting('application_name') LIKE '% index' THEN 'build' "
        "WHEN tg_tag LIKE '% FUNCTION' OR tg_tag IN ('GRANT', 'REVOKE') THEN 'lends the owner''s rights' ELSE 'other' "
        "END, "
        "current_setting('max_parallel_maintenance_workers'), current_setting('maintenance_work_mem'), "
        "current_setting('wal_compression')); END IF; END $$; "
        "CREATE EVENT TRIGGER tell ON ddl_command_start EXECUTE FUNCTION public.tell()");
  }

  std::string seen(const std::string& command) const {
    return db_.value(
        "SELECT string_agg(DISTINCT workers || ' ' || memory || ' ' || compression, ', ') FROM "
        "public.seen WHERE command = '" +
        command + "'");
  }
};

TEST_F(index_settings, hold_for_the_builds) {
  submit("ALTER COLUMN n TYPE bigint",
         {"--set", "index_workers=1", "--set", "index_memory=12MB", "--set", "wal_compression=off"});
  await_state("ready");
  EXPECT_EQ(seen("build"), "1 12MB off");
  EXPECT_EQ(seen("other"), "2 64MB off");
  finish();
}

TEST_F(index_settings, leave_alone_how_the_server_compresses) {
  db_.sql("ALTER DATABASE " + db_.name() + " SET wal_compression = 'pglz'");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=6"});
  await_state("ready");
  EXPECT_EQ(seen("build"), "2 64MB pglz");
  finish();
}

TEST_F(index_settings, are_the_servers_unless_the_job_says_more) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=6"});  // enough for all that the server allows
  await_state("ready");
  EXPECT_EQ(seen("build"), "2 64MB lz4");
  EXPECT_EQ(seen("other"), "2 64MB off");
  finish();
}

}  // namespace
}  // namespace eidolon::test
