// A chunk of rows that take long is broken off and becomes smaller, so that no transaction of the copy keeps its lock
// on the source for long; whoever breaks it off.
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class slow_rows : public held_job {
 protected:
  // Some 157 rows in a block, each of them slow until the test says that it is enough.
  void SetUp() override {
    held_job::SetUp();
    db_.sql(
        "CREATE TABLE public.slowly AS SELECT 1 AS one; CREATE FUNCTION public.slow(n bigint) RETURNS bigint LANGUAGE "
        "plpgsql AS $$ BEGIN IF current_setting('application_name') LIKE 'eidolon job % copy' AND EXISTS (SELECT FROM "
        "public.slowly) THEN PERFORM pg_sleep(0.03); END IF; RETURN n; END $$");
    submit("ALTER COLUMN n TYPE bigint USING public.slow(n)", {"--set", "workers=1"});
  }
  static constexpr auto of_the_copy =
      "datname = current_database() AND application_name LIKE 'eidolon job % copy' AND wait_event = 'PgSleep'";

  bool was_broken_off(const std::string& why) const {
    return db_.server().log().find("] " + db_.name() + " eidolon job " + id_ +
                                   " copy ERROR:  canceling statement due to " + why) != std::string::npos;
  }
  void go_on_quickly() {
    db_.sql("DELETE FROM public.slowly");
    await_state("ready");
    EXPECT_EQ(daemon_->log().find("canceling statement"), std::string::npos) << "that was no failure: " << told();
    finish();
  }
};

TEST_F(slow_rows, are_copied_in_smaller_chunks) {
  ASSERT_TRUE(eventually([&] { return was_broken_off("statement timeout"); }, patience)) << told();
  EXPECT_EQ(daemon_->state(id_), "copying");
  go_on_quickly();
}

TEST_F(slow_rows, may_be_broken_off_by_anybody) {
  auto operator_session = db_.session();
  ASSERT_TRUE(eventually(
      [&] {
        if (was_broken_off("user request")) return true;
        operator_session.sql(std::string{"SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE "} + of_the_copy);
        return false;
      },
      patience))
      << told();
  EXPECT_EQ(daemon_->state(id_), "copying");
  go_on_quickly();
}

}  // namespace
}  // namespace eidolon::test
