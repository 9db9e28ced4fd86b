// Writes that ordinary triggers would not see, or that happen while ours do not stand,
// and rewrites of the table under the copy [I6].
#include "held_job.hpp"

namespace eidolon::test {
namespace {

using missed_writes = held_job;

constexpr auto load =
    "INSERT INTO app.t SELECT i, i, 'loaded', NULL FROM generate_series(10001, 10200) AS i; "
    "UPDATE app.t SET v = 'changed' WHERE id % 10 = 0; DELETE FROM app.t WHERE id % 10 = 1";

TEST_F(missed_writes, while_triggers_were_disabled_around_a_load) {
  submit_and_hold();
  db_.sql(std::string{"BEGIN; ALTER TABLE app.t DISABLE TRIGGER ALL; "} + load +
          "; ALTER TABLE app.t ENABLE TRIGGER ALL; COMMIT");
  finish();
}

// The triggers end up exactly as enabled as they were: only their rows' xmin tells.
TEST_F(missed_writes, while_triggers_were_disabled_and_put_back) {
  submit_and_hold();
  std::string disable, enable;
  for (const auto& row :
       db_.sql("SELECT quote_ident(tgname) FROM pg_trigger WHERE tgrelid = 'app.t'::regclass AND NOT tgisinternal")) {
    disable += "ALTER TABLE app.t DISABLE TRIGGER " + row.front().value() + "; ";
    enable += "ALTER TABLE app.t ENABLE ALWAYS TRIGGER " + row.front().value() + "; ";
  }
  ASSERT_FALSE(disable.empty());
  db_.sql("BEGIN; " + disable + load + "; " + enable + "COMMIT");
  finish();
}

// Afterwards the table is what it was.
TEST_F(missed_writes, of_a_key_that_is_null_for_a_moment) {
  db_.sql(
      "ALTER TABLE app.t DROP CONSTRAINT t_pkey; CREATE UNIQUE INDEX t_id ON app.t (id); "
      "ALTER TABLE app.t ALTER id SET NOT NULL");
  submit_and_hold();
  db_.sql(
      "BEGIN; ALTER TABLE app.t ALTER id DROP NOT NULL; UPDATE app.t SET id = NULL WHERE id = 1; "
      "UPDATE app.t SET id = 7777 WHERE id IS NULL; ALTER TABLE app.t ALTER id SET NOT NULL; COMMIT");
  finish();
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t WHERE id IN (1, 7777)"), "1");
}

TEST_F(missed_writes, of_a_replica_role) {
  submit_and_hold();
  auto s = db_.session();
  s.sql("SET session_replication_role = replica");
  s.sql(load);
  finish();
}

TEST_F(missed_writes, truncate_of_a_replica_role) {
  submit_and_hold();
  auto s = db_.session();
  s.sql("SET session_replication_role = replica");
  s.sql("TRUNCATE app.t");
  s.sql("INSERT INTO app.t VALUES (7, 7, 'after', 7)");
  finish();
}

TEST_F(missed_writes, of_a_role_without_rights_and_without_a_search_path) {
  submit_and_hold();
  const role plain;
  db_.sql("GRANT USAGE ON SCHEMA app TO " + plain.name() + "; GRANT ALL ON app.t TO " + plain.name());
  auto s = db_.session("user=" + plain.name());
  s.sql("SET search_path = ''");
  s.sql(load);
  finish();
  db_.sql("DROP OWNED BY " + plain.name());
}

// Equal keys, other images: the update must reach the ghost although its key is "the same".
TEST_F(missed_writes, that_change_only_the_image_of_a_key) {
  db_.sql("ALTER TABLE app.t ALTER COLUMN id TYPE numeric");
  submit_and_hold();
  db_.sql("UPDATE app.t SET id = (id || '.00')::numeric WHERE id < 500");
  db_.sql("DELETE FROM app.t WHERE id = 600; INSERT INTO app.t VALUES (600.000, 1, 'again', 600)");
  finish();
}

TEST_F(missed_writes, that_move_unique_values_about) {
  submit_and_hold();
  db_.sql(
      "BEGIN; UPDATE app.t SET slot = -slot WHERE id <= 1000; UPDATE app.t SET slot = 1001 + slot WHERE id <= 1000; "
      "COMMIT");
  db_.sql(
      "BEGIN; DELETE FROM app.t WHERE id BETWEEN 1500 AND 1600; UPDATE app.t SET slot = id - 100 WHERE id BETWEEN 1601 "
      "AND 1700; COMMIT");
  db_.sql("UPDATE app.t SET id = -id WHERE id % 2 = 0");
  finish();
}

TEST_F(missed_writes, vacuum_full_before_the_cutover) {
  submit_and_hold();
  db_.sql("DELETE FROM app.t WHERE id % 3 = 0");
  db_.sql("VACUUM FULL app.t");
  db_.sql(load);
  finish();
}

// Blocks that are still to be copied hold other rows afterwards.
TEST_F(missed_writes, vacuum_full_amid_the_copy) {
  db_.sql(
      "INSERT INTO app.t SELECT i, i, repeat('x', 500), NULL FROM generate_series(20001, 60000) AS i; DELETE FROM "
      "app.t WHERE id % 2 = 0");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "copy_ratio=0.05", "--set", "workers=1"});
  ASSERT_TRUE(eventually(
      [&] {
        const auto job = daemon_->job(id_);
        return job.at("state").as_string() == "copying" &&
               job.at("progress").at("blocks_done").to_number<std::int64_t>() > 0;
      },
      patience))
      << told();
  ASSERT_EQ(daemon_->client({"pause", id_}).status, 0);
  db_.sql("VACUUM FULL app.t");
  ASSERT_EQ(daemon_->client({"set", id_, "copy_ratio=1"}).status, 0);
  ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
  await_state("ready");
  finish();
}

// Somebody else's ALTER TABLE is not carried over by guesswork: the job fails, the table stays as he left it.
TEST_F(missed_writes, alteration_by_somebody_else_fails_the_job) {
  submit_and_hold();
  db_.sql("ALTER TABLE app.t ADD COLUMN other integer DEFAULT 3");
  const auto expected = content();
  daemon_->client({"cutover", id_});
  EXPECT_EQ(daemon_->wait(id_, patience), 1) << told();
  EXPECT_EQ(daemon_->state(id_), "failed");
  EXPECT_EQ(content(), expected);
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'app.t'::regclass AND NOT tgisinternal"), "0");
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
}

// What fails the job is what happened to its table, and not the statement that came upon it.
class table_gone : public held_job, public testing::WithParamInterface<std::pair<const char*, const char*>> {};

TEST_P(table_gone, is_said_to_be_so) {
  submit_and_hold();
  const auto& [statement, told_as] = GetParam();
  db_.sql(statement);
  daemon_->client({"cutover", id_});
  EXPECT_EQ(daemon_->wait(id_, patience), 1) << told();
  const auto error = daemon_->job(id_).at("error");
  EXPECT_EQ(error.at("code").as_string(), "source_altered") << told();
  EXPECT_TRUE(error.at("message").as_string().starts_with(told_as)) << told();
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
}

INSTANTIATE_TEST_SUITE_P(
    by, table_gone,
    testing::Values(std::pair{"DROP TABLE app.t", "somebody dropped app.t while the job ran"},
                    std::pair{"ALTER TABLE app.t RENAME TO other", "somebody renamed app.t while the job ran"},
                    std::pair{"ALTER TABLE app.t SET SCHEMA public", "somebody renamed app.t while the job ran"}));

// The triggers' functions read the key by its names and types, and every write fails that they cannot follow, until the
// job is gone: which must not wait for a batch, since nothing is logged that could make one.
class key_altered_by_somebody : public held_job, public testing::WithParamInterface<const char*> {
 protected:
  void lets_the_application_write_on() {
    const std::string key =
        db_.value("SELECT attname FROM pg_attribute WHERE attrelid = 'app.t'::regclass AND attnum = 1");
    EXPECT_TRUE(eventually(
        [&] {
          try {
            db_.sql("INSERT INTO app.t (" + key + ") VALUES ('1234567890123')");
            return true;
          } catch (const sql_failure&) {
            return false;
          }
        },
        std::chrono::seconds{60}))
        << told();
    EXPECT_EQ(daemon_->wait(id_, patience), 1) << told();
    EXPECT_EQ(daemon_->job(id_).at("error").at("code").as_string(), "source_altered") << told();
    EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
  }
};

TEST_P(key_altered_by_somebody, fails_the_job_at_once_although_nothing_is_to_be_applied) {
  db_.sql("ALTER TABLE app.t ALTER id TYPE varchar(12)");
  submit_and_hold();
  db_.sql(GetParam());
  lets_the_application_write_on();
}

TEST_P(key_altered_by_somebody, fails_a_job_that_is_paused) {
  db_.sql("ALTER TABLE app.t ALTER id TYPE varchar(12)");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "copy_ratio=0"});
  await_state("copying");
  ASSERT_EQ(daemon_->client({"pause", id_}).status, 0);
  db_.sql(GetParam());
  lets_the_application_write_on();
}

INSTANTIATE_TEST_SUITE_P(
    by, key_altered_by_somebody,
    testing::Values("ALTER TABLE app.t ALTER id TYPE varchar(40)",
                    "ALTER TABLE app.t ALTER id TYPE varchar(40); ALTER TABLE app.t RENAME id TO ident",
                    "ALTER TABLE app.t ALTER id TYPE bigint USING id::bigint"));

// The triggers of a copy that has come to nothing may stay for long, while the job is paused or waits for their lock.
TEST_F(missed_writes, depend_on_nothing_any_more_when_the_copy_is_to_begin_again) {
  submit_and_hold();
  ASSERT_EQ(daemon_->client({"pause", id_}).status, 0);
  db_.sql("ALTER TABLE app.t DISABLE TRIGGER ALL; ALTER TABLE app.t ENABLE TRIGGER ALL");
  db_.sql("UPDATE app.t SET n = n WHERE id = 1");
  EXPECT_TRUE(eventually([&] { return daemon_->state(id_) == "preparing"; }, patience)) << told();
  db_.sql("ALTER TABLE app.t RENAME id TO ident");
  EXPECT_NO_THROW(db_.sql("INSERT INTO app.t (ident) VALUES (-5)")) << told();
  db_.sql("ALTER TABLE app.t RENAME ident TO id");
  ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
  await_state("ready");
  finish();
}

// PostgreSQL does not write a value anew that is stored out of line and stays the same; nor does the ghost.
TEST_F(missed_writes, of_small_values_do_not_write_the_large_ones_anew) {
  db_.sql(
      "ALTER TABLE app.t ALTER v SET STORAGE EXTERNAL; DELETE FROM app.t WHERE id > 20; "
      "UPDATE app.t SET v = repeat('large', 20000)");
  submit_and_hold();
  const auto bytes = [this] {
    return std::stoll(db_.value("SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE oid = '" + job_schema() +
                                ".t'::regclass"));
  };
  const auto before = bytes();
  EXPECT_GT(before, 20 * 100'000);
  const auto applied = [this] {
    return eventually(
        [&] {
          return db_.value("SELECT count(*) FROM app.t s JOIN " + job_schema() +
                           ".t g USING (id) WHERE s.n IS DISTINCT FROM g.n OR s.v IS DISTINCT FROM g.v") == "0";
        },
        patience);
  };
  for (int i = 0; i < 5; ++i) {
    db_.sql("UPDATE app.t SET n = n + 1");
    EXPECT_TRUE(applied()) << told();
  }
  EXPECT_EQ(bytes(), before);
  db_.sql("UPDATE app.t SET v = v || '!' WHERE id <= 3; UPDATE app.t SET v = NULL WHERE id = 4");
  EXPECT_TRUE(applied()) << told();
  EXPECT_GT(bytes(), before);
  finish();
}

// A server that crashes between the last chunk and the record of the next state loses the one and keeps the other.
TEST_F(missed_writes, chunks_that_a_crash_has_taken_back_are_copied_again) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "copy_ratio=0", "--set", "verify=off"});
  await_state("copying");
  const auto open_lanes = "SELECT count(*) FROM " + job_schema() + ".\"eidolon lane\" WHERE next_block < end_block";
  EXPECT_TRUE(eventually([&] { return db_.value(open_lanes) != "0"; })) << told();
  daemon_->kill();
  ASSERT_NE(db_.value(open_lanes), "0");
  db_.sql("UPDATE eidolon.job SET state = 'indexing'");
  daemon_->start();
  ASSERT_EQ(daemon_->client({"set", id_, "copy_ratio=1"}).status, 0);
  await_state("ready");
  finish();
}

}  // namespace
}  // namespace eidolon::test
