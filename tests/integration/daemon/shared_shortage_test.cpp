// Catch-up by several sessions on a server that has not enough for all of them: its table of locks is full, say, and
// the application is told so, too.
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class shared_shortage : public held_job {
 protected:
  // A batch beside others, which waits for a lock only briefly, is refused. A sequence remembers also what was rolled
  // back.
  void SetUp() override {
    held_job::SetUp();
    db_.sql(
        "CREATE SEQUENCE public.refused; CREATE FUNCTION public.crowded(n integer) RETURNS boolean LANGUAGE plpgsql AS "
        "$$ BEGIN IF current_setting('application_name') LIKE 'eidolon job % apply' AND "
        "current_setting('lock_timeout') LIKE '%ms' THEN PERFORM nextval('public.refused'); RAISE 'out of shared "
        "memory' USING ERRCODE = '53200'; END IF; RETURN true; END $$; "
        "ALTER TABLE app.t ADD CHECK (public.crowded(slot))");
  }
  int refused() const {
    return std::stoi(db_.value("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM public.refused"));
  }
};

// Some ranges of the log; in the first of them each session is refused once.
TEST_F(shared_shortage, is_met_once) {
  constexpr int workers = 4;
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=" + std::to_string(workers)});
  await_state("ready");
  ASSERT_EQ(daemon_->stop(), 0);
  for (int round = 0; round < 20; ++round) db_.sql("UPDATE app.t SET slot = -slot");
  daemon_->start();
  finish();
  EXPECT_GE(refused(), 1) << "no batches were side by side";
  EXPECT_LE(refused(), workers);
}

}  // namespace
}  // namespace eidolon::test
