// How rows of the source become rows of the ghost, from what each statement did to the columns.
#include "plan/mapping.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eidolon::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint32_t int8 = 20, int4 = 23, text = 25;

column integer(int number, const std::string& name) {
  column c;
  c.number = number;
  c.name = name;
  c.type = "integer";
  c.type_oid = int4;
  c.type_modifier = -1;
  return c;
}

column typed(int number, const std::string& name, const std::string& type, std::uint32_t oid) {
  auto c = integer(number, name);
  c.type = type;
  c.type_oid = oid;
  return c;
}

composition parts_of(std::vector<stage> stages) {
  composition p;
  p.source.source.columns = p.before.columns = stages.front().before;
  p.after.columns = stages.back().after;
  p.stages = std::move(stages);
  return p;
}

std::vector<std::string> expressions(const composition& p) {
  std::vector<std::string> out;
  for (const auto& c : map_columns(p))
    out.push_back(c.ghost_name + " <- " + c.expression + (c.from_source ? "" : " (constant)") +
                  (c.changed ? " (changed)" : ""));
  return out;
}

TEST(stages, are_not_needed_for_additions_drops_and_assignments) {
  const stage s{{integer(1, "a"), integer(2, "b")}, {typed(1, "a", "bigint", int8), integer(3, "c")}, {}, {}};
  EXPECT_THAT(stage_lists({s}), IsEmpty());
  EXPECT_THAT(stage_lists({}), IsEmpty());
}

TEST(stages, rename_and_compute) {
  const stage renamed{{integer(1, "a"), integer(2, "it\"s")}, {integer(1, "b"), integer(2, "it\"s")}, {}, {}};
  EXPECT_THAT(stage_lists({renamed}), ElementsAre("\"a\" AS \"b\", \"it\"\"s\""));
  const stage computed{
      {integer(1, "a"), integer(2, "b")}, {typed(1, "a", "text", text), integer(2, "b")}, {{"a", "a || b", false}}, {}};
  EXPECT_THAT(stage_lists({computed}), ElementsAre("(a || b) AS \"a\", \"b\""));
}

// a and b change places: each statement sees the names that the one before it left.
TEST(stages, follow_names_from_statement_to_statement) {
  const std::vector<column> first{integer(1, "a"), integer(2, "b")}, second{integer(1, "x"), integer(2, "b")},
      third{integer(1, "x"), integer(2, "a")}, last{integer(1, "b"), integer(2, "a")};
  const std::vector<stage> stages{{first, second, {}, {}}, {second, third, {}, {}}, {third, last, {}, {}}};
  EXPECT_THAT(stage_lists(stages),
              ElementsAre("\"a\" AS \"x\", \"b\"", "\"x\", \"b\" AS \"a\"", "\"x\" AS \"b\", \"a\""));
  EXPECT_THAT(expressions(parts_of(stages)), ElementsAre("b <- \"b\"", "a <- \"a\""));
}

TEST(stages, show_a_later_expression_what_an_earlier_statement_added) {
  auto with_default = integer(2, "n");
  with_default.missing_value = "5";
  auto plain = typed(3, "p", "text", text);
  auto volatile_default = integer(4, "r");
  volatile_default.default_expression = "f()";
  auto identity = integer(5, "i");
  identity.identity = 'd';
  const std::vector<column> before{integer(1, "a")},
      between{integer(1, "a"), with_default, plain, volatile_default, identity};
  const std::vector<stage> stages{{before, between, {}, {}}, {between, between, {{"a", "a + n", false}}, {}}};
  EXPECT_THAT(
      stage_lists(stages),
      ElementsAre("\"a\", '5'::integer AS \"n\", NULL::text AS \"p\", NULL::integer AS \"r\", NULL::integer AS \"i\"",
                  "(a + n) AS \"a\", \"n\", \"p\", \"r\", \"i\""));
}

// A later expression sees a value in the type that the column has by then; the last stage's value is assigned, as ALTER
// does.
TEST(stages, give_later_expressions_the_type_of_their_time) {
  const std::vector<column> first{integer(1, "a"), integer(2, "b"), integer(3, "c")};
  const std::vector<column> second{typed(1, "a", "text", text), typed(2, "b", "numeric(5,1)", 1700), integer(3, "c")};
  const std::vector<column> third{typed(1, "a", "text", text), second[1], typed(3, "c", "text", text)};
  EXPECT_THAT(
      stage_lists({{first, second, {{"b", "c / 3.0", false}}, {}}, {second, third, {{"c", "a || b", false}}, {}}}),
      ElementsAre("\"a\"::text AS \"a\", (c / 3.0)::numeric(5,1) AS \"b\", \"c\"", "\"a\", \"b\", (a || b) AS \"c\""));
}

// An explicit cast would cut off what ALTER COLUMN … TYPE rejects.
TEST(stages, do_not_cast_where_that_cuts_off) {
  const std::vector<column> first{integer(1, "a"), integer(2, "b")};
  for (const auto* type : {"character varying(3)", "character varying(3)[]", "app.code", "app.code[]"}) {
    auto limited = typed(1, "a", type, 1043);
    limited.cast_cuts = true;
    const std::vector<column> second{limited, integer(2, "b")}, third{limited, integer(2, "c")};
    EXPECT_THAT(stage_lists({{first, second, {}, {}}, {second, third, {}, {}}}),
                ElementsAre("\"a\", \"b\"", "\"a\", \"b\" AS \"c\""))
        << type;
  }
}

TEST(stages, end_with_the_last_that_renames_or_computes) {
  const std::vector<column> first{integer(1, "a")}, second{integer(1, "b")}, third{typed(1, "b", "bigint", int8)};
  EXPECT_THAT(stage_lists({{first, second, {}, {}}, {second, third, {}, {}}}), ElementsAre("\"a\" AS \"b\""));
}

// A generated column can be computed from one that the same statement adds.
TEST(stages, compute_added_generated_columns_last) {
  auto added = integer(2, "n"), generated = integer(3, "g");
  added.missing_value = "5";
  generated.generated = 's';
  generated.default_expression = "(a * n)";
  const std::vector<column> first{integer(1, "a")}, second{integer(1, "a"), generated, added},
      third{integer(1, "b"), generated, added};
  EXPECT_THAT(
      stage_lists({{first, second, {}, {}}, {second, third, {}, {}}}),
      ElementsAre("\"a\", '5'::integer AS \"n\"", "\"a\", ((a * n)) AS \"g\", \"n\"", "\"a\" AS \"b\", \"g\", \"n\""));
}

TEST(columns, are_taken_over_retyped_or_left_out) {
  auto generated = integer(3, "g");
  generated.generated = 's';
  const stage s{{integer(1, "a"), integer(2, "b"), generated, integer(4, "gone")},
                {integer(1, "a"), typed(2, "b", "bigint", int8), generated},
                {},
                {}};
  EXPECT_THAT(expressions(parts_of({s})), ElementsAre("a <- \"a\"", "b <- \"b\" (changed)"));
}

TEST(columns, that_are_new_get_the_one_value_of_their_default) {
  auto one_value = integer(2, "n");
  one_value.missing_value = "it's";
  one_value.default_expression = "now()";
  auto each_row = integer(3, "r");
  each_row.default_expression = "random()";
  auto domain = typed(4, "d", "app.rate", 99'999);
  domain.domain_default = "19";
  auto identity = integer(5, "i");
  identity.identity = 'a';
  const stage s{
      {integer(1, "a")}, {integer(1, "a"), one_value, each_row, domain, identity, typed(6, "e", "text", text)}, {}, {}};
  EXPECT_THAT(expressions(parts_of({s})),
              ElementsAre("a <- \"a\"", "n <- 'it''s'::integer (constant)", "r <- random() (constant)",
                          "d <- 19 (constant)", "e <- NULL::text (constant)"));
}

// Existing rows have the value that the column was added with, whatever became of its default since.
TEST(columns, keep_the_value_they_were_added_with) {
  auto added = integer(2, "n"), later = integer(2, "m");
  added.missing_value = "5";
  const std::vector<column> before{integer(1, "a")}, between{integer(1, "a"), added}, after{integer(1, "a"), later};
  EXPECT_THAT(expressions(parts_of({{before, between, {}, {}}, {between, after, {}, {}}})),
              ElementsAre("a <- \"a\"", "m <- '5'::integer (constant)"));
}

TEST(columns, that_became_identities_later_are_filled_by_postgres) {
  auto identity = integer(1, "a");
  identity.identity = 'd';
  const stage of_old{{integer(1, "a")}, {identity}, {}, {}};
  EXPECT_THAT(expressions(parts_of({of_old})), ElementsAre("a <- \"a\""));
}

TEST(columns, with_another_collation_have_changed) {
  auto c = typed(1, "a", "text", text), other = c;
  c.collation_oid = 100;
  other.collation_oid = 950;
  EXPECT_THAT(expressions(parts_of({{{c}, {other}, {}, {}}})), ElementsAre("a <- \"a\" (changed)"));
}

// ---- the key

index on(std::vector<std::string> columns) {
  index i;
  i.key_columns = std::move(columns);
  return i;
}

TEST(key, follows_renames_and_widening) {
  auto p = parts_of({{{integer(1, "a"), integer(2, "b")}, {typed(1, "z", "bigint", int8), integer(2, "b")}, {}, {}}});
  const auto key = map_key(p, on({"b", "a"}));
  ASSERT_TRUE(key);
  ASSERT_EQ(key->size(), 2u);
  EXPECT_EQ((*key)[0].source_name, "b");
  EXPECT_EQ((*key)[0].ghost_name, "b");
  EXPECT_EQ((*key)[1].source_name, "a");
  EXPECT_EQ((*key)[1].source_type, "integer");
  EXPECT_EQ((*key)[1].ghost_name, "z");
  EXPECT_EQ((*key)[1].ghost_type, "bigint");
}

TEST(key, does_not_survive_what_could_merge_rows) {
  const std::vector<column> before{integer(1, "a"), integer(2, "b")};
  EXPECT_FALSE(map_key(parts_of({{before, {integer(2, "b")}, {}, {}}}), on({"a"}))) << "dropped";
  EXPECT_FALSE(map_key(parts_of({{before, {typed(1, "a", "smallint", 21), before[1]}, {}, {}}}), on({"a"})))
      << "narrowed";
  EXPECT_FALSE(map_key(parts_of({{before, before, {{"a", "a % 10", false}}, {}}}), on({"a"}))) << "computed";
  EXPECT_TRUE(map_key(parts_of({{before, {typed(1, "a", "bigint", int8), before[1]}, {{"a", "a::bigint", true}}, {}}}),
                      on({"a"})))
      << "a plain cast";
  EXPECT_TRUE(map_key(parts_of({{before, before, {{"a", "a % 10", false}}, {}}}), on({"b"})))
      << "another column is computed";
}

// A column that was dropped and added again under its name is another one.
TEST(key, is_not_found_in_a_new_column_of_the_same_name) {
  EXPECT_FALSE(map_key(parts_of({{{integer(1, "a")}, {integer(2, "a")}, {}, {}}}), on({"a"})));
}

}  // namespace
}  // namespace eidolon::plan
