// A plan in words.
#include "plan/summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan/sample_plan.hpp"

namespace eidolon::plan {
namespace {

using ::testing::ElementsAre;

column named(int number, const std::string& name, const std::string& type) {
  column c;
  c.number = number;
  c.name = name;
  c.type = type;
  return c;
}

index called(const std::string& name) {
  index i;
  i.name = name;
  return i;
}

TEST(summary, says_when_the_shape_stays) {
  composition parts;
  parts.before.columns = parts.after.columns = {named(1, "id", "integer")};
  EXPECT_THAT(summarize(plain_plan(), parts),
              ElementsAre("the table keeps its shape and is rewritten", "rows are matched by id"));
}

TEST(summary, has_a_line_for_each_change) {
  composition parts;
  auto limited = named(4, "d", "text"), optional = named(5, "e", "text");
  limited.not_null = true;
  limited.default_expression = "1";
  parts.before.columns = {named(1, "a", "integer"), named(2, "b", "text"), named(3, "c", "text"), limited, optional};
  auto required = named(6, "f {}", "text"), free = named(4, "d", "text"), bound = named(5, "e", "text");
  required.not_null = bound.not_null = true;
  bound.default_expression = "'{}'::text";
  parts.after.columns = {named(1, "a", "bigint"), named(2, "x", "text"), free, bound, required, named(7, "g", "date")};
  parts.before.indexes = {called("same"), called("old")};
  parts.after.indexes = {called("same"), called("new")};
  parts.before.checks = {{"k", "", true, std::nullopt, false}};
  parts.after.checks = {{"l", "", true, std::nullopt, false}};
  auto p = plain_plan();
  p.sequences = {{"t", "\"s\".\"q\"", "id", "bigint"}, {"t", "\"s\".\"r\"", "v", ""}};
  p.forward.key = sample_plan().forward.key;
  EXPECT_THAT(
      summarize(p, parts),
      ElementsAre("column a: integer becomes bigint", "column b is renamed to x", "column c is dropped",
                  "column d may be NULL", "column d: default is dropped", "column e becomes NOT NULL",
                  "column e: default '{}'::text", "column f {} text is added, NOT NULL", "column g date is added",
                  "index old goes", "index new comes", "check constraint k goes", "check constraint l comes",
                  "sequence \"s\".\"q\" becomes bigint", "rows are matched by id, co$de"));
}

}  // namespace
}  // namespace eidolon::plan
