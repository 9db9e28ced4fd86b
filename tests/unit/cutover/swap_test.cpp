// The statements of the swap, word for word and in order.
#include "cutover/swap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan/sample_plan.hpp"

namespace eidolon::cutover {
namespace {

using plan::plain_plan;
using plan::sample_plan;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(swap, has_nothing_to_complete_on_a_plain_table) {
  EXPECT_THAT(complete_ghost(plain_plan()), IsEmpty());
  EXPECT_THAT(hand_over_sequences(plain_plan()), IsEmpty());
}

TEST(swap, completes_the_ghost) {
  auto p = sample_plan();
  p.identities = {{"shop", "odd \"name\"", "id", true, "q", "q", false},
                  {"shop", "odd \"name\"", "n", false, "r", std::nullopt, false}};
  p.indexes = {{"kept", "", "", false, {}}, {"eidolon key", "", "", true, {}}};
  EXPECT_THAT(complete_ghost(p),
              ElementsAre("ALTER TABLE \"eidolon_7\".\"odd \"\"name\"\"\" ALTER COLUMN \"id\" SET GENERATED ALWAYS",
                          "DROP INDEX \"eidolon_7\".\"eidolon key\""));
}

TEST(swap, moves_the_old_table_out_and_the_ghost_in) {
  EXPECT_THAT(move_tables(sample_plan()),
              ElementsAre("ALTER TABLE \"shop\".\"odd \"\"name\"\"\" SET SCHEMA \"eidolon_7_old\"",
                          "ALTER TABLE \"eidolon_7\".\"odd \"\"name\"\"\" SET SCHEMA \"shop\""));
}

// A sequence moves with the table that owns it: one that stays is disowned before; that of a dropped column goes.
TEST(swap, disowns_sequences_that_stay) {
  auto p = plain_plan();
  p.sequences = {{"\"s\".\"t\"", "\"s\".\"t_id_seq\"", "id", ""},
                 {"\"s\".\"t\"", "\"s\".\"t_x_seq\"", std::nullopt, ""}};
  EXPECT_THAT(move_tables(p), ElementsAre("ALTER SEQUENCE \"s\".\"t_id_seq\" OWNED BY NONE",
                                          "ALTER TABLE \"s\".\"t\" SET SCHEMA \"eidolon_3_old\"",
                                          "ALTER TABLE \"eidolon_3\".\"t\" SET SCHEMA \"s\""));
}

TEST(swap, hands_sequences_over) {
  auto p = plain_plan();
  p.sequences = {{"\"s\".\"t\"", "\"s\".\"q\"", "ident", "bigint"},
                 {"\"away\".\"t_1\"", "\"away\".\"r\"", "n", ""},
                 {"\"s\".\"t\"", "\"s\".\"gone\"", std::nullopt, ""}};
  EXPECT_THAT(hand_over_sequences(p), ElementsAre("ALTER SEQUENCE \"s\".\"q\" OWNED BY \"s\".\"t\".\"ident\"",
                                                  "ALTER SEQUENCE \"s\".\"q\" AS bigint",
                                                  "ALTER SEQUENCE \"away\".\"r\" OWNED BY \"away\".\"t_1\".\"n\""));
}

TEST(swap, lets_identities_go_on_where_the_old_ones_stopped) {
  auto p = plain_plan();
  p.identities = {{"s", "t", "a", true, "it's", "o\"ld", false},
                  {"s", "t", "new", true, "n", std::nullopt, false},
                  {"s", "t", "restarted", false, "x", "x", true},
                  {"away", "t_1", "a", false, "p", "p", false}};
  EXPECT_THAT(
      hand_over_sequences(p),
      ElementsAre(
          "SELECT setval('\"s\".\"it''s\"'::regclass, last_value, is_called) FROM \"eidolon_3_old\".\"o\"\"ld\"",
          "SELECT setval('\"away\".\"p\"'::regclass, last_value, is_called) FROM \"eidolon_3_old\".\"p\""));
}

TEST(tripwire, turns_writes_of_the_old_table_into_retryable_errors) {
  auto p = plain_plan();
  p.source.name = "it's";
  EXPECT_THAT(tripwire(p, {}),
              ElementsAre("CREATE FUNCTION \"eidolon_3_old\".\"replaced\"() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN "
                          "RAISE EXCEPTION USING ERRCODE = ''serialization_failure'', "
                          "MESSAGE = ''table s.it''''s has been replaced'', HINT = ''Try again: the statement was "
                          "planned before a schema change replaced the table.''; END'",
                          "CREATE TRIGGER \"eidolon_3_replaced\" BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON "
                          "\"eidolon_3_old\".\"it's\" FOR EACH STATEMENT EXECUTE FUNCTION "
                          "\"eidolon_3_old\".\"replaced\"()",
                          "ALTER TABLE \"eidolon_3_old\".\"it's\" ENABLE ALWAYS TRIGGER \"eidolon_3_replaced\""));
}

TEST(swap, moves_each_partition_and_guards_those_that_functions_name) {
  auto p = plain_plan();
  p.forward.partitioned = true;
  p.partitions = {{1, "away", "t_1", true}, {2, "s", "t_2", true}};
  EXPECT_THAT(move_partitions(p), ElementsAre("ALTER TABLE \"away\".\"t_1\" SET SCHEMA \"eidolon_3_old\"",
                                              "ALTER TABLE \"eidolon_3\".\"t_1\" SET SCHEMA \"away\"",
                                              "ALTER TABLE \"s\".\"t_2\" SET SCHEMA \"eidolon_3_old\"",
                                              "ALTER TABLE \"eidolon_3\".\"t_2\" SET SCHEMA \"s\""));
  const auto guards = tripwire(p, {1});
  ASSERT_EQ(guards.size(), 5U);
  EXPECT_THAT(guards[1], HasSubstr(" ON \"eidolon_3_old\".\"t\" "));
  EXPECT_THAT(guards[3], HasSubstr(" ON \"eidolon_3_old\".\"t_1\" "));
  EXPECT_THAT(move_partitions(plain_plan()), IsEmpty());
}

}  // namespace
}  // namespace eidolon::cutover
