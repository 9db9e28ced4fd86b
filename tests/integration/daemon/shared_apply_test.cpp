// Catch-up by several sessions at once: each applies its share of the keys, by hash. Unique values wander between keys
// of different shares all the while.
#include <fmt/format.h>

#include "tests/integration/findings/held_job.hpp"
#include "tests/support/deadlocks.hpp"

namespace eidolon::test {
namespace {

class shared_apply : public held_job {
 protected:
  void SetUp() override {
    held_job::SetUp();
    // A sequence remembers also what was rolled back.
    db_.sql(
        "CREATE SEQUENCE public.together; CREATE FUNCTION public.tell(n integer) RETURNS boolean LANGUAGE plpgsql AS "
        "$$ "
        "BEGIN IF current_setting('application_name') LIKE 'eidolon job % apply' AND n % 50 = 0 THEN "
        "PERFORM pg_stat_clear_snapshot(); IF (SELECT count(*) > 1 FROM pg_stat_activity WHERE datname = "
        "current_database() AND application_name LIKE 'eidolon job % apply' AND state = 'active') THEN "
        "PERFORM nextval('public.together'); END IF; END IF; RETURN true; END $$; "
        "ALTER TABLE app.t ADD CHECK (public.tell(slot))");
  }

  // Sessions that meet at a unique value, in a circle too, do not leave that to the server.
  void TearDown() override {
    EXPECT_EQ(deadlocks(db_), "");
    held_job::TearDown();
  }

  // Some 30,000 entries before the daemon looks again: it is stopped meanwhile.
  void change_much() {
    ASSERT_EQ(daemon_->stop(), 0);
    for (int round = 0; round < 5; ++round)
      db_.sql(
          "UPDATE app.t SET slot = -slot; UPDATE app.t SET slot = (-slot * 7) % 3001; "
          "DELETE FROM app.t WHERE slot % 10 = 3; "
          "INSERT INTO app.t (id, n, v, slot) SELECT s, s, 'again', s FROM generate_series(1, 3000) s WHERE NOT EXISTS "
          "(SELECT FROM app.t WHERE id = s OR slot = s)");
    daemon_->start();
  }

  // Whether several sessions were seen to apply at one time.
  bool together() const { return db_.value("SELECT is_called FROM public.together") == "t"; }
};

TEST_F(shared_apply, divides_the_keys_among_the_workers) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=4"});
  await_state("ready");
  change_much();
  EXPECT_TRUE(eventually([&] { return together(); }, patience)) << told();
  finish();
}

TEST_F(shared_apply, is_by_one_session_with_one_worker) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=1"});
  await_state("ready");
  change_much();
  finish();
  EXPECT_FALSE(together());
}

// Two rows have changed their values with each other, and each session comes to one of them when both have taken theirs
// out.
TEST_F(shared_apply, leaves_no_circle_to_the_server) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=2"});
  await_state("ready");
  ASSERT_EQ(daemon_->stop(), 0);
  const auto first_of_share = [&](int number) {
    return db_.value(
        fmt::format("SELECT min(id) FROM app.t WHERE mod(hash_record_extended(ROW(id), 0) & "
                    "9223372036854775807, 2) = {}",
                    number));
  };
  const auto one = first_of_share(0), other = first_of_share(1);
  db_.sql(
      fmt::format("CREATE OR REPLACE FUNCTION public.tell(n integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF "
                  "current_setting('application_name') LIKE 'eidolon job % apply' AND n IN ({0}, {1}) THEN PERFORM "
                  "pg_sleep(1.5); END IF; RETURN true; END $$; "
                  "UPDATE app.t SET slot = -slot WHERE id IN ({0}, {1}); "
                  "UPDATE app.t SET slot = {0} + {1} + slot WHERE id IN ({0}, {1})",
                  one, other));
  for (int round = 0; round < 5; ++round) db_.sql("UPDATE app.t SET n = n + 1");
  daemon_->start();
  finish();
  EXPECT_NE(db_.server().log().find("] " + db_.name() + " eidolon job " + id_ +
                                    " apply ERROR:  canceling statement due to "
                                    "lock timeout"),
            std::string::npos)
      << "one of them has waited";
}

// 1.0 and 1.00 are one key.
TEST_F(shared_apply, keeps_keys_together_that_are_equal_and_look_different) {
  db_.sql("ALTER TABLE app.t ALTER COLUMN id TYPE numeric");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=4"});
  await_state("ready");
  ASSERT_EQ(daemon_->stop(), 0);
  for (int scale = 1; scale <= 5; ++scale)
    db_.sql("UPDATE app.t SET id = round(id, " + std::to_string(scale) + "), slot = -slot");
  daemon_->start();
  EXPECT_TRUE(eventually([&] { return together(); }, patience)) << told();
  finish();
}

// Bits have no hash: one session does it.
TEST_F(shared_apply, needs_a_hash) {
  db_.sql(
      "ALTER TABLE app.t DROP CONSTRAINT t_pkey, ADD COLUMN b bit(20); UPDATE app.t SET b = id::bit(20); "
      "ALTER TABLE app.t ADD PRIMARY KEY (b)");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=4"});
  await_state("ready");
  ASSERT_EQ(daemon_->stop(), 0);
  for (int round = 0; round < 10; ++round) db_.sql("UPDATE app.t SET slot = -slot");
  daemon_->start();
  finish();
  EXPECT_FALSE(together());
}

}  // namespace
}  // namespace eidolon::test
