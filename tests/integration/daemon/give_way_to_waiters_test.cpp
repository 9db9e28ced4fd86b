// Whatever takes long under a lock that the application may want is broken off when somebody waits behind it, for
// everybody else would wait behind him; and begun again.
#include "give_way.hpp"

namespace eidolon::test {
namespace {

class give_way_to_waiters : public give_way {
 protected:
  bool sleeps() {
    return db_.value(
               "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = "
               "current_database()") != "0";
  }
  void wait_until_it_sleeps() {
    ASSERT_TRUE(eventually([&] { return sleeps(); }, patience)) << told();
  }
  // As the application does whose wait every other statement on the table would wait behind.
  void lock_as_the_application_does(const std::string& table) {
    session application{db_.conninfo()};
    EXPECT_NO_THROW(application.sql("BEGIN; SET LOCAL lock_timeout = '15s'; LOCK TABLE " + table +
                                    " IN ACCESS EXCLUSIVE MODE; COMMIT"))
        << told();
  }
  void expect_told(const std::string& purpose) {
    EXPECT_TRUE(eventually([&] { return told().find(purpose) != std::string::npos; }, patience)) << told();
    EXPECT_TRUE(
        eventually([&] { return told().find("waits for ACCESS EXCLUSIVE on app.") != std::string::npos; }, patience))
        << told();
  }
};

class give_way_while_it_validates : public give_way_to_waiters {
 protected:
  // Up to the validation of app.r's foreign key, which takes 30 s for what is called by the event trigger at its end,
  // with its locks.
  void swap(const std::string& more = "") {
    db_.sql(
        "CREATE TABLE app.r (id integer PRIMARY KEY, t integer REFERENCES app.t); INSERT INTO app.r VALUES (1, 1);" +
        more);
    db_.sql(
        "CREATE FUNCTION public.dawdle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF "
        "current_setting('application_name') LIKE 'eidolon job % validate' THEN PERFORM pg_sleep(30); END IF; END $$; "
        "CREATE EVENT TRIGGER dawdle ON ddl_command_end WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION public.dawdle()");
    submit();
    await_state("ready");
    ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
    await_state("validating");
    wait_until_it_sleeps();
  }
  void resume() { ASSERT_EQ(daemon_->client({"resume", id_}).status, 0); }
  void go_on() {
    db_.sql("DROP EVENT TRIGGER dawdle");
    const bool paused = daemon_->job(id_).at("condition").at("paused").as_bool();
    if (paused) resume();
    await_state("done");
    EXPECT_EQ(db_.value("SELECT convalidated FROM pg_constraint WHERE conrelid = 'app.r'::regclass AND contype = 'f'"),
              "t");
  }
};

TEST_F(give_way_while_it_validates, to_who_waits_for_the_referencing_table) {
  swap();
  lock_as_the_application_does("app.r");
  expect_told("VALIDATE CONSTRAINT");
  go_on();
}

TEST_F(give_way_while_it_validates, to_who_waits_for_the_referenced_table) {
  swap();
  lock_as_the_application_does("app.t");
  expect_told("VALIDATE CONSTRAINT");
  go_on();
}

// A key is what its OID says, whatever it and its table are called by the time it is its turn.
TEST_F(give_way_while_it_validates, what_has_been_renamed_meanwhile) {
  swap();
  {
    session application{db_.conninfo()};
    application.sql("SET lock_timeout = '15s'; ALTER TABLE app.r RENAME TO renamed");
    application.sql("ALTER TABLE app.renamed RENAME CONSTRAINT r_t_fkey TO \"another name\"");
  }
  db_.sql("DROP EVENT TRIGGER dawdle");
  await_state("done");
  EXPECT_EQ(db_.value("SELECT convalidated FROM pg_constraint WHERE conname = 'another name'"), "t") << told();
  EXPECT_EQ(boost::json::serialize(daemon_->job(id_)).find("NOT VALID"), std::string::npos) << told();
}

TEST_F(give_way_while_it_validates, what_has_been_made_anew_under_its_name) {
  swap();
  session{db_.conninfo()}.sql(
      "SET lock_timeout = '15s'; ALTER TABLE app.r DROP CONSTRAINT r_t_fkey, "
      "ADD CONSTRAINT r_t_fkey FOREIGN KEY (t) REFERENCES app.t NOT VALID");
  go_on();
}

TEST_F(give_way_while_it_validates, whose_owner_has_been_renamed_meanwhile) {
  const role owner{""};
  const auto name = owner.name(), renamed = name + "_renamed";
  swap("GRANT USAGE ON SCHEMA app TO " + name + "; GRANT SELECT ON app.t TO " + name + "; ALTER TABLE app.r OWNER TO " +
       name);
  db_.sql("ALTER ROLE " + name + " RENAME TO " + renamed);
  lock_as_the_application_does("app.r");
  go_on();
  EXPECT_EQ(boost::json::serialize(daemon_->job(id_)).find("NOT VALID"), std::string::npos) << told();
  db_.sql("ALTER ROLE " + renamed + " RENAME TO " + name + "; REASSIGN OWNED BY " + name +
          " TO postgres; DROP OWNED BY " + name);
}

// Each time somebody has waited for it.
TEST_F(give_way_while_it_validates, until_its_budget_is_used_up) {
  swap();
  set("lock_budget=1ms");
  lock_as_the_application_does("app.r");
  const auto reason = [this] { return boost::json::serialize(daemon_->job(id_).at("condition").at("paused_reason")); };
  EXPECT_TRUE(eventually([&] { return reason().find("lock_budget is used up") != std::string::npos; }, patience))
      << told();
  EXPECT_EQ(daemon_->state(id_), "validating");
  set("lock_budget=0s");
  go_on();
}

TEST_F(give_way_while_it_validates, as_often_as_its_lock_retries_allow) {
  swap();
  set("lock_retries=0");
  lock_as_the_application_does("app.r");
  const auto reason = [this] { return boost::json::serialize(daemon_->job(id_).at("condition").at("paused_reason")); };
  EXPECT_TRUE(eventually([&] { return reason().find("within 1 attempt;") != std::string::npos; }, patience)) << told();
  go_on();
}

class give_way_while_it_builds_views : public give_way_to_waiters {
 protected:
  // Its query takes 30 s in the daemon's sessions, until go_on().
  void SetUp() override {
    give_way_to_waiters::SetUp();
    db_.sql(
        "CREATE TABLE public.slow (); INSERT INTO public.slow DEFAULT VALUES; "
        "CREATE FUNCTION app.dawdle() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN IF "
        "current_setting('application_name') LIKE 'eidolon job % materialized views' AND EXISTS (SELECT FROM "
        "public.slow) THEN PERFORM pg_sleep(30); END IF; RETURN 1; END $$; "
        "CREATE TABLE app.other AS SELECT 1 AS one; "
        "CREATE MATERIALIZED VIEW app.m AS SELECT count(*) AS rows, app.dawdle() AS one FROM app.t, app.other");
  }
  void stop_dawdling() { db_.sql("DELETE FROM public.slow"); }
};

TEST_F(give_way_while_it_builds_views, to_who_waits_for_a_table_that_one_reads) {
  submit();
  wait_until_it_sleeps();
  lock_as_the_application_does("app.other");
  expect_told("building materialized views");
  stop_dawdling();
  await_state("ready");
  finish();
  EXPECT_EQ(db_.value("SELECT rows FROM app.m"), std::to_string(row_count));
}

// It reads as much as it can, and a paused job is to read nothing.
TEST_F(give_way_while_it_builds_views, to_a_pause) {
  submit();
  wait_until_it_sleeps();
  ASSERT_EQ(daemon_->client({"pause", id_}).status, 0);
  EXPECT_TRUE(eventually([&] { return !sleeps(); }, std::chrono::seconds{15})) << told();
  EXPECT_EQ(daemon_->client({"wait", id_, "--state", "ready", "--timeout", "1"}).status, 4);
  stop_dawdling();
  ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
  await_state("ready");
  finish();
}

// Or the change log would grow until somebody resumes it.
TEST_F(give_way_while_it_builds_views, and_applies_what_is_written_while_it_is_held_before_the_swap) {
  stop_dawdling();
  submit();
  await_state("ready");
  db_.sql("INSERT INTO public.slow DEFAULT VALUES");
  set("lock_retries=0");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  wait_until_it_sleeps();
  lock_as_the_application_does("app.other");
  const auto reason = [this] { return boost::json::serialize(daemon_->job(id_).at("condition").at("paused_reason")); };
  EXPECT_TRUE(eventually([&] { return reason().find("within 1 attempt;") != std::string::npos; }, patience)) << told();
  db_.sql("UPDATE app.t SET n = -1 WHERE id = 1");
  EXPECT_TRUE(eventually([&] { return db_.value("SELECT n FROM " + job_schema() + ".t WHERE id = 1") == "-1"; },
                         std::chrono::seconds{20}))
      << told();
  stop_dawdling();
  ASSERT_EQ(daemon_->client({"resume", id_}).status, 0);
  await_state("done");
}

// Catalogs as well: who rewrites one would keep everybody from the database.
TEST_F(give_way_while_it_builds_views, and_locks_no_catalog) {
  submit();
  wait_until_it_sleeps();
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.wait_event = "
                      "'PgSleep' AND l.locktype = 'relation' AND l.relation IN ('pg_proc'::regclass, "
                      "'pg_class'::regclass, 'pg_attribute'::regclass, 'pg_type'::regclass, 'pg_depend'::regclass)"),
            "0");
  stop_dawdling();
  lock_as_the_application_does("app.other");
  await_state("ready");
  finish();
}

}  // namespace
}  // namespace eidolon::test
