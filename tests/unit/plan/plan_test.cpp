// The plan as a value: its names, its way through JSON, the logs' names and how a batch begins.
#include "plan/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/describe/operators.hpp>

#include "plan/batch.hpp"
#include "plan/change_log.hpp"
#include "tests/unit/plan/sample_plan.hpp"

namespace eidolon::plan {

using boost::describe::operators::operator==;

namespace {

plan full_plan() {
  auto p = sample_plan();
  p.alter = {"ALTER TABLE t ADD \"ä\" text DEFAULT E'\\n\t\"'"};
  p.trusted_path = "pg_catalog, \"app\", pg_temp";
  p.build_ghost = {"one", "two"};
  p.forward.key_deferrable = true;
  p.indexes = {{"i", "CREATE INDEX i", "\"disk\"", false, {"a", "b"}}, {"j", "CREATE INDEX j", "", true, {}}};
  p.late_constraints = {"ALTER TABLE …"};
  p.kept = {{"a", "b"}};
  p.in_order = true;
  p.sequences = {{"t", "\"s\".\"q\"", "ident", "bigint"}, {"t", "\"s\".\"r\"", std::nullopt, ""}};
  p.identities = {{"s", "t", "id", true, "seq", "old_seq", true}, {"s", "t", "jd", false, "seq2", std::nullopt, false}};
  p.summary = {"column a is dropped"};
  p.warnings = {"careful"};
  return p;
}

TEST(plan, comes_back_from_json_as_it_was) {
  const auto p = full_plan();
  const auto back = from_json(to_json(p));
  EXPECT_TRUE(back == p);
  EXPECT_EQ(to_json(back), to_json(p));
  EXPECT_EQ(back.sequences[1].ghost_column, std::nullopt);
  EXPECT_EQ(back.identities[0].source_sequence, "old_seq");
  EXPECT_TRUE(from_json(to_json(plan{})) == plan{});
}

TEST(plan, of_another_version_is_read_as_far_as_it_is_known) {
  const auto p = full_plan();
  auto stored = boost::json::parse(to_json(p)).as_object();
  stored.erase("trusted_path");
  stored["of_a_later_version"] = 7;
  auto expected = p;
  expected.trusted_path = p.forward.operator_path;
  EXPECT_TRUE(from_json(boost::json::serialize(stored)) == expected);
}

TEST(plan, is_not_read_from_another_text) {
  EXPECT_ANY_THROW(from_json(""));
  EXPECT_ANY_THROW(from_json("{}"));
  EXPECT_ANY_THROW(from_json("[]"));
  EXPECT_ANY_THROW(from_json("{\"job\": \"seven\"}"));
}

TEST(plan, names_its_tables) {
  const auto p = sample_plan();
  EXPECT_EQ(source_name(p), "\"shop\".\"odd \"\"name\"\"\"");
  EXPECT_EQ(ghost_name(p), "\"eidolon_7\".\"odd \"\"name\"\"\"");
  EXPECT_EQ(old_name(p), "\"eidolon_7_old\".\"odd \"\"name\"\"\"");
}

TEST(change_log, is_named_by_generation_and_read_together) {
  const auto p = sample_plan();
  EXPECT_EQ(log_name(p, 12), "\"eidolon_7\".\"eidolon log 12\"");
  EXPECT_EQ(all_logs(p, {1}), "(SELECT \"id\", \"co$de\" FROM \"eidolon_7\".\"eidolon log 1\")");
  EXPECT_EQ(all_logs(p, {1, 3}),
            "(SELECT \"id\", \"co$de\" FROM \"eidolon_7\".\"eidolon log 1\" UNION ALL SELECT \"id\", \"co$de\" FROM "
            "\"eidolon_7\".\"eidolon log 3\")");
}

// Fence, lock, then snapshot: nothing but SET and LOCK TABLE, which take none, comes before the first query.
TEST(batch, begins_with_the_fence_and_then_the_locks) {
  EXPECT_EQ(begin_batch(isolation::read_committed, {}).text,
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL idle_in_transaction_session_timeout = '10s'; "
            "LOCK TABLE eidolon.leader IN ROW SHARE MODE");
  EXPECT_EQ(
      begin_batch(isolation::repeatable_read, {"ONLY a IN ACCESS SHARE MODE", "b IN ACCESS EXCLUSIVE MODE NOWAIT"})
          .text,
      "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE; SET LOCAL idle_in_transaction_session_timeout = '10s'; "
      "LOCK TABLE eidolon.leader IN ROW SHARE MODE; LOCK TABLE ONLY a IN ACCESS SHARE MODE; "
      "LOCK TABLE b IN ACCESS EXCLUSIVE MODE NOWAIT");
}

TEST(leaf_plans, are_the_plan_itself_where_nothing_is_partitioned) {
  const auto leaves = leaf_plans(plain_plan());
  ASSERT_EQ(leaves.size(), 1U);
  EXPECT_EQ(leaves[0].forward.from, "\"s\".\"t\"");
  EXPECT_EQ(leaves[0].forward.to, "\"eidolon_3\".\"t\"");
}

TEST(leaf_plans, are_one_for_each_partition_that_holds_rows) {
  auto p = plain_plan();
  p.forward.partitioned = true;
  p.forward.row = "\"id\", \"v\"";
  p.partitions = {{1, "s", "t_a", false}, {2, "away", "t \"b\"", true}, {3, "s", "t_a1", true}};
  const auto leaves = leaf_plans(p);
  ASSERT_EQ(leaves.size(), 2U);
  EXPECT_EQ(leaves[0].forward.from, "\"away\".\"t \"\"b\"\"\"");
  EXPECT_EQ(leaves[1].forward.to, "\"eidolon_3\".\"t_a1\"");
  for (const auto& leaf : leaves) {
    EXPECT_FALSE(leaf.forward.partitioned);
    EXPECT_EQ(leaf.forward.row, p.forward.row);
    EXPECT_EQ(leaf.forward.alias, "\"t\"");
    EXPECT_EQ(leaf.source.oid, p.source.oid);  // which every batch checks
  }
}

}  // namespace
}  // namespace eidolon::plan
