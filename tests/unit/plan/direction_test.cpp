// The SQL of a direction, word for word.
#include "plan/direction.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan/sample_plan.hpp"

namespace eidolon::plan {
namespace {

using ::testing::ElementsAre;

TEST(direction, reads_rows_under_the_tables_own_name) {
  EXPECT_EQ(rows_where(plain_plan().forward, "\"t\".id > 5"),
            "(SELECT * FROM ONLY \"s\".\"t\" AS \"t\" WHERE \"t\".id > 5) AS \"t\"");
  EXPECT_EQ(
      rows_where(sample_plan().forward, "true"),
      "(SELECT * FROM ONLY \"shop\".\"odd \"\"name\"\"\" AS \"odd \"\"name\"\"\" WHERE true) AS \"odd \"\"name\"\"\"");
}

TEST(direction, looks_keys_up_one_by_one) {
  EXPECT_EQ(rows_with_keys(plain_plan().forward, "SELECT \"id\" FROM log"),
            "(SELECT \"t\".* FROM (SELECT DISTINCT \"id\" FROM (SELECT \"id\" FROM log) AS entries) AS \"eidolon "
            "keys\" CROSS JOIN LATERAL "
            "(SELECT * FROM ONLY \"s\".\"t\" AS \"t\" WHERE \"t\".\"id\" = \"eidolon keys\".\"id\" OFFSET 0) AS \"t\") "
            "AS \"t\"");
}

TEST(direction, selects_columns_without_stages) {
  EXPECT_EQ(select_rows(plain_plan().forward, "rows AS \"t\""), "SELECT \"id\", \"v\" FROM rows AS \"t\"");
}

TEST(direction, selects_columns_through_every_stage) {
  auto d = sample_plan().forward;
  d.alias = "a";
  d.stages = {"one", "two"};
  EXPECT_EQ(select_rows(d, "rows AS a"),
            "SELECT \"ident\", \"co$de\", \"price\", '5'::integer FROM (SELECT two FROM (SELECT one FROM rows AS a) AS "
            "a) AS a");
}

TEST(direction, carries_the_key_past_the_stages) {
  auto d = sample_plan().forward;
  d.alias = "a";
  d.stages = {"one", "two"};
  EXPECT_EQ(select_rows_with_key(d, "rows AS a"),
            "SELECT \"eidolon key 1\", \"eidolon key 2\", (\"ident\")::bigint AS \"ident\", \"co$de\", "
            "(\"price\")::numeric AS \"price\" FROM "
            "(SELECT two, \"eidolon key 1\", \"eidolon key 2\" FROM "
            "(SELECT one, a.\"id\" AS \"eidolon key 1\", a.\"co$de\" AS \"eidolon key 2\" FROM rows AS a) AS a) AS a");
}

TEST(direction, needs_no_stage_to_carry_the_key) {
  EXPECT_EQ(select_rows_with_key(plain_plan().forward, "rows AS \"t\""),
            "SELECT \"t\".\"id\" AS \"eidolon key 1\", \"id\", \"v\" FROM rows AS \"t\"");
}

TEST(direction, names_columns_and_keys) {
  const auto d = sample_plan().forward;
  EXPECT_EQ(insert_columns(d), "\"ident\", \"co$de\", \"price\", \"added\"");
  EXPECT_THAT(source_key(d), ElementsAre("id", "co$de"));
  EXPECT_THAT(ghost_key(d), ElementsAre("ident", "co$de"));
}

TEST(direction, matches_keys_in_the_type_of_the_index) {
  const auto d = sample_plan().forward;
  EXPECT_EQ(match_ghost(d, "g", "k"), "g.\"ident\" = (k.\"id\")::bigint AND g.\"co$de\" = k.\"co$de\"");
  EXPECT_EQ(match_source(d, "s", "k"), "s.\"id\" = k.\"id\" AND s.\"co$de\" = k.\"co$de\"");
}

TEST(direction, reads_a_range_of_blocks) {
  EXPECT_EQ(block_range("x", 0, 4294967295),
            "x.ctid >= '(0,0)'::pg_catalog.tid AND x.ctid < '(4294967295,0)'::pg_catalog.tid");
}

}  // namespace
}  // namespace eidolon::plan
