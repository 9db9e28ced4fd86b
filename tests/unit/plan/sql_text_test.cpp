// Reading SQL text: tokens, trees, and moving a statement to another table without touching anything else.
#include "plan/sql_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eidolon::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> out;
  for (const auto& t : scan(text)) out.push_back(text.substr(t.start, t.end - t.start));
  return out;
}

TEST(scan, finds_tokens_by_byte_and_leaves_comments_out) {
  EXPECT_THAT(words("ALTER /* a, b */ TABLE \"a b\".t -- ; x\n ADD c"),
              ElementsAre("ALTER", "TABLE", "\"a b\"", ".", "t", "ADD", "c"));
  EXPECT_THAT(words("'ä,' || \"ö(\" || $$ü)$$"), ElementsAre("'ä,'", "||", "\"ö(\"", "||", "$$ü)$$"));
  EXPECT_THAT(words("E'it\\'s' , 1.5e3 ::int4"), ElementsAre("E'it\\'s'", ",", "1.5e3", "::", "int4"));
  EXPECT_THAT(words(""), IsEmpty());
  EXPECT_THAT(words("-- nothing"), IsEmpty());
}

TEST(scan, gives_nothing_for_a_text_that_does_not_end) {
  EXPECT_THAT(words("SELECT 'open"), IsEmpty());
  EXPECT_THAT(words("SELECT /* open"), IsEmpty());
}

TEST(parse, gives_a_tree_or_says_what_is_wrong_and_where) {
  const auto good = parse("ALTER TABLE t ADD c int");
  ASSERT_TRUE(std::holds_alternative<boost::json::value>(good));
  EXPECT_EQ(std::get<boost::json::value>(good).at("stmts").as_array().size(), 1u);
  const auto bad = parse("ALTER TABLE t FROB c");
  ASSERT_TRUE(std::holds_alternative<syntax_error>(bad));
  EXPECT_THAT(std::get<syntax_error>(bad).message, HasSubstr("FROB"));
  EXPECT_EQ(std::get<syntax_error>(bad).position, 15);
}

struct moved {
  const char *from, *to;
};

TEST(retarget, replaces_the_tables_name_and_nothing_else) {
  const std::vector<moved> cases{
      {"ALTER TABLE t ADD t int", "ALTER TABLE \"g\".\"t\" ADD t int"},
      {"ALTER TABLE public.t ADD c int", "ALTER TABLE \"g\".\"t\" ADD c int"},
      {"ALTER TABLE db . public . t ADD c int", "ALTER TABLE \"g\".\"t\" ADD c int"},
      {"ALTER TABLE ONLY t ADD c int", "ALTER TABLE ONLY \"g\".\"t\" ADD c int"},
      {"ALTER TABLE IF EXISTS t * ADD c int", "ALTER TABLE IF EXISTS \"g\".\"t\" * ADD c int"},
      {"ALTER TABLE \"a.b\".\"t \"\"x\"\"\" ADD c int", "ALTER TABLE \"g\".\"t\" ADD c int"},
      {"ALTER TABLE /* t */ \"t\" /* t */ ADD CHECK (t.a > 1)",
       "ALTER TABLE /* t */ \"g\".\"t\" /* t */ ADD CHECK (t.a > 1)"},
      {"ALTER TABLE s./* in */t RENAME t TO s", "ALTER TABLE \"g\".\"t\" RENAME t TO s"},
      {"/* ääö */ ALTER TABLE täble RENAME CONSTRAINT t TO u",
       "/* ääö */ ALTER TABLE \"g\".\"t\" RENAME CONSTRAINT t TO u"},
      {"CREATE UNIQUE INDEX t ON public.t USING btree (t)", "CREATE UNIQUE INDEX t ON \"g\".\"t\" USING btree (t)"},
      {"CREATE INDEX \"ON\" ON ONLY \"ON\".\"ON\" USING gin (\"ON\") WHERE (\"ON\" IS NOT NULL)",
       "CREATE INDEX \"ON\" ON ONLY \"g\".\"t\" USING gin (\"ON\") WHERE (\"ON\" IS NOT NULL)"},
      {"CREATE UNIQUE INDEX i ON t USING btree (a) NULLS NOT DISTINCT",
       "CREATE UNIQUE INDEX i ON \"g\".\"t\" USING btree (a) NULLS NOT DISTINCT"},
  };
  for (const auto& c : cases) EXPECT_EQ(retarget(c.from, "\"g\".\"t\""), c.to);
}

TEST(retarget, takes_only_one_statement_on_a_table) {
  EXPECT_THROW(retarget("ALTER TABLE t ADD a int; ALTER TABLE t ADD b int", "x"), std::runtime_error);
  EXPECT_THROW(retarget("DROP TABLE t", "x"), std::runtime_error);
  EXPECT_THROW(retarget("ALTER TABLE", "x"), std::runtime_error);
  EXPECT_THROW(retarget("", "x"), std::runtime_error);
}

TEST(name_at, spans_a_qualified_name) {
  const std::string text = "ALTER TABLE a . b ADD c int";
  const auto span = name_at(text, 12);
  EXPECT_EQ(text.substr(span.start, span.end - span.start), "a . b");
  EXPECT_THROW(name_at(text, 13), std::runtime_error);
}

TEST(members, are_empty_when_absent_or_of_another_type) {
  const auto v = boost::json::parse(R"({"A": {"s": "x", "n": 5}, "B": 1})");
  const auto* a = node(v, "A");
  ASSERT_NE(a, nullptr);
  EXPECT_EQ(node(v, "B"), nullptr);
  EXPECT_EQ(node(v, "C"), nullptr);
  EXPECT_EQ(text_member(*a, "s"), "x");
  EXPECT_EQ(text_member(*a, "n"), "");
  EXPECT_EQ(int_member(*a, "n"), 5);
  EXPECT_EQ(int_member(*a, "s"), 0);
  EXPECT_EQ(member(*a, "missing"), nullptr);
}

}  // namespace
}  // namespace eidolon::plan
