// What runs for a table's owner never runs as anybody else: see owners_code.hpp.
#include <stop_token>
#include <thread>

#include "owners_code.hpp"

namespace eidolon::test {
namespace {

// plan::run_as_owner: under SET ROLE the expression's own set_config makes it the superuser again.
TEST_F(owners_code, using_cannot_become_the_superuser) {
  as_owner().sql(
      "CREATE FUNCTION app.become(value text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN "
      "RETURN set_config('role', 'none', true) || ' ' || current_user; END $$");
  const auto before = content();
  submit("ALTER COLUMN v TYPE text USING app.become(v)");
  EXPECT_EQ(daemon_->wait(id_, patience), 1) << told();
  EXPECT_EQ(daemon_->state(id_), "failed") << told();
  EXPECT_NE(boost::json::serialize(daemon_->job(id_)).find("security-definer"), std::string::npos) << told();
  EXPECT_EQ(content(), before);
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
}

// plan::run_as_owner at planning: PostgreSQL evaluates an immutable function of constants when it plans.
TEST_F(owners_code, does_not_escape_at_planning) {
  daemon_.emplace(db_.conninfo());
  const auto planned =
      daemon_->client({"plan", "--table", "app.t", "--alter", "ALTER COLUMN v TYPE varchar USING app.escape('a')"});
  EXPECT_EQ(planned.status, 0) << planned.err;
  EXPECT_GT(ran(), 0) << "planning did not evaluate it";
  expect_no_escape();
}

TEST_F(owners_code, does_not_escape_in_copy_and_apply) {
  as_owner().sql("ALTER TABLE app.t ADD CONSTRAINT t_v_check CHECK (app.reset(v) = v)");
  run_through(
      "ALTER COLUMN n TYPE bigint, ALTER COLUMN v TYPE varchar USING app.escape(v), "
      "ADD COLUMN d text DEFAULT app.reset('d')");
}

// The triggers' functions run as the daemon's role in the session of whoever writes, and a session's temporary schema
// comes first for the names of types.
TEST_F(owners_code, nor_a_writers_runs_in_the_triggers) {
  db_.sql("ALTER TABLE app.t ALTER id TYPE text");
  const role writer;
  db_.sql("GRANT USAGE ON SCHEMA app TO " + writer.name() + "; GRANT ALL ON app.t TO " + writer.name());
  submit_and_hold();
  auto s = db_.session("user=" + writer.name());
  s.sql(
      "CREATE TYPE pg_temp.base AS (f text); "
      "CREATE FUNCTION pg_temp.look(pg_temp.base) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
      "IF current_user <> session_user THEN RAISE 'runs as %', current_user; END IF; RETURN true; END $$; "
      "CREATE DOMAIN pg_temp.record AS pg_temp.base CHECK (pg_temp.look(VALUE)); "
      "CREATE DOMAIN pg_temp.int8 AS pg_catalog.int8 CHECK (pg_temp.look(ROW(VALUE::text))); "
      "CREATE DOMAIN pg_temp.regclass AS pg_catalog.regclass CHECK (pg_temp.look(ROW(VALUE::text)))");
  s.sql(
      "UPDATE app.t SET v = 'written' WHERE id = '2'; UPDATE app.t SET id = 'new' WHERE id = '3'; "
      "DELETE FROM app.t WHERE id = '4'; INSERT INTO app.t (id) VALUES ('5000')");
  finish();
  db_.sql("DROP OWNED BY " + writer.name());
}

// The function that lends the owner's rights is defined anew for every call (plan::run_as_owner): as its owner he could
// make it SECURITY INVOKER, between two calls or inside one, and the next call would run as the superuser.
TEST_F(owners_code, cannot_alter_the_function_it_runs_in) {
  const std::string alter_all =
      "DECLARE f record; BEGIN FOR f IN SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_namespace n ON n.oid "
      "= "
      "p.pronamespace WHERE n.nspname LIKE 'eidolon\\_%' AND pg_get_userbyid(p.proowner) = current_user LOOP "
      "EXECUTE format('ALTER FUNCTION %s SECURITY INVOKER', f.name); PERFORM nextval('app.altered'); END LOOP; ";
  db_.sql("CREATE SEQUENCE app.altered; GRANT USAGE ON SEQUENCE app.altered TO PUBLIC");
  as_owner().sql("CREATE FUNCTION app.alter_it(id integer) RETURNS boolean LANGUAGE plpgsql AS $$ " + alter_all +
                 "PERFORM app.look(); RETURN true; END $$; "
                 "ALTER TABLE app.t ADD CONSTRAINT t_id_check CHECK (id % 1000 <> 0 OR app.alter_it(id))");
  submit();
  await_state("ready");
  as_owner().sql("DO $$ " + alter_all + "END $$");
  EXPECT_EQ(db_.value("SELECT is_called FROM app.altered"), "t") << "there was nothing to alter";
  const auto before = ran();
  // Swapped unique values take two calls in one transaction.
  as_owner().sql(
      "BEGIN; UPDATE app.t SET slot = -slot WHERE id % 1000 IN (0, 1); "
      "UPDATE app.t SET slot = CASE id % 1000 WHEN 0 THEN 1 - slot ELSE -1 - slot END WHERE id % 1000 IN (0, 1) AND id "
      "> 1; "
      "COMMIT");
  EXPECT_TRUE(eventually([&] { return ran() > before; })) << told();
  finish();
  expect_no_escape();
}

// Whoever may execute that function, by the database's default privileges say, gets nothing done by it.
TEST_F(owners_code, lends_the_function_to_nobody_else) {
  const role stranger;
  submit_and_hold();
  db_.sql("GRANT USAGE ON SCHEMA " + job_schema() + " TO " + stranger.name());
  const auto functions = db_.sql(
      "SELECT p.oid::regprocedure::text, p.proname || CASE WHEN p.proname LIKE 'ask%' THEN '(''SELECT 1'') AS x(n "
      "int)' "
      "ELSE '(ARRAY[''SELECT 1''])' END FROM pg_proc p WHERE p.pronamespace = '" +
      job_schema() + "'::regnamespace AND p.proname LIKE '%as\\_owner\\_%'");
  ASSERT_FALSE(functions.empty());
  for (const auto& f : functions) {
    as_owner().sql("GRANT EXECUTE ON FUNCTION " + f[0].value() + " TO PUBLIC");
    auto s = db_.session("user=" + stranger.name());
    try {
      s.sql("SELECT * FROM " + job_schema() + "." + f[1].value());
      ADD_FAILURE() << f[0].value() << " worked for a stranger";
    } catch (const sql_failure& e) {
      EXPECT_EQ(e.sqlstate, "EI002") << e.what();
    }
  }
  db_.sql("REVOKE ALL ON SCHEMA " + job_schema() + " FROM " + stranger.name());
  finish();
}

// What runs for another table's owner runs in a session of the daemon as well, and may reach the schema: as the owner
// of the database does.
TEST_F(owners_code, lends_the_function_to_no_other_owner_in_the_daemons_sessions) {
  const role other;
  db_.sql("CREATE SEQUENCE app.stolen; GRANT USAGE ON SEQUENCE app.stolen TO " + owner_.name() +
          "; CREATE SEQUENCE app.tried; GRANT USAGE ON SEQUENCE app.tried TO PUBLIC; CREATE TABLE app.u (id integer "
          "PRIMARY "
          "KEY, v text); INSERT INTO app.u SELECT i, 'v' FROM generate_series(1, 10) AS i; GRANT USAGE, CREATE ON "
          "SCHEMA app "
          "TO " +
          other.name() + "; ALTER TABLE app.u OWNER TO " + other.name());
  submit_and_hold();
  db_.sql("GRANT USAGE ON SCHEMA " + job_schema() + " TO " + other.name());
  db_.session("user=" + other.name())
      .sql(
          "CREATE FUNCTION app.steal(value text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE f record; BEGIN FOR f IN "
          "SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE "
          "n.nspname = '" +
          job_schema() +
          "' AND p.proname LIKE 'as\\_owner\\_%' LOOP PERFORM nextval('app.tried'); BEGIN EXECUTE format('SELECT "
          "%s(ARRAY[''SELECT nextval(''''app.stolen'''')''])', split_part(f.name, '(', 1)); EXCEPTION WHEN "
          "insufficient_privilege THEN NULL; END; END LOOP; RETURN value; END $$");
  const auto second =
      daemon_->submit("app.u", "ALTER COLUMN v TYPE varchar USING app.steal(v)", {"--set", "keep_old=0s"});
  daemon_->wait(second, patience);
  EXPECT_EQ(db_.value("SELECT is_called FROM app.tried"), "t") << "there was no such function";
  EXPECT_EQ(db_.value("SELECT is_called FROM app.stolen"), "f") << "it ran as the other table's owner";
  db_.sql("REVOKE ALL ON SCHEMA " + job_schema() + " FROM " + other.name());
  finish();
  db_.sql("DROP OWNED BY " + other.name() + " CASCADE");
}

// PL/pgSQL keeps what it compiled of a function that is gone: 46 kB for each call, for as long as the session lasts.
TEST_F(owners_code, runs_in_the_same_function_every_time) {
  submit_and_hold();
  const std::string oids =
      "SELECT coalesce(string_agg(p.oid::text, ' ' ORDER BY p.oid), '') FROM pg_proc p WHERE p.pronamespace = '" +
      job_schema() + "'::regnamespace AND p.proname LIKE 'as\\_owner\\_%'";
  const auto in_the_ghost = [this] { return db_.value("SELECT v FROM " + job_schema() + ".t WHERE id = 1"); };
  const auto apply = [&](const std::string& v) {
    db_.sql("UPDATE app.t SET v = '" + v + "' WHERE id = 1");
    EXPECT_TRUE(eventually([&] { return in_the_ghost() == v; }, patience)) << told();
  };
  apply("once");
  const auto before = db_.value(oids);
  EXPECT_NE(before, "");
  for (const char* v : {"twice", "three times", "four times"}) apply(v);
  EXPECT_EQ(db_.value(oids), before);
  finish();
}

// The session's search_path is put back after every call (plan::run_as_owner): operators of the owner's would
// otherwise stand before PostgreSQL's in the daemon's own statements.
TEST_F(owners_code, does_not_leave_its_search_path_to_the_daemon) {
  db_.sql("CREATE SCHEMA evil AUTHORIZATION " + owner_.name());
  auto s = as_owner();
  for (const std::string type : {"integer", "bigint", "oid", "name", "text"}) {
    s.sql("CREATE FUNCTION evil.equal(l " + type + ", r " + type +
          ") RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM app.look(); "
          "RETURN l OPERATOR(pg_catalog.=) r; END $$; CREATE OPERATOR evil.= (LEFTARG = " +
          type + ", RIGHTARG = " + type + ", FUNCTION = evil.equal)");
  }
  s.sql(
      "CREATE FUNCTION app.turn(id integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
      "PERFORM set_config('search_path', 'evil, pg_catalog', false), app.look(); RETURN true; END $$; "
      "ALTER TABLE app.t ADD CONSTRAINT t_id_check CHECK (app.turn(id))");
  run_through("ALTER COLUMN n TYPE bigint");
}

// The session's encoding is put back as well: the daemon quotes names in UTF-8, and the last byte of a letter there and
// a backslash are one letter in SJIS, so that the quote after it is another's.
TEST_F(owners_code, does_not_leave_its_encoding_to_the_daemon) {
  auto s = as_owner();
  s.sql(
      "ALTER TABLE app.t ADD COLUMN \"\u00c1\\']);SELECT app.look();--\" integer; "
      "CREATE FUNCTION app.turn(id integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
      "PERFORM set_config('client_encoding', 'SJIS', false), app.look(); RETURN true; END $$; "
      "ALTER TABLE app.t ADD CONSTRAINT t_id_check CHECK (app.turn(id))");
  run_through("ALTER COLUMN n TYPE bigint");
}

// The row that does not fit is named in the owner's session, too (copier::find_bad_row): how its key is written
// may be the owner's cast.
TEST_F(owners_code, does_not_escape_in_the_search_for_a_bad_row) {
  auto s = as_owner();
  s.sql(
      "CREATE TYPE app.label AS ENUM ('a', 'b', 'c'); "
      "CREATE FUNCTION app.written(l app.label) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN "
      "RETURN app.escape(enum_out(l)::text); END $$; CREATE CAST (app.label AS text) WITH FUNCTION "
      "app.written(app.label); "
      "DROP TABLE app.t; CREATE TABLE app.t (id app.label PRIMARY KEY, n text); INSERT INTO app.t VALUES ('a', '1'), "
      "('b', 'two'), ('c', '3')");
  submit("ALTER COLUMN n TYPE integer USING n::integer");
  EXPECT_EQ(daemon_->wait(id_, patience), 1) << told();
  EXPECT_EQ(daemon_->state(id_), "failed") << told();
  EXPECT_NE(boost::json::serialize(daemon_->job(id_)).find("(id)=(b)"), std::string::npos) << told();
  EXPECT_GT(ran(), 0) << "the cast was not asked";
  expect_no_escape();
}

// plan::log_generations: the owner may create tables in the job's schema, and what a trigger on one does that the
// daemon takes for a log is done as the superuser when the daemon empties it, or writes to it.
TEST_F(owners_code, cannot_pass_off_a_table_as_a_log) {
  submit_and_hold();
  const auto in_the_ghost = [this] { return db_.value("SELECT v FROM " + job_schema() + ".t WHERE id = 1"); };
  const auto write = [&](const std::string& v) {
    db_.sql("UPDATE app.t SET v = '" + v + "'");
    ASSERT_TRUE(eventually([&] { return in_the_ghost() == v; }, patience)) << told();
  };
  // Until there are as many logs as it takes.
  write("before");
  write("before that");
  std::string create =
      "CREATE FUNCTION app.meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM app.look(); RETURN NEW; END "
      "$$; ";
  for (const char* generation : {"2", "3", "77"}) {
    const auto log = job_schema() + ".\"eidolon log " + generation + "\"";
    if (db_.value("SELECT to_regclass('" + log + "') IS NOT NULL") == "t") continue;
    create += "CREATE TABLE " + log + " (id integer); CREATE TRIGGER empties BEFORE TRUNCATE ON " + log +
              " EXECUTE FUNCTION app.meddle(); CREATE TRIGGER writes BEFORE INSERT ON " + log +
              " FOR EACH ROW EXECUTE FUNCTION app.meddle(); ";
  }
  as_owner().sql(create);
  // Twice through a switch of the logs, so that each of them was idle, and empty, once.
  for (const char* v : {"first", "second", "third"}) write(v);
  expect_no_escape();
}

// plan::run_as_owner: until PostgreSQL 18 a deferred trigger runs as whoever commits.
TEST_F(owners_code, does_not_escape_by_waiting_for_the_commit) {
  as_owner().sql(
      "CREATE TABLE app.noted (id integer); "
      "CREATE FUNCTION app.late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM app.look(); RETURN NULL; END "
      "$$; "
      "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON app.noted DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE "
      "FUNCTION app.late(); "
      "CREATE FUNCTION app.note(id integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
      "INSERT INTO app.noted VALUES (id); RETURN true; END $$; "
      "ALTER TABLE app.t ADD CONSTRAINT t_id_check CHECK (id % 100 <> 0 OR app.note(id))");
  run_through("ALTER COLUMN n TYPE bigint");
}

// Nor by putting off again, once, what has been put off.
TEST_F(owners_code, does_not_escape_by_waiting_for_the_commit_again) {
  as_owner().sql(
      "CREATE TABLE app.noted (id integer); CREATE TABLE app.noted_again (id integer); "
      "CREATE FUNCTION app.late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN SET CONSTRAINTS ALL DEFERRED; "
      "INSERT INTO app.noted_again VALUES (NEW.id); RETURN NULL; END $$; "
      "CREATE FUNCTION app.later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM app.look(); RETURN NULL; END "
      "$$; "
      "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON app.noted DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE "
      "FUNCTION app.late(); "
      "CREATE CONSTRAINT TRIGGER later AFTER INSERT ON app.noted_again DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
      "EXECUTE FUNCTION app.later(); "
      "CREATE FUNCTION app.note(id integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
      "INSERT INTO app.noted VALUES (id); RETURN true; END $$; "
      "ALTER TABLE app.t ADD CONSTRAINT t_id_check CHECK (id % 100 <> 0 OR app.note(id))");
  run_through("ALTER COLUMN n TYPE bigint");
}

// What is put off for ever ends the job.
TEST_F(owners_code, cannot_put_off_for_ever) {
  as_owner().sql(
      "CREATE TABLE app.noted (id integer); "
      "CREATE FUNCTION app.late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN SET CONSTRAINTS ALL DEFERRED; "
      "IF current_setting('application_name') LIKE 'eidolon%' THEN PERFORM app.look(); "
      "INSERT INTO app.noted VALUES (NEW.id); END IF; RETURN NULL; END $$; "
      "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON app.noted DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE "
      "FUNCTION app.late(); "
      "CREATE FUNCTION app.note(id integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
      "INSERT INTO app.noted VALUES (id); RETURN true; END $$; "
      "ALTER TABLE app.t ADD CONSTRAINT t_id_check CHECK (id <> 100 OR app.note(id))");
  submit("ALTER COLUMN n TYPE bigint");
  EXPECT_EQ(daemon_->wait(id_, patience), 1) << told();
  EXPECT_NE(boost::json::serialize(daemon_->job(id_)).find("again and again"), std::string::npos) << told();
  expect_no_escape();
}

// A cursor that outlives its transaction is read at COMMIT, as whoever commits.
TEST_F(owners_code, does_not_escape_in_a_cursor) {
  as_owner().sql(
      "CREATE FUNCTION app.declare_it(id integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM app.look(); "
      "EXECUTE format('DECLARE %I CURSOR WITH HOLD FOR SELECT app.look()', 'c' || nextval('app.ran')); RETURN true; "
      "END $$; "
      "ALTER TABLE app.t ADD CONSTRAINT t_id_check CHECK (id % 100 <> 0 OR app.declare_it(id))");
  run_through("ALTER COLUMN n TYPE bigint");
}

// What the daemon has prepared before the swap it runs after the last changes were applied, in the same session.
TEST_F(owners_code, cannot_replace_what_the_daemon_has_prepared) {
  as_owner().sql(
      "CREATE SEQUENCE app.replaced; "
      "CREATE FUNCTION app.replace_all(v text) RETURNS boolean LANGUAGE plpgsql AS $$ DECLARE s record; BEGIN "
      "PERFORM app.look(); FOR s IN SELECT name, parameter_types FROM pg_prepared_statements WHERE NOT from_sql LOOP "
      "EXECUTE format('DEALLOCATE %I', s.name); "
      "EXECUTE format('PREPARE %I (%s) AS SELECT ''SELECT app.look()'' AS \"drop\"', s.name, "
      "coalesce(nullif(array_to_string(s.parameter_types, ', '), ''), 'text')); "
      "PERFORM nextval('app.replaced'); END LOOP; RETURN true; END $$; "
      "ALTER TABLE app.t ADD CONSTRAINT t_v_check CHECK (v NOT LIKE '%last%' OR app.replace_all(v))");
  submit_and_hold();
  std::jthread writer{[this](std::stop_token stop) {
    auto s = as_owner();
    for (int i = 0; !stop.stop_requested(); ++i) {
      s.sql("UPDATE app.t SET v = 'last " + std::to_string(i) + "' WHERE id = 7");
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
  }};
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  daemon_->wait(id_, patience);
  EXPECT_EQ(db_.value("SELECT is_called FROM app.replaced"), "t") << "nothing was prepared: " << told();
  EXPECT_EQ(daemon_->state(id_), "failed") << told();
  EXPECT_NE(boost::json::serialize(daemon_->job(id_)).find("prepares statements"), std::string::npos) << told();
  expect_no_escape();
}

}  // namespace
}  // namespace eidolon::test
