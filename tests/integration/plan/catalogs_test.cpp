// docs/catalogs.md has every column by which PostgreSQL describes a table, and every reference to one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "tests/integration/plan/planning.hpp"

namespace eidolon::plan {
namespace {

using names = std::set<std::string>;
using ::testing::HasSubstr;

// The `catalog` and `column` names of each row of the page's tables, joined by a dot.
names documented() {
  std::ifstream page{std::string{EIDOLON_SOURCE_DIR} + "/docs/catalogs.md"};
  const std::regex row{R"(^\|([^|]*)\|([^|]*)\|)"}, name{R"(`([a-z_]+)`)"};
  names found;
  const auto each = [&name](const std::string& cell, auto take) {
    for (auto i = std::sregex_iterator{cell.begin(), cell.end(), name}; i != std::sregex_iterator{}; ++i)
      take((*i)[1].str());
  };
  for (std::string line; std::getline(page, line);) {
    std::smatch cells;
    if (!std::regex_search(line, cells, row)) continue;
    each(cells[1].str(), [&](const std::string& catalog) {
      each(cells[2].str(), [&](const std::string& column) { found.insert(catalog + "." + column); });
    });
  }
  return found;
}

names lines_of(const std::string& text) {
  std::istringstream in{text};
  names found;
  for (std::string line; std::getline(in, line);) found.insert(line);
  return found;
}

names without(const names& all, const names& known) {
  names rest;
  std::set_difference(all.begin(), all.end(), known.begin(), known.end(), std::inserter(rest, rest.end()));
  return rest;
}

TEST(catalogs, every_column_that_describes_a_table_is_documented) {
  test::database db;
  const auto described =
      lines_of(db.value("SELECT string_agg(format('%s.%s', c.relname, a.attname), E'\\n') FROM pg_class c JOIN "
                        "pg_attribute a ON a.attrelid "
                        "= c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relnamespace = "
                        "'pg_catalog'::regnamespace AND c.relname IN "
                        "('pg_class', 'pg_attribute', 'pg_attrdef', 'pg_index', 'pg_constraint', 'pg_trigger', "
                        "'pg_policy', 'pg_rewrite', "
                        "'pg_statistic_ext', 'pg_publication_rel', 'pg_sequence')"));
  ASSERT_GT(described.size(), 150U);
  EXPECT_THAT(without(described, documented()), ::testing::IsEmpty());
}

TEST(catalogs, every_reference_to_a_table_its_parts_or_its_type_is_documented) {
  test::database db;
  const auto references = lines_of(
      db.value("SELECT string_agg(DISTINCT format('%s.%s', fktable, c), E'\\n') FROM pg_get_catalog_foreign_keys(), "
               "unnest(fkcols) c "
               "WHERE pktable::text IN ('pg_class', 'pg_attribute', 'pg_constraint', 'pg_trigger', 'pg_type')"));
  ASSERT_GT(references.size(), 60U);
  EXPECT_THAT(without(references, documented()), ::testing::IsEmpty());
}

TEST(catalogs, what_is_missing_on_the_page_is_found) {
  const names page = documented();
  EXPECT_TRUE(page.contains("pg_index.indpred"));
  EXPECT_EQ(without({"pg_index.indpred", "pg_index.indnew"}, page), names{"pg_index.indnew"});
}

// One object of every catalog that can hold a row type, beside those that are carried over.
TEST(catalogs, every_kind_of_user_of_the_row_type_is_refused) {
  for (const auto* user :
       {"CREATE TABLE public.u (c public.t)", "CREATE TABLE public.u (c public.t[])",
        "CREATE TYPE public.u AS (c public.t)", "CREATE DOMAIN public.u AS public.t",
        "CREATE VIEW public.u AS SELECT NULL::public.t AS c",
        "CREATE MATERIALIZED VIEW public.u AS SELECT NULL::public.t AS c",
        "CREATE TYPE public.u AS RANGE (subtype = public.t)",
        "CREATE FUNCTION public.u(public.t) RETURNS integer LANGUAGE sql AS 'SELECT 1'; CREATE CAST (public.t AS "
        "integer) "
        "WITH FUNCTION public.u(public.t)",
        "CREATE FUNCTION public.u(public.t, public.t) RETURNS boolean LANGUAGE sql AS 'SELECT true'; CREATE OPERATOR "
        "public.=== (LEFTARG = public.t, RIGHTARG = public.t, FUNCTION = public.u)",
        "CREATE FUNCTION public.u(public.t, integer) RETURNS public.t LANGUAGE sql AS 'SELECT $1'; CREATE AGGREGATE "
        "public.v(integer) (SFUNC = public.u, STYPE = public.t)",
        "CREATE TABLE public.u (i integer CHECK (NULL::public.t IS NULL))"}) {
    test::database db;
    db.sql("CREATE TABLE public.t (id integer PRIMARY KEY)");
    db.sql(user);
    EXPECT_THAT(codes_of(try_plan(db, {"public.t", "ALTER id TYPE bigint"})), HasSubstr("row_type_used")) << user;
  }
}

}  // namespace
}  // namespace eidolon::plan
