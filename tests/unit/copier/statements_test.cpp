// The SQL of copy, apply and verification, word for word.
#include "copier/statements.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/direction.hpp"
#include "tests/unit/plan/sample_plan.hpp"

namespace eidolon::copier {
namespace {

using plan::plain_plan;
using plan::sample_plan;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(keys, are_read_from_logs) {
  EXPECT_EQ(
      keys_in_blocks(plain_plan(), 2, 0, 8),
      "SELECT \"id\" FROM \"eidolon_3\".\"eidolon log 2\" AS l WHERE l.ctid >= '(0,0)'::pg_catalog.tid AND l.ctid < "
      "'(8,0)'::pg_catalog.tid");
  EXPECT_EQ(
      keys_in_logs(sample_plan(), {1, 2}),
      "SELECT \"id\", \"co$de\" FROM (SELECT \"id\", \"co$de\" FROM \"eidolon_7\".\"eidolon log 1\" UNION ALL SELECT "
      "\"id\", \"co$de\" FROM \"eidolon_7\".\"eidolon log 2\") AS l");
}

// By the hash that goes by =, not by the image.
TEST(keys, are_divided_by_hash) {
  const auto all = keys_in_blocks(sample_plan(), 1, 0, 8);
  EXPECT_EQ(keys_in_blocks(sample_plan(), 1, 0, 8, {2, 3}),
            all +
                " AND pg_catalog.mod(pg_catalog.hash_record_extended(ROW(l.\"id\", l.\"co$de\"), 0) & "
                "9223372036854775807, 3) = 2");
  EXPECT_EQ(keys_in_blocks(plain_plan(), 2, 0, 8, {0, 1}), keys_in_blocks(plain_plan(), 2, 0, 8));
}

TEST(keys, select_rows_of_the_source) {
  EXPECT_EQ(rows_of(plain_plan(), "SELECT 1"), "(\"t\".\"id\") IN (SELECT \"id\" FROM (SELECT 1) AS keys)");
  EXPECT_EQ(
      rows_of(sample_plan(), "K"),
      "(\"odd \"\"name\"\"\".\"id\", \"odd \"\"name\"\"\".\"co$de\") IN (SELECT \"id\", \"co$de\" FROM (K) AS keys)");
}

TEST(keys, are_logged_once_each) {
  EXPECT_EQ(log_keys(plain_plan(), 4, "K"),
            "INSERT INTO \"eidolon_3\".\"eidolon log 4\" (\"id\") SELECT * FROM (SELECT DISTINCT \"id\" FROM (K) AS "
            "entries) AS k");
}

TEST(copy, inserts_rows_as_the_mapping_has_them) {
  EXPECT_EQ(
      insert_rows(plain_plan(), "R AS \"t\""),
      "INSERT INTO \"eidolon_3\".\"t\" (\"id\", \"v\") OVERRIDING SYSTEM VALUE SELECT \"id\", \"v\" FROM R AS \"t\"");
  EXPECT_EQ(insert_rows(sample_plan(), "R"),
            "INSERT INTO \"eidolon_7\".\"odd \"\"name\"\"\" (\"ident\", \"co$de\", \"price\", \"added\") OVERRIDING "
            "SYSTEM VALUE SELECT \"ident\", \"co$de\", \"price\", "
            "'5'::integer FROM (SELECT \"id\" AS \"ident\", \"co$de\", (price * 2) AS \"price\" FROM R) AS \"odd "
            "\"\"name\"\"\"");
}

TEST(copy, passes_over_conflicts) {
  EXPECT_EQ(insert_rows_without_conflict(plain_plan(), "R"),
            insert_rows(plain_plan(), "R") + " ON CONFLICT DO NOTHING");
}

TEST(copy, looks_for_what_it_passed_over) {
  EXPECT_EQ(keys_not_copied(plain_plan(), 8, 16),
            "SELECT s.\"id\" FROM ONLY \"s\".\"t\" AS s WHERE s.ctid >= '(8,0)'::pg_catalog.tid AND s.ctid < "
            "'(16,0)'::pg_catalog.tid AND NOT EXISTS (SELECT FROM ONLY \"eidolon_3\".\"t\" AS t WHERE t.\"id\" = "
            "s.\"id\")");
  EXPECT_THAT(keys_not_copied(sample_plan(), 8, 16), HasSubstr("WHERE t.\"ident\" = (s.\"id\")::bigint AND"));
}

const std::string gone_of_plain =
    "DELETE FROM ONLY \"eidolon_3\".\"t\" AS g USING (SELECT f.place FROM (SELECT DISTINCT \"id\" FROM (K) AS entries) "
    "AS k CROSS JOIN LATERAL "
    "(SELECT t.ctid AS place FROM ONLY \"eidolon_3\".\"t\" AS t WHERE t.\"id\" = k.\"id\" OFFSET 0) AS f";

// A row's place says nothing without its leaf; the key leads to that.
TEST(apply, finds_rows_of_a_partitioned_table_by_key_and_place) {
  auto p = sample_plan();
  p.forward.partitioned = true;
  EXPECT_EQ(
      delete_keys(p, "K"),
      "DELETE FROM \"eidolon_7\".\"odd \"\"name\"\"\" AS g USING (SELECT f.place, f.key0, f.key1 FROM (SELECT DISTINCT "
      "\"id\", \"co$de\" FROM (K) AS entries) AS k CROSS JOIN LATERAL (SELECT t.ctid AS place, t.\"ident\" AS key0, "
      "t.\"co$de\" AS key1 FROM \"eidolon_7\".\"odd \"\"name\"\"\" AS t WHERE t.\"ident\" = (k.\"id\")::bigint AND "
      "t.\"co$de\" = k.\"co$de\" OFFSET 0) AS f) AS d WHERE g.ctid = d.place AND g.\"ident\" = d.key0 AND "
      "g.\"co$de\" = d.key1");
}

TEST(apply, deletes_what_is_gone_and_upserts_the_rest) {
  EXPECT_THAT(
      apply_keys(plain_plan(), "K"),
      ElementsAre(
          gone_of_plain + " WHERE NOT EXISTS (SELECT FROM ONLY \"s\".\"t\" AS s WHERE s.\"id\" = k.\"id\")) AS d WHERE "
                          "g.ctid = d.place",
          "INSERT INTO \"eidolon_3\".\"t\" AS t (\"id\", \"v\") OVERRIDING SYSTEM VALUE SELECT \"id\", \"v\" FROM "
          "(SELECT "
          "\"t\".* FROM (SELECT DISTINCT \"id\" FROM (K) "
          "AS entries) AS \"eidolon keys\" CROSS JOIN LATERAL (SELECT * FROM ONLY \"s\".\"t\" AS \"t\" WHERE "
          "\"t\".\"id\" = \"eidolon keys\".\"id\" OFFSET 0) AS "
          "\"t\") AS \"t\" ON CONFLICT (\"id\") DO UPDATE SET \"id\" = EXCLUDED.\"id\", \"v\" = EXCLUDED.\"v\""));
}

// Equal keys can have other images, so the key is written too; what the source does not fill is left alone.
TEST(apply, updates_the_key_and_every_column_of_the_source) {
  const auto upsert = apply_keys(sample_plan(), "K").at(1);
  const auto at = upsert.find(" ON CONFLICT ");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(upsert.substr(at),
            " ON CONFLICT (\"ident\", \"co$de\") DO UPDATE SET \"ident\" = EXCLUDED.\"ident\", \"co$de\" = "
            "EXCLUDED.\"co$de\", \"price\" = EXCLUDED.\"price\"");
}

TEST(apply, leaves_large_values_where_they_are_that_stay_the_same) {
  auto p = plain_plan();
  p.large = {"v"};
  EXPECT_THAT(apply_keys(p, "K").at(1),
              testing::EndsWith(" DO UPDATE SET \"id\" = EXCLUDED.\"id\", \"v\" = CASE WHEN "
                                "ROW(t.\"v\")::pg_catalog.record OPERATOR(pg_catalog.*=) "
                                "ROW(EXCLUDED.\"v\")::pg_catalog.record THEN t.\"v\" ELSE EXCLUDED.\"v\" END"));
}

// ON CONFLICT cannot use a deferrable key.
TEST(apply, deletes_and_inserts_by_a_deferrable_key) {
  auto p = plain_plan();
  p.forward.key_deferrable = true;
  const auto statements = apply_keys(p, "K");
  ASSERT_EQ(statements.size(), 2u);
  EXPECT_EQ(statements[0], gone_of_plain + ") AS d WHERE g.ctid = d.place");
  EXPECT_EQ(statements[0], delete_keys(p, "K"));
  EXPECT_THAT(statements[1], ::testing::Not(HasSubstr("ON CONFLICT")));
}

TEST(apply, can_take_all_keys_out_before_it_puts_rows_in) {
  EXPECT_THAT(replace_keys(plain_plan(), "K"),
              ElementsAre(delete_keys(plain_plan(), "K"),
                          insert_rows(plain_plan(), plan::rows_with_keys(plain_plan().forward, "K"))));
}

TEST(dirty_rows, leave_the_ghost_by_block_before_there_is_an_index) {
  EXPECT_EQ(delete_keys_in_blocks(sample_plan(), "K", 5, 9),
            "DELETE FROM ONLY \"eidolon_7\".\"odd \"\"name\"\"\" AS g WHERE g.ctid >= '(5,0)'::pg_catalog.tid AND "
            "g.ctid < '(9,0)'::pg_catalog.tid AND (g.\"ident\", g.\"co$de\") "
            "IN (SELECT (\"id\")::bigint, \"co$de\" FROM (K) AS keys)");
}

TEST(sisters, are_waited_for_less_long_than_the_server_waits_before_it_looks_for_deadlocks) {
  EXPECT_EQ(
      wait_for_sisters(),
      "DO $$BEGIN PERFORM set_config('deadlock_timeout', '1s', true); EXCEPTION WHEN insufficient_privilege THEN NULL; "
      "END$$; SELECT set_config('lock_timeout', greatest(1, least(100, extract(epoch FROM "
      "current_setting('deadlock_timeout')::interval) * 250)::integer)::text, true)");
}

TEST(range, ends_after_so_many_keys) {
  EXPECT_EQ(range_end(plain_plan(), {}, 1000),
            "SELECT s.\"id\"::text AS k1 FROM ONLY \"s\".\"t\" AS s WHERE true ORDER BY s.\"id\" OFFSET 999 LIMIT 1");
  EXPECT_EQ(range_end(sample_plan(), {"4", "it's"}, 10),
            "SELECT s.\"id\"::text AS k1, s.\"co$de\"::text AS k2 FROM ONLY \"shop\".\"odd \"\"name\"\"\" AS s WHERE "
            "(s.\"id\", s.\"co$de\") > ('4'::integer, 'it''s'::text COLLATE "
            "pg_catalog.\"C\") ORDER BY s.\"id\", s.\"co$de\" OFFSET 9 LIMIT 1");
}

TEST(comparison, joins_both_sides_of_a_range_and_leaves_logged_keys_out) {
  EXPECT_EQ(
      compare_range(plain_plan(), {1, 2}, {"4"}, {"9"}),
      "SELECT count(*) AS differences, min(d.key || ' (' || d.what || ')') AS example FROM (SELECT concat_ws(', ', "
      "coalesce(s.\"eidolon key 1\"::text, g.\"id\"::text)) AS key, CASE WHEN s.\"eidolon key 1\" IS NOT DISTINCT FROM "
      "NULL THEN "
      "'only in the ghost' WHEN g.\"id\" IS NOT DISTINCT FROM NULL THEN 'missing in the ghost' ELSE 'different' END AS "
      "what FROM "
      "(SELECT \"t\".\"id\" AS \"eidolon key 1\", \"id\", \"v\" FROM (SELECT * FROM ONLY \"s\".\"t\" AS \"t\" WHERE "
      "(\"t\".\"id\") > ('4'::integer) AND (\"t\".\"id\") <= ('9'::integer)) AS \"t\") AS s FULL JOIN (SELECT "
      "t.\"id\", t.\"v\" FROM ONLY \"eidolon_3\".\"t\" AS t WHERE (t.\"id\") > ('4'::integer) AND (t.\"id\") <= "
      "('9'::integer)) AS g ON s.\"eidolon key 1\" = g.\"id\" WHERE (ROW(s.\"id\", s.\"v\")::record "
      "OPERATOR(pg_catalog.*<>) ROW(g.\"id\", g.\"v\")::record OR s.\"eidolon key 1\" IS NOT DISTINCT FROM NULL OR "
      "g.\"id\" IS NOT DISTINCT FROM NULL) "
      "AND NOT EXISTS (SELECT FROM (SELECT \"id\" FROM \"eidolon_3\".\"eidolon log 1\" UNION ALL SELECT \"id\" FROM "
      "\"eidolon_3\".\"eidolon log 2\") AS l WHERE l.\"id\" = coalesce(s.\"eidolon key 1\", "
      "(g.\"id\")::integer))) AS d");
}

TEST(comparison, brings_keys_and_bounds_to_the_type_of_each_side) {
  const auto text = compare_range(sample_plan(), {1}, {"4", "x"}, {});
  EXPECT_THAT(text, HasSubstr("WHERE (\"odd \"\"name\"\"\".\"id\", \"odd \"\"name\"\"\".\"co$de\") > ('4'::integer, "
                              "'x'::text COLLATE pg_catalog.\"C\")) AS"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "WHERE (t.\"ident\", t.\"co$de\") > (('4'::integer)::bigint, 'x'::text COLLATE pg_catalog.\"C\")) AS g"));
  EXPECT_THAT(text, HasSubstr("ON s.\"eidolon key 1\" = g.\"ident\" AND s.\"eidolon key 2\" = g.\"co$de\" WHERE"));
  EXPECT_THAT(text, HasSubstr("l.\"id\" = coalesce(s.\"eidolon key 1\", (g.\"ident\")::integer) AND l.\"co$de\" = "
                              "coalesce(s.\"eidolon key 2\", (g.\"co$de\")::text)"));
}

TEST(comparison, casts_keys_of_types_that_no_index_has_in_one_order) {
  auto p = sample_plan();
  p.forward.key[0].ghost_type = "numeric";
  EXPECT_THAT(compare_range(p, {1}, {}, {}), HasSubstr("ON (s.\"eidolon key 1\")::numeric = g.\"ident\" AND"));
}

// A column that the source does not fill is not compared: a volatile default differs from row to row.
TEST(comparison, leaves_new_columns_out) {
  EXPECT_EQ(compare_range(sample_plan(), {1}, {}, {}).find("\"added\""), std::string::npos);
}

}  // namespace
}  // namespace eidolon::copier
