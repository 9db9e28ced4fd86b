// Every reason to refuse a table, found by a real server's catalog.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/plan/planning.hpp"

namespace eidolon::plan {
namespace {

using ::testing::HasSubstr;

struct refused_table {
  const char* before;  // beside the table public.t (id int PRIMARY KEY, a int, b text)
  const char* code;    // all codes, joined
  const char* names;   // what a sentence mentions
  const char* table = "public.t";
};

constexpr const char* table = "CREATE TABLE public.t (id int PRIMARY KEY, a int, b text); ";

const refused_table neighbours[] = {
    {"CREATE VIEW public.v AS SELECT 'public.t'::regclass AS t", "view", "a constant of type regclass"},
    {"CREATE MATERIALIZED VIEW public.m AS SELECT a FROM public.t; CREATE MATERIALIZED VIEW public.n AS SELECT a FROM "
     "public.m; CREATE FUNCTION public.f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM public.n; END",
     "materialized_view", "public.m"},
    {"CREATE PUBLICATION p FOR ALL TABLES", "publication", "publication p is FOR ALL TABLES"},
    {"CREATE TABLE public.c (i int CONSTRAINT k REFERENCES public.t); ALTER TABLE public.c DISABLE TRIGGER ALL",
     "foreign_key", "The foreign key k of public.c is not enforced"},
    {"CREATE FUNCTION public.f(public.t) RETURNS int LANGUAGE sql RETURN 1", "row_type_used",
     "function public.f(public.t)"},
    {"CREATE TABLE public.o (x public.t)", "row_type_used", "column x of table public.o"},
    {"CREATE TABLE public.o (x public.t[])", "row_type_used", "column x of table public.o"},
    {"CREATE DOMAIN public.d AS public.t", "row_type_used", "type public.d"},
    {"CREATE TABLE public.k () INHERITS (public.t)", "inheritance", "public.t has children"},
    {"ALTER TABLE public.t ALTER id ADD GENERATED ALWAYS AS IDENTITY; CREATE TABLE public.o (i int DEFAULT "
     "nextval('public.t_id_seq'))",
     "identity_sequence_shared", "default value for column i of table public.o"},
    {"ALTER TABLE public.t SET UNLOGGED", "unlogged", "public.t is UNLOGGED"},
    {"ALTER TABLE public.t DROP CONSTRAINT t_pkey", "no_usable_key", "public.t has neither"},
    {"ALTER TABLE public.t DROP CONSTRAINT t_pkey; CREATE UNIQUE INDEX ON public.t (a)", "no_usable_key", "public.t"},
    {"ALTER TABLE public.t DROP CONSTRAINT t_pkey; CREATE UNIQUE INDEX ON public.t (id) WHERE id > 0; CREATE UNIQUE "
     "INDEX ON public.t ((id + 1))",
     "no_usable_key", "public.t"},
    {"ALTER TABLE public.t ALTER b SET NOT NULL, DROP CONSTRAINT t_pkey; CREATE UNIQUE INDEX ON public.t (b COLLATE "
     "\"C\"); CREATE UNIQUE INDEX ON public.t (b text_pattern_ops)",
     "no_usable_key", "public.t"},
};

TEST(refused_for_its_neighbours, by_name) {
  for (const auto& c : neighbours) {
    test::database db;
    if (std::string_view{c.before}.find("TABLES IN SCHEMA") != std::string_view::npos &&
        db.session().server_version() < 150000)
      continue;
    db.sql(std::string{table} + c.before);
    const auto made = try_plan(db, {"public.t", "ADD n int"});
    EXPECT_EQ(codes_of(made), c.code) << c.before << "\n" << reasons_of(made);
    EXPECT_THAT(reasons_of(made), HasSubstr(c.names)) << c.before;
  }
}

const refused_table tables[] = {
    {"CREATE VIEW public.x AS SELECT 1 AS id", "not_a_table", "public.x is a view", "public.x"},
    {"CREATE MATERIALIZED VIEW public.x AS SELECT 1 AS id", "not_a_table", "public.x is a materialized view",
     "public.x"},
    {"CREATE SEQUENCE public.x", "not_a_table", "public.x is a sequence", "public.x"},
    {"CREATE INDEX x ON public.t (a)", "not_a_table", "public.x is an index", "public.x"},
    {"CREATE TYPE public.x AS (i int)", "not_a_table", "public.x is a composite type", "public.x"},
    {"CREATE TABLE public.x (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE UNLOGGED TABLE public.y PARTITION OF "
     "public.x DEFAULT",
     "partitioned_table", "y, a partition of public.x", "public.x"},
    {"CREATE TABLE public.x (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE public.y PARTITION OF public.x "
     "DEFAULT",
     "partition", "public.y", "public.y"},
    {"CREATE TABLE public.x (PRIMARY KEY (id)) INHERITS (public.t)", "inheritance", "public.x is a child", "public.x"},
    {"CREATE TYPE public.y AS (id int); CREATE TABLE public.x OF public.y (PRIMARY KEY (id))", "typed_table",
     "public.x", "public.x"},
    {"", "system_schema", "pg_catalog.pg_class", "pg_catalog.pg_class"},
    {"", "system_schema", "information_schema.sql_features", "information_schema.sql_features"},
    {"CREATE SCHEMA eidolon; CREATE TABLE eidolon.job (id int PRIMARY KEY)", "system_schema", "eidolon.job",
     "eidolon.job"},
    {"CREATE SCHEMA eidolon_12_old; CREATE TABLE eidolon_12_old.x (id int PRIMARY KEY)", "system_schema",
     "eidolon_12_old.x", "eidolon_12_old.x"},
    {"", "unknown_table", "no table public.nothing", "public.nothing"},
    {"", "unknown_table", "no table nowhere.t", "nowhere.t"},
    {"", "unknown_table", "no table T", "\"T\""},
};

TEST(refused_for_what_it_is, by_name) {
  for (const auto& c : tables) {
    test::database db;
    db.sql(std::string{table} + c.before);
    const auto made = try_plan(db, {c.table, "ADD n int"});
    const auto codes = codes_of(made);
    EXPECT_TRUE((" " + codes + " ").find(std::string{" "} + c.code + " ") != std::string::npos)
        << c.before << " " << c.table << ": " << codes << "\n"
        << reasons_of(made);
    EXPECT_THAT(reasons_of(made), HasSubstr(c.names)) << c.before;
  }
}

TEST(refused_for_what_it_is, member_of_an_extension) {
  test::database db;
  // Any extension can be given a table.
  db.sql(std::string{table} + "ALTER EXTENSION plpgsql ADD TABLE public.t");
  const auto made = try_plan(db, {"public.t", "ADD n int"});
  EXPECT_EQ(codes_of(made), "extension_member");
  EXPECT_THAT(reasons_of(made), HasSubstr("the extension plpgsql"));
  db.sql("ALTER EXTENSION plpgsql DROP TABLE public.t");
}

TEST(refused_for_what_it_is, target_of_a_subscription) {
  test::database db;
  db.sql(std::string{table} +
         "CREATE SUBSCRIPTION away CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE)");
  db.sql(
      "INSERT INTO pg_catalog.pg_subscription_rel (srsubid, srrelid, srsubstate) SELECT oid, 'public.t'::regclass, 'r' "
      "FROM pg_catalog.pg_subscription WHERE subname = 'away'");
  EXPECT_EQ(codes_of(try_plan(db, {"public.t", "ADD n int"})), "subscription");
  db.sql("ALTER SUBSCRIPTION away DISABLE; DROP SUBSCRIPTION away");
}

struct refused_statement {
  const char *alter, *code, *names;
};

TEST(refused_for_what_is_asked, by_the_server_or_the_plan) {
  test::database db;
  db.sql(std::string{table} +
         "CREATE TABLE public.other (i int); CREATE INDEX elsewhere ON public.other (i); CREATE TABLE public.s (id "
         "serial PRIMARY KEY, n serial); "
         "CREATE TABLE public.uses (i int DEFAULT nextval('public.s_n_seq'))");
  const refused_statement cases[] = {
      {"ALTER TABLE public.t DROP nothing", "refused_by_postgres", "column \"nothing\""},
      {"ALTER TABLE public.t ADD a int", "refused_by_postgres", "column \"a\""},
      {"ALTER TABLE public.t ALTER b TYPE int", "refused_by_postgres", "cannot be cast automatically"},
      {"ALTER TABLE public.t ALTER b TYPE int USING (SELECT 1)", "refused_by_postgres", "subquery"},
      {"ALTER TABLE public.t ALTER b TYPE int USING nothing(b)", "refused_by_postgres", "function nothing(text)"},
      {"ALTER TABLE public.t ADD n nowhere.type", "refused_by_postgres", "nowhere"},
      {"ALTER TABLE public.t ADD CONSTRAINT t_pkey UNIQUE (a)", "refused_by_postgres", "t_pkey"},
      {"ALTER TABLE public.t DROP CONSTRAINT t_pkey, DROP id", "no_usable_key", "No key of public.t survives"},
      {"ALTER TABLE public.t ALTER id TYPE smallint", "no_usable_key", "public.t"},
      {"ALTER TABLE public.t ALTER id TYPE int USING id / 2", "no_usable_key", "public.t"},
      {"ALTER TABLE public.t ALTER id TYPE text", "no_usable_key", "public.t"},
      {"ALTER TABLE public.s DROP n", "sequence_used_elsewhere", "public.s_n_seq"},
      // The new index would meet another table's at the swap.
      {"ALTER TABLE public.t ADD CONSTRAINT elsewhere UNIQUE (a)", "refused_by_postgres",
       "relation \"elsewhere\" already exists"},
      {"ALTER TABLE public.t ADD CONSTRAINT other UNIQUE (a)", "refused_by_postgres",
       "relation \"other\" already exists"},
      {"ALTER TABLE public.t RENAME CONSTRAINT t_pkey TO elsewhere", "refused_by_postgres",
       "relation \"elsewhere\" already exists"},
      {"ALTER TABLE public.t ADD n int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.mine)", "sequence_name",
       "says in which schema"},
  };
  for (const auto& c : cases) {
    const auto made = try_plan(db, {"", c.alter});
    EXPECT_EQ(codes_of(made), c.code) << c.alter << "\n" << reasons_of(made);
    EXPECT_THAT(reasons_of(made), HasSubstr(c.names)) << c.alter;
  }
}

// Another table's default on a serial's sequence goes on working: the sequence stays.
TEST(accepted, with_what_needs_nothing) {
  for (const auto* more :
       {"CREATE TABLE public.o (i int DEFAULT nextval('public.s_id_seq'))",
        "CREATE FUNCTION public.f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.s'",
        "CREATE INDEX ON public.s (lower(v)); COMMENT ON TABLE public.s IS 'x'; GRANT SELECT ON public.s TO PUBLIC",
        "ALTER TABLE public.s ADD CHECK (v <> '')"}) {
    test::database db;
    db.sql(std::string{"CREATE TABLE public.s (id serial PRIMARY KEY, v text); "} + more);
    const auto made = try_plan(db, {"public.s", "ADD n int"});
    EXPECT_EQ(codes_of(made), "") << more << "\n" << reasons_of(made);
  }
}

}  // namespace
}  // namespace eidolon::plan
