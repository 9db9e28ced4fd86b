// What runs for a table's owner never runs as anybody else, here the superuser that the daemon
// connects as: neither the user's USING nor the owner's functions, at planning, in the copy or in the
// apply. The functions look who they are and say so through sequences, which a rollback leaves as they are.
#pragma once
#include "held_job.hpp"

namespace eidolon::test {

class owners_code : public held_job {
 protected:
  void SetUp() override {
    held_job::SetUp();
    db_.sql("GRANT USAGE, CREATE ON SCHEMA app TO " + owner_.name() + "; ALTER TABLE app.t OWNER TO " + owner_.name());
    db_.sql(
        "CREATE SEQUENCE app.ran; CREATE SEQUENCE app.escaped; GRANT USAGE ON SEQUENCE app.ran, app.escaped TO PUBLIC");
    auto s = as_owner();
    s.sql(
        "CREATE FUNCTION app.look() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog AS $$ BEGIN "
        "IF current_setting('application_name') NOT LIKE 'eidolon%' THEN RETURN; END IF; "
        "PERFORM nextval('app.ran'); "
        "IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN PERFORM nextval('app.escaped'); END IF; "
        "END $$");
    // A function that is immutable may not execute RESET ROLE, but it may select this.
    s.sql(
        "CREATE FUNCTION app.escape(value text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN "
        "BEGIN PERFORM set_config('role', 'none', false); EXCEPTION WHEN insufficient_privilege THEN NULL; END; "
        "PERFORM app.look(); RETURN value; END $$");
    s.sql(
        "CREATE FUNCTION app.reset(value text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN "
        "BEGIN EXECUTE 'RESET ROLE'; EXCEPTION WHEN insufficient_privilege THEN NULL; END; "
        "PERFORM app.look(); RETURN value; END $$");
  }

  void TearDown() override {
    daemon_.reset();
    db_.sql("DROP OWNED BY " + owner_.name() + " CASCADE");
  }

  session as_owner() const { return db_.session("user=" + owner_.name()); }
  int ran() const { return std::stoi(db_.value("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM app.ran")); }
  void expect_no_escape() const {
    EXPECT_EQ(db_.value("SELECT is_called FROM app.escaped"), "f") << "the owner's code ran as the superuser";
  }

  // Through every phase that evaluates the owner's code; `alter` may or may not change n.
  void run_through(const std::string& alter) {
    submit(alter);
    await_state("ready");
    expect_no_escape();
    const auto in_copy = ran();
    EXPECT_GT(in_copy, 0) << "nothing of the owner's ran";
    as_owner().sql("UPDATE app.t SET v = v || '!' WHERE id % 100 = 0; UPDATE app.t SET slot = -slot WHERE id <= 40");
    EXPECT_TRUE(eventually([&] { return ran() > in_copy; })) << told();
    finish();
    expect_no_escape();
  }

  role owner_;
};

}  // namespace eidolon::test
