// What goes on beside a verification that takes long.
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class long_verification : public held_job {
 protected:
  static constexpr std::int64_t megabyte = 1'000'000;
  std::int64_t log_bytes() const {
    return std::stoll(
        db_.value("SELECT coalesce(sum(pg_relation_size(c.oid)), 0) FROM pg_class c JOIN pg_namespace n ON "
                  "n.oid = c.relnamespace WHERE n.nspname = '" +
                  job_schema() + "' AND c.relname LIKE 'eidolon log %'"));
  }
};

// Each range in which a row differs looks through the whole log.
TEST_F(long_verification, applies_a_log_that_has_become_long) {
  db_.sql("INSERT INTO app.t SELECT i, i, 'v' || i, i FROM generate_series(3001, 60000) i");
  submit("ALTER COLUMN n TYPE bigint",
         {"--set", "verify=full", "--set", "workers=1", "--set", "copy_ratio=0.02", "--set", "chunk_target=50ms"});
  await_state("verifying");
  db_.sql("UPDATE app.t SET v = v || '!'");
  db_.sql("UPDATE app.t SET v = v || '!'");
  ASSERT_GT(log_bytes(), megabyte);
  bool verifying = false;
  EXPECT_TRUE(eventually(
      [&] {
        const bool is_short = log_bytes() < megabyte;
        verifying = daemon_->state(id_) == "verifying";
        return is_short || !verifying;
      },
      patience));
  EXPECT_TRUE(verifying) << "it was applied only afterwards: " << told();
  ASSERT_EQ(daemon_->client({"set", id_, "copy_ratio=1"}).status, 0);
  await_state("ready");
  finish();
}

}  // namespace
}  // namespace eidolon::test
