// What a USING expression is, in a request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan/requests.hpp"

namespace eidolon::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<using_expression> usings(const std::string& alter) { return accepted({"t", alter}).statements[0].usings; }

struct expression {
  const char *clauses, *text;
};

TEST(using_expression, ends_where_its_command_ends) {
  const std::vector<expression> cases{
      {"ALTER a TYPE int USING b", " b"},
      {"ALTER a TYPE int USING (b + 1), ADD c int", " (b + 1)"},
      {"ALTER a TYPE int USING coalesce(b, c, 0), DROP d", " coalesce(b, c, 0)"},
      {"ALTER a TYPE int USING (ARRAY[1,2])[b], DROP d", " (ARRAY[1,2])[b]"},
      {"ALTER a TYPE text USING b || ',)', DROP d", " b || ',)'"},
      {"ALTER a TYPE text USING b || $q$,($q$, DROP d", " b || $q$,($q$"},
      {"ALTER a TYPE text USING b || \"using,\" , DROP d", " b || \"using,\" "},
      {"ALTER a TYPE text USING b /* , */, DROP d", " b /* , */"},
      {"ALTER a TYPE text COLLATE \"C\" USING b COLLATE \"C\"", " b COLLATE \"C\""},
      {"ALTER a TYPE numeric(10, 2) USING round(b, 2)", " round(b, 2)"},
      {"ALTER a TYPE text uSiNg CASE WHEN b IN (1, 2) THEN 'x' ELSE 'y' END",
       " CASE WHEN b IN (1, 2) THEN 'x' ELSE 'y' END"},
      {"ADD PRIMARY KEY (x, y), ALTER a TYPE int USING b", " b"},
      {"ALTER z TYPE int, ALTER a TYPE int USING b", " b"},
      {"ALTER a TYPE int USING b, ALTER z TYPE int", " b"},
  };
  for (const auto& c : cases) {
    const auto found = usings(c.clauses);
    ASSERT_EQ(found.size(), 1u) << c.clauses;
    EXPECT_EQ(found[0].column, "a") << c.clauses;
    EXPECT_EQ(found[0].text, c.text) << c.clauses;
    EXPECT_FALSE(found[0].plain_cast) << c.clauses;
  }
}

// USING also stands before indexes and access methods.
TEST(using_expression, is_not_taken_from_another_command) {
  for (const auto* before :
       {"ADD UNIQUE USING INDEX i", "ADD CONSTRAINT k PRIMARY KEY USING INDEX i", "REPLICA IDENTITY USING INDEX i",
        "ADD EXCLUDE USING gist (x WITH =, y WITH &&)", "ADD UNIQUE (x) USING INDEX TABLESPACE p"}) {
    const auto found = usings(std::string{before} + ", ALTER a TYPE int USING b * 2");
    ASSERT_EQ(found.size(), 1u) << before;
    EXPECT_EQ(found[0].text, " b * 2") << before;
  }
}

TEST(using_expression, belongs_to_its_column) {
  const auto found =
      usings("ALTER a TYPE int USING f(x, y), DROP z, ALTER \"B c\" TYPE text USING 'a,b', ALTER d TYPE int");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].column, "a");
  EXPECT_EQ(found[0].text, " f(x, y)");
  EXPECT_EQ(found[1].column, "B c");
  EXPECT_EQ(found[1].text, " 'a,b'");
}

TEST(using_expression, can_be_a_plain_cast) {
  for (const auto* plain :
       {"ALTER a TYPE int USING a", "ALTER a TYPE int USING a::int", "ALTER a TYPE int USING (a)::integer",
        "ALTER a TYPE int USING CAST(a AS int)", "ALTER a TYPE numeric(10,2) USING a::numeric(10,2)",
        "ALTER \"A b\" TYPE int USING \"A b\"::int", "ALTER a TYPE s.e[] USING a::s.e[]"}) {
    ASSERT_EQ(usings(plain).size(), 1u) << plain;
    EXPECT_TRUE(usings(plain)[0].plain_cast) << plain;
  }
  for (const auto* not_plain :
       {"ALTER a TYPE int USING b", "ALTER a TYPE int USING b::int", "ALTER a TYPE int USING a::text::int",
        "ALTER a TYPE int USING a::bigint", "ALTER a TYPE int USING t.a", "ALTER a TYPE int USING +a",
        "ALTER a TYPE numeric(10,2) USING a::numeric(10,1)", "ALTER a TYPE int USING \"A\"::int"}) {
    ASSERT_EQ(usings(not_plain).size(), 1u) << not_plain;
    EXPECT_FALSE(usings(not_plain)[0].plain_cast) << not_plain;
  }
}

TEST(using_expression, can_be_a_literal_that_takes_the_columns_type) {
  for (const auto* untyped : {"ALTER a TYPE int USING NULL", "ALTER a TYPE int USING '5'",
                              "ALTER a TYPE int USING ('5')", "ALTER a TYPE int USING $$5$$"})
    EXPECT_TRUE(usings(untyped).at(0).untyped) << untyped;
  for (const auto* typed : {"ALTER a TYPE int USING 5", "ALTER a TYPE int USING a", "ALTER a TYPE int USING '5'::int",
                            "ALTER a TYPE int USING true", "ALTER a TYPE int USING -1"})
    EXPECT_FALSE(usings(typed).at(0).untyped) << typed;
}

}  // namespace
}  // namespace eidolon::plan
