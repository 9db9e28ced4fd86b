// What a client may ask of a job, and what becomes of it.
#include <gmock/gmock.h>

#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

using boost::json::object;

class commands : public held_job {
 protected:
  // A job on app.t that copies so slowly that it stays where it is.
  void submit_slowly() {
    submit("ALTER COLUMN n TYPE bigint", {"--set", "copy_ratio=0.001", "--set", "chunk_target=10ms"});
  }
  finished_process client(std::vector<std::string> arguments) { return daemon_->client(std::move(arguments)); }
  object condition() { return daemon_->job(id_).at("condition").as_object(); }
  std::string status_code(const finished_process& p) { return p.status == 0 ? "" : p.err.substr(0, p.err.find('\n')); }
  bool held_for(const std::string& reason) {
    const auto now = condition();
    for (const auto& t : now.at("throttled").as_array())
      if (t.at("reason").as_string() == reason) return true;
    return false;
  }
  void expect_nothing_left() {
    EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
    EXPECT_EQ(db_.value("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'app.t'::regclass AND NOT tgisinternal"), "0");
  }
};

TEST_F(commands, a_paused_job_stands_still_until_it_is_resumed) {
  db_.sql("INSERT INTO app.t SELECT i, i, repeat('x', 500), i FROM generate_series(3001, 20000) i");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "copy_ratio=0.2", "--set", "chunk_target=10ms"});
  await_state("copying");
  ASSERT_EQ(client({"pause", id_}).status, 0);
  EXPECT_TRUE(condition().at("paused").as_bool());
  EXPECT_TRUE(eventually([&] {
    return db_.value(
               "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'eidolon job%' AND state <> "
               "'idle'") == "0";
  }));
  const auto rows = db_.value("SELECT count(*) FROM " + job_schema() + ".t");
  ASSERT_EQ(client({"set", id_, "copy_ratio=1"}).status, 0);
  EXPECT_EQ(client({"wait", id_, "--state", "ready", "--timeout", "2"}).status, 4);
  EXPECT_EQ(db_.value("SELECT count(*) FROM " + job_schema() + ".t"), rows);
  EXPECT_EQ(
      db_.value("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'eidolon job%' AND backend_xmin "
                "IS NOT NULL AND pid <> pg_backend_pid()"),
      "0")
      << "a job that stands still holds a snapshot";
  ASSERT_EQ(client({"resume", id_}).status, 0);
  await_state("ready");
  finish();
}

TEST_F(commands, copy_ratio_zero_stands_still_and_is_shown) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "copy_ratio=0"});
  await_state("copying");
  EXPECT_TRUE(eventually([&] { return held_for("copy_ratio"); })) << told();
  ASSERT_EQ(client({"set", id_, "copy_ratio=1"}).status, 0);
  await_state("ready");
  finish();
}

TEST_F(commands, max_active_holds_while_others_are_busy) {
  auto busy = db_.session(), busy_too = db_.session();
  for (auto* s : {&busy, &busy_too}) s->send("SELECT pg_sleep(60)");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "max_active=1"});
  await_state("copying");
  EXPECT_TRUE(eventually([&] { return held_for("max_active"); })) << told();
  db_.sql(
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND pid <> "
      "pg_backend_pid()");
  for (auto* s : {&busy, &busy_too}) EXPECT_THROW(s->finish(), sql_failure);
  await_state("ready");
  finish();
}

TEST_F(commands, abort_leaves_nothing_behind) {
  for (const auto* state : {"copying", "ready"}) {
    submit("ALTER COLUMN n TYPE bigint", {"--set", std::string{state} == "copying" ? "copy_ratio=0" : "copy_ratio=1"});
    await_state(state);
    const auto before = content();
    ASSERT_EQ(client({"abort", id_}).status, 0);
    await_state("aborted");
    expect_nothing_left();
    EXPECT_EQ(content(), before);
    EXPECT_TRUE(daemon_->job(id_).at("error").is_null());
  }
}

TEST_F(commands, abort_of_a_queued_job_and_of_a_preparing_one) {
  db_.sql("CREATE TABLE app.other (id int PRIMARY KEY)");
  auto writer = db_.session();
  writer.sql("BEGIN; INSERT INTO app.t VALUES (-1, 0, '', -1)");
  submit();
  await_state("preparing");
  const auto queued = daemon_->submit("app.other", "ALTER COLUMN id TYPE bigint", {});
  EXPECT_EQ(daemon_->state(queued), "queued");
  ASSERT_EQ(client({"abort", queued}).status, 0);
  EXPECT_EQ(daemon_->wait(queued, patience, "aborted"), 0);
  ASSERT_EQ(client({"abort", id_}).status, 0);
  writer.sql("COMMIT");
  await_state("aborted");
  expect_nothing_left();
}

TEST_F(commands, abort_goes_through_although_the_table_is_locked_for_long) {
  submit_and_hold();
  auto reader = db_.session();
  reader.sql("BEGIN; SELECT count(*) FROM app.t");
  ASSERT_EQ(client({"abort", id_}).status, 0);
  await_state("aborting");
  // From here on a write costs no more than an empty function, and no log grows.
  const auto logs = db_.value(
      "SELECT string_agg(format('SELECT count(*) FROM %s', c.oid::regclass), ' UNION ALL ') FROM pg_class c WHERE "
      "relname LIKE 'eidolon log %' AND relkind = 'r'");
  const auto before = db_.value("SELECT sum(count) FROM (" + logs + ") AS l");
  db_.sql("UPDATE app.t SET n = n + 1");
  EXPECT_EQ(db_.value("SELECT sum(count) FROM (" + logs + ") AS l"), before);
  reader.sql("COMMIT");
  await_state("aborted");
  expect_nothing_left();
}

TEST_F(commands, a_command_in_the_wrong_state_is_refused) {
  submit_and_hold();
  EXPECT_NE(client({"drop-old", id_}).err.find("wrong_state"), std::string::npos);
  finish();
  for (const auto* command : {"pause", "resume", "cutover", "abort", "drop-old"}) {
    const auto answer = client({command, id_});
    EXPECT_EQ(answer.status, 1) << command;
    EXPECT_NE(answer.err.find("wrong_state"), std::string::npos) << command << answer.err;
  }
  EXPECT_NE(client({"status", "424242"}).err.find("no_such_job"), std::string::npos);
}

TEST_F(commands, one_copy_at_a_time_in_the_order_of_priority) {
  db_.sql(
      "CREATE TABLE app.a (id int PRIMARY KEY); CREATE TABLE app.b (id int PRIMARY KEY); CREATE TABLE app.c (id int "
      "PRIMARY KEY)");
  submit("ALTER COLUMN n TYPE bigint", {"--set", "copy_ratio=0"});
  await_state("copying");
  const auto a = daemon_->submit("app.a", "ALTER COLUMN id TYPE bigint", {"--set", "keep_old=0s"});
  const auto b =
      daemon_->submit("app.b", "ALTER COLUMN id TYPE bigint", {"--set", "keep_old=0s", "--set", "priority=5"});
  const auto c =
      daemon_->submit("app.c", "ALTER COLUMN id TYPE bigint", {"--set", "keep_old=0s", "--set", "priority=-5"});
  ASSERT_EQ(client({"set", c, "priority=9"}).status, 0);
  EXPECT_TRUE(daemon_->job(id_).at("timings").at("started_at").is_string()) << told();
  for (const auto& id : {a, b, c}) EXPECT_EQ(daemon_->state(id), "queued");
  EXPECT_TRUE(daemon_->job(a).at("timings").at("started_at").is_null()) << told();
  ASSERT_EQ(client({"set", id_, "copy_ratio=1"}).status, 0);
  for (const auto& id : {a, b, c}) ASSERT_EQ(daemon_->wait(id, patience, "done"), 0) << told();
  EXPECT_EQ(db_.value("SELECT string_agg(id::text, ' ' ORDER BY started_at) FROM eidolon.job WHERE id > " + id_),
            c + " " + b + " " + a);
  await_state("ready");  // postponed: it gave the others their turn
  finish();
}

TEST_F(commands, a_name_makes_submitting_idempotent) {
  submit("ALTER COLUMN n TYPE bigint", {"--name", "widen"});
  const auto again = [&](const std::string& alter, const std::string& setting) {
    return client({"submit", "--table", "app.t", "--alter", alter, "--name", "widen", "--postpone-cutover", "--set",
                   "keep_old=" + setting, "--set", "chunk_target=20ms"});
  };
  const auto same = again("ALTER COLUMN n TYPE bigint", "0s");
  EXPECT_EQ(same.status, 0) << same.err;
  EXPECT_EQ(same.out, id_ + "\n");
  EXPECT_NE(again("ALTER COLUMN n TYPE text", "0s").err.find("name_in_use"), std::string::npos);
  EXPECT_NE(again("ALTER COLUMN n TYPE bigint", "1s").err.find("name_in_use"), std::string::npos);
  const auto other = client({"submit", "--table", "app.t", "--alter", "DROP COLUMN v"});
  EXPECT_EQ(other.status, 1);
  EXPECT_NE(other.err.find("table_has_job"), std::string::npos) << other.err;
  await_state("ready");
  // However the table is called, now that the job's triggers are on it; and a plan would be refused as well.
  EXPECT_THAT(client({"plan", "--table", "app.t", "--alter", "DROP COLUMN v"}).err,
              testing::HasSubstr("table_has_job"));
  db_.sql("ALTER DATABASE " + db_.name() + " SET search_path = app");
  daemon_->stop();
  daemon_->start();
  EXPECT_THAT(client({"submit", "--table", "t", "--alter", "DROP COLUMN v"}).err, testing::HasSubstr("table_has_job"));
  finish();
  EXPECT_EQ(again("ALTER COLUMN n TYPE bigint", "0s").out, id_ + "\n") << "after its end, too";
}

TEST_F(commands, a_database_that_is_away_shows_in_its_jobs) {
  submit_slowly();
  await_state("copying");
  auto& server = cluster::shared();
  server.sql("postgres", "ALTER DATABASE " + db_.name() + " ALLOW_CONNECTIONS false");
  server.sql("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + db_.name() + "'");
  EXPECT_TRUE(eventually([&] { return held_for("database"); }, patience)) << boost::json::serialize(condition());
  EXPECT_EQ(daemon_->job(id_).at("rate").at("rows_per_second").to_number<double>(), 0);
  EXPECT_THAT(client({"list"}).err, testing::HasSubstr("cannot be reached"));
  server.sql("postgres", "ALTER DATABASE " + db_.name() + " ALLOW_CONNECTIONS true");
  EXPECT_TRUE(eventually([&] { return !held_for("database"); }, patience)) << boost::json::serialize(condition());
  ASSERT_EQ(client({"set", id_, "copy_ratio=1"}).status, 0);
  await_state("ready");
  finish();
}

// A client whose answer did not come in time sends the request again, and the two may meet.
TEST_F(commands, a_name_makes_submitting_idempotent_for_requests_that_meet) {
  daemon_.emplace(db_.conninfo());
  std::vector<finished_process> answers(4);
  {
    std::vector<std::jthread> clients;
    for (auto& a : answers)
      clients.emplace_back([this, &a] {
        a = client({"submit", "--table", "app.t", "--alter", "ALTER COLUMN n TYPE bigint", "--name", "once",
                    "--postpone-cutover", "--set", "keep_old=0s", "--set", "chunk_target=20ms"});
      });
  }
  for (const auto& a : answers) {
    EXPECT_EQ(a.status, 0) << a.err;
    EXPECT_EQ(a.out, answers.front().out);
  }
  id_ = answers.front().out.substr(0, answers.front().out.find('\n'));
  await_state("ready");
  finish();
}

TEST_F(commands, the_old_table_is_kept_until_it_is_dropped) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "keep_old=24h"});
  await_state("ready");
  ASSERT_EQ(client({"cutover", id_}).status, 0);
  await_state("retaining");
  EXPECT_EQ(db_.value("SELECT count(*) FROM " + job_schema() + "_old.t"), std::to_string(row_count));
  ASSERT_EQ(client({"drop-old", id_}).status, 0);
  await_state("done");
  expect_nothing_left();
}

TEST_F(commands, the_old_table_is_kept_after_all) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "keep_old=24h"});
  await_state("ready");
  ASSERT_EQ(client({"cutover", id_}).status, 0);
  await_state("retaining");
  auto reader = db_.session();
  reader.sql("BEGIN; LOCK TABLE " + job_schema() + "_old.t IN ACCESS SHARE MODE");
  ASSERT_EQ(client({"drop-old", id_}).status, 0);
  EXPECT_EQ(client({"wait", id_, "--state", "done", "--timeout", "2"}).status, 4);
  ASSERT_EQ(client({"set", id_, "keep_old=48h"}).status, 0);
  reader.sql("COMMIT");
  EXPECT_EQ(client({"wait", id_, "--state", "done", "--timeout", "12"}).status, 4) << told();
  EXPECT_NE(daemon_->job(id_).at("settings").at("keep_old").as_string(), "0s");
  EXPECT_EQ(daemon_->job(id_).at("condition").at("throttled").as_array().size(), 0) << told();
  ASSERT_EQ(client({"drop-old", id_}).status, 0);
  await_state("done");
  expect_nothing_left();
}

// Out of retries: the job pauses itself, keeps up with its table, and goes on when it is asked to.
TEST_F(commands, a_cutover_that_never_gets_its_lock_pauses_the_job) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "lock_retries=1", "--set", "lock_timeout=50ms"});
  await_state("ready");
  auto reader = db_.session();
  reader.sql("BEGIN; SELECT count(*) FROM app.t");
  ASSERT_EQ(client({"cutover", id_}).status, 0);
  ASSERT_TRUE(eventually([&] { return condition().at("paused").as_bool(); }, patience)) << told();
  EXPECT_NE(condition().at("paused_reason").as_string().find("cutover"), std::string::npos);
  const auto blockers = daemon_->job(id_).at("cutover").at("blockers").as_array();
  ASSERT_EQ(blockers.size(), 1u) << told();
  EXPECT_EQ(blockers.front().at("pid").as_int64(), reader.pid());
  EXPECT_EQ(daemon_->state(id_), "ready");
  reader.sql("COMMIT");
  finish();
}

TEST_F(commands, bad_data_fails_the_job_with_constraint_and_key) {
  db_.sql("UPDATE app.t SET v = NULL WHERE id = 42");
  const auto before = content();
  submit("ALTER COLUMN v SET NOT NULL");
  ASSERT_EQ(daemon_->wait(id_, patience, "failed"), 0) << told();
  const auto error = daemon_->job(id_).at("error").as_object();
  EXPECT_EQ(error.at("code").as_string(), "data_error");
  EXPECT_NE(error.at("key").as_string().find("42"), std::string::npos) << told();
  expect_nothing_left();
  EXPECT_EQ(content(), before);
}

}  // namespace
}  // namespace eidolon::test
