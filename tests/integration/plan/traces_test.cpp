// Planning changes nothing, holds nothing afterwards, and needs no more than the owner's role.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/plan/planning.hpp"

namespace eidolon::plan {
namespace {

namespace asio = boost::asio;
using ::testing::HasSubstr;

// Every row of the catalog that planning could touch, without what reading changes.
constexpr const char* catalog =
    "SELECT md5(string_agg(line, E'\\n' ORDER BY line)) FROM (SELECT c::text AS line FROM pg_class c UNION ALL SELECT "
    "t::text FROM pg_type t UNION ALL "
    "SELECT n::text FROM pg_namespace n UNION ALL SELECT d::text FROM pg_depend d UNION ALL SELECT s::text FROM "
    "pg_shdepend s "
    "WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) UNION ALL SELECT p::text FROM "
    "pg_proc p UNION ALL "
    "SELECT k::text FROM pg_constraint k UNION ALL SELECT a::text FROM pg_attribute a) AS lines";

constexpr const char* table =
    "CREATE TABLE public.t (id serial PRIMARY KEY, a int, b text UNIQUE, g bigint GENERATED ALWAYS AS IDENTITY); "
    "INSERT INTO public.t (a) VALUES (1)";

// Plans on a connection that stays open, and looks at it from another.
template <class Look>
void plan_and_look(const test::database& db, request r, Look look) {
  test::await([&]() -> asio::awaitable<void> {
    postgres::connect_options options{.conninfo = db.conninfo()};
    auto c = co_await postgres::connection::open(options);
    co_await make_plan(*c, 1, r);
    EXPECT_FALSE(c->in_transaction());
    EXPECT_TRUE(c->usable());
    look(c->backend_pid());
  });
}

TEST(planning, leaves_nothing_behind_and_holds_no_lock) {
  test::database db;
  db.sql(table);
  const auto before = db.value(catalog);
  for (const auto* alter : {"ALTER id TYPE bigint, ADD n serial, ADD UNIQUE (a), ALTER b TYPE varchar(9) USING b || a",
                            "DROP nothing", "ALTER id TYPE smallint", "RENAME TO u", "FROB"}) {
    plan_and_look(db, {"public.t", alter}, [&](int pid) {
      EXPECT_EQ(db.value("SELECT count(*) FROM pg_locks WHERE pid = " + std::to_string(pid)), "0") << alter;
      EXPECT_EQ(db.value("SELECT state FROM pg_stat_activity WHERE pid = " + std::to_string(pid)), "idle") << alter;
    });
    EXPECT_EQ(db.value(catalog), before) << alter;
  }
  EXPECT_EQ(db.value("SELECT last_value || ' ' || is_called FROM public.t_id_seq"), "1 true");
}

// It takes no lock on the source that a writer, or a reader, would wait for.
TEST(planning, passes_beside_writers_and_is_not_in_their_way) {
  test::database db;
  db.sql(table);
  auto writer = db.session();
  writer.sql("BEGIN; UPDATE public.t SET a = 2; LOCK TABLE public.t IN EXCLUSIVE MODE");
  EXPECT_EQ(codes_of(try_plan(db, {"public.t", "ALTER id TYPE bigint"})), "");
  writer.sql("COMMIT");
}

TEST(planning, does_not_queue_behind_an_exclusive_lock_for_long) {
  test::database db;
  db.sql(table);
  auto holder = db.session();
  holder.sql("BEGIN; LOCK TABLE public.t IN ACCESS EXCLUSIVE MODE");
  std::string state;
  try {
    try_plan(db, {"public.t", "ALTER id TYPE bigint"});
  } catch (const postgres::statement_error& e) {
    state = e.sqlstate();
  }
  EXPECT_EQ(state, postgres::sqlstate::lock_not_available);
  holder.sql("COMMIT");
}

// ---- roles: nothing but the owner's rights, and CREATE on the database

struct people {
  test::role owner, daemon, stranger;
  test::database db;

  people() {
    db.sql("CREATE SCHEMA app AUTHORIZATION " + owner.name() + "; SET ROLE " + owner.name() +
           "; CREATE TABLE app.t (id int PRIMARY KEY, v text); INSERT INTO app.t VALUES (1, 'x')");
  }
  void grant_create_on_database(const test::role& to) {
    db.sql("GRANT CREATE ON DATABASE \"" + db.name() + "\" TO " + to.name());
  }
  outcome plan_as(const test::role& r) {
    return try_plan(db, {"app.t", "ALTER id TYPE bigint, ALTER v TYPE text USING v || 'y', ADD CHECK (id > 0)"},
                    "user=" + r.name());
  }
};

TEST(planning, works_as_the_owner) {
  people p;
  p.grant_create_on_database(p.owner);
  const auto made = p.plan_as(p.owner);
  EXPECT_EQ(codes_of(made), "") << reasons_of(made);
}

TEST(planning, works_as_a_member_of_the_owners_role) {
  people p;
  p.grant_create_on_database(p.daemon);
  p.db.sql("GRANT " + p.owner.name() + " TO " + p.daemon.name());
  const auto made = p.plan_as(p.daemon);
  ASSERT_EQ(codes_of(made), "") << reasons_of(made);
  EXPECT_EQ(std::get<plan>(made).source.owner, p.owner.name());
}

TEST(planning, says_which_privileges_are_missing) {
  people p;
  auto made = p.plan_as(p.owner);
  EXPECT_EQ(codes_of(made), "missing_privilege");
  EXPECT_THAT(reasons_of(made), HasSubstr("GRANT CREATE ON DATABASE"));

  p.grant_create_on_database(p.stranger);
  p.db.sql("GRANT USAGE ON SCHEMA app TO " + p.stranger.name());
  made = p.plan_as(p.stranger);
  EXPECT_EQ(codes_of(made), "not_owner missing_privilege");
  EXPECT_THAT(reasons_of(made), HasSubstr("GRANT " + p.owner.name()));
  EXPECT_THAT(reasons_of(made), HasSubstr("GRANT USAGE, CREATE ON SCHEMA app"));

  p.grant_create_on_database(p.owner);
  p.db.sql("ALTER SCHEMA app OWNER TO postgres; GRANT CREATE ON SCHEMA app TO " + p.owner.name());
  made = p.plan_as(p.owner);
  EXPECT_EQ(codes_of(made), "missing_privilege missing_privilege");
  EXPECT_THAT(reasons_of(made), HasSubstr("GRANT USAGE, CREATE ON SCHEMA app"));
  EXPECT_THAT(reasons_of(made), HasSubstr("GRANT USAGE ON SCHEMA app TO " + p.owner.name()));
}

TEST(planning, refuses_a_schema_that_it_may_not_look_into) {
  people p;
  p.grant_create_on_database(p.stranger);
  const auto made = p.plan_as(p.stranger);
  EXPECT_THAT(codes_of(made), HasSubstr("not_owner"));
  EXPECT_THAT(codes_of(made), HasSubstr("missing_privilege"));
}

TEST(planning, refuses_grants_that_it_could_not_give_again) {
  people p;
  p.grant_create_on_database(p.owner);
  p.db.sql("GRANT USAGE ON SCHEMA app TO PUBLIC; GRANT SELECT ON app.t TO " + p.daemon.name() +
           " WITH GRANT OPTION; SET ROLE " + p.daemon.name() + "; GRANT SELECT ON app.t TO " + p.stranger.name());
  const auto made = p.plan_as(p.owner);
  EXPECT_EQ(codes_of(made), "missing_privilege");
  EXPECT_THAT(reasons_of(made), HasSubstr(p.daemon.name() + " granted privileges on app.t"));
}

// What the owner's functions do while planning, they do as the owner.
TEST(planning, lends_its_own_rights_to_no_expression) {
  people p;
  p.db.sql("SET ROLE " + p.owner.name() +
           "; CREATE FUNCTION app.grab() RETURNS text LANGUAGE plpgsql STABLE AS 'BEGIN EXECUTE ''RESET ROLE''; RETURN "
           "current_user; END'");
  const auto made = try_plan(p.db, {"app.t", "ADD who text DEFAULT app.grab()"});
  if (const auto* planned = std::get_if<plan>(&made)) {
    const auto& who = planned->forward.columns.back();
    EXPECT_EQ(who.ghost_name, "who");
    EXPECT_THAT(who.expression, ::testing::Not(HasSubstr("postgres")));
  } else {
    EXPECT_EQ(codes_of(made), "refused_by_postgres") << reasons_of(made);
  }
}

}  // namespace
}  // namespace eidolon::plan
