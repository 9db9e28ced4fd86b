// After the swap, too, a job gives way to load: before it validates foreign keys, and before it drops the old table
// unless somebody has asked for that.
#include "give_way.hpp"

namespace eidolon::test {
namespace {

class give_way_after_swap : public give_way {
 protected:
  // Above its threshold from the swap on.
  static constexpr auto swapped =
      "throttle_query=SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = "
      "'t' AND n.nspname ~ '^eidolon_.*_old$'";

  void swap(const std::vector<std::string>& settings) {
    std::vector<std::string> arguments;
    for (const auto& s : settings) arguments.insert(arguments.end(), {"--set", s});
    submit("ALTER COLUMN n TYPE bigint", arguments);
    await_state("ready");
    ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  }
  void stays_in(const std::string& state) {
    EXPECT_EQ(daemon_->client({"wait", id_, "--state", "done", "--timeout", "1"}).status, 4);
    EXPECT_EQ(daemon_->state(id_), state);
  }
};

// The first attempt may come before the load was measured again: it fails, for a row without a partner.
TEST_F(give_way_after_swap, before_it_validates_foreign_keys) {
  db_.sql("CREATE TABLE app.r (id integer PRIMARY KEY, t integer REFERENCES app.t); INSERT INTO app.r VALUES (1, 1)");
  db_.sql("BEGIN; SET LOCAL session_replication_role = replica; INSERT INTO app.r VALUES (2, -1); COMMIT");
  swap({swapped});
  await_state("validating");
  expect_held_now("throttle_query");
  db_.sql("DELETE FROM app.r WHERE id = 2");
  stays_in("validating");
  set("throttle_query=");
  await_state("done");
  EXPECT_EQ(db_.value("SELECT convalidated FROM pg_constraint WHERE conrelid = 'app.r'::regclass AND contype = 'f'"),
            "t");
}

TEST_F(give_way_after_swap, before_it_drops_the_old_table) {
  swap({"keep_old=1s", swapped});
  await_state("retaining");
  expect_held_now("throttle_query");
  stays_in("retaining");
  set("throttle_query=");
  await_state("done");
}

TEST_F(give_way_after_swap, but_drops_it_when_somebody_wants_that) {
  swap({"keep_old=1s", swapped});
  await_state("retaining");
  expect_held_now("throttle_query");
  ASSERT_EQ(daemon_->client({"drop-old", id_}).status, 0);
  await_state("done");
}

// What somebody is just saying of it comes before the drop, or after it.
TEST_F(give_way_after_swap, but_drops_nothing_that_is_to_be_kept_for_longer_by_then) {
  swap({"keep_old=1s"});
  await_state("retaining");
  auto somebody = db_.session();
  somebody.sql("BEGIN; UPDATE eidolon.job SET settings = settings || '{\"keep_old\": \"720h\"}' WHERE id = " + id_);
  EXPECT_TRUE(eventually(
      [&] {
        return db_.value(
                   "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'eidolon job % clean-up' AND "
                   "wait_event_type = 'Lock'") != "0";
      },
      patience))
      << told();
  somebody.sql("COMMIT");
  EXPECT_TRUE(eventually(
      [&] { return told().find("how long the old table is kept has been changed") != std::string::npos; }, patience))
      << told();
  EXPECT_EQ(db_.value("SELECT to_regclass('" + job_schema() + "_old.t') IS NOT NULL"), "t");
  set("keep_old=0s");
  await_state("done");
}

// They wait at the new table: nobody knows the old one.
TEST_F(give_way_after_swap, to_sessions_that_wait_for_locks_at_the_new_table) {
  swap({"keep_old=1h", "max_lock_waits=1"});
  await_state("retaining");
  auto holder = db_.session();
  holder.sql("BEGIN; UPDATE app.t SET v = v WHERE id = 1");
  std::vector<session> waiting;
  for (int i = 0; i < 2; ++i) {
    waiting.push_back(db_.session());
    waiting.back().send("UPDATE app.t SET v = v WHERE id = 1");
  }
  set("keep_old=0s");
  EXPECT_TRUE(eventually([&] { return held_by("max_lock_waits").value_or("").find("2 sessions") != std::string::npos; },
                         patience))
      << told();
  stays_in("retaining");
  holder.sql("COMMIT");
  for (auto& s : waiting) s.finish();
  await_state("done");
}

}  // namespace
}  // namespace eidolon::test
