// Quoting, parameters and the text format: exact texts, without a server.
#include "postgres/quoting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "postgres/result.hpp"
#include "postgres/statement.hpp"

namespace eidolon::postgres {
namespace {

using ::testing::ElementsAre;

TEST(quoting, identifier) {
  EXPECT_EQ(identifier("orders"), R"("orders")");
  EXPECT_EQ(identifier("Select"), R"("Select")");
  EXPECT_EQ(identifier(R"(a"b)"), R"("a""b")");
  EXPECT_EQ(identifier(R"(a\b)"), R"("a\b")");
  EXPECT_EQ(identifier("größe"), R"("größe")");
  EXPECT_THROW(identifier(""), std::invalid_argument);
  EXPECT_THROW(identifier(std::string_view{"a\0b", 3}), std::invalid_argument);
}

TEST(quoting, qualified) { EXPECT_EQ(qualified("app", R"(or"ders)"), R"("app"."or""ders")"); }

TEST(quoting, literal) {
  EXPECT_EQ(literal(""), "''");
  EXPECT_EQ(literal("it's"), "'it''s'");
  EXPECT_EQ(literal(R"(a\b)"), R"(E'a\\b')");
  EXPECT_EQ(literal(R"(\')"), R"(E'\\''')");
  EXPECT_THROW(literal(std::string_view{"a\0b", 3}), std::invalid_argument);
}

TEST(quoting, identifiers) {
  EXPECT_EQ(identifiers({}), "");
  EXPECT_EQ(identifiers({"a"}), R"("a")");
  EXPECT_EQ(identifiers({"a", "b\"c"}, "NEW."), R"(NEW."a", NEW."b""c")");
}

TEST(quoting, array_literal) {
  EXPECT_EQ(array_literal({}), "{}");
  EXPECT_EQ(array_literal({""}), R"({""})");
  EXPECT_EQ(array_literal({"a b", "NULL", "c,d", R"(q"\)"}), R"({"a b","NULL","c,d","q\"\\"})");
}

TEST(parameters, text_format) {
  EXPECT_EQ(to_parameter("x"), "x");
  EXPECT_EQ(to_parameter(std::string{"y"}), "y");
  EXPECT_EQ(to_parameter(true), "t");
  EXPECT_EQ(to_parameter(false), "f");
  EXPECT_EQ(to_parameter(42), "42");
  EXPECT_EQ(to_parameter(std::uint32_t{4'294'967'295}), "4294967295");
  EXPECT_EQ(to_parameter(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(to_parameter(0.1), "0.1");
  EXPECT_EQ(to_parameter(-std::numeric_limits<double>::infinity()), "-Infinity");
  EXPECT_EQ(to_parameter(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(to_parameter(std::nullopt), std::nullopt);
  EXPECT_EQ(to_parameter(std::optional<int>{}), std::nullopt);
  EXPECT_EQ(to_parameter(std::optional<int>{7}), "7");
  EXPECT_EQ(to_parameter(std::vector<std::int64_t>{1, -2}), "{1,-2}");
  EXPECT_EQ(to_parameter(std::vector<std::int64_t>{}), "{}");
  EXPECT_EQ(to_parameter(std::vector<std::string>{"a"}), R"({"a"})");
}

TEST(parameters, of_a_statement) {
  auto s = sql("SELECT $1, $2, $3", 1, "two", std::nullopt);
  EXPECT_EQ(s.text, "SELECT $1, $2, $3");
  EXPECT_THAT(s.parameters, ElementsAre(parameter{"1"}, parameter{"two"}, parameter{}));
  EXPECT_TRUE(sql("SELECT 1").parameters.empty());
  EXPECT_EQ(sql(raw(std::string{"SELECT 2"})).text, "SELECT 2");
}

using strings = std::vector<std::string>;

TEST(text_format, arrays) {
  EXPECT_EQ(from_text<strings>("{}"), strings{});
  EXPECT_EQ(from_text<strings>("{a}"), strings{"a"});
  EXPECT_EQ(from_text<strings>(R"({a,"b c","",NULLS})"), (strings{"a", "b c", "", "NULLS"}));
  EXPECT_EQ(from_text<strings>(R"({"q\"\\","{x}","NULL"})"), (strings{R"(q"\)", "{x}", "NULL"}));
  EXPECT_EQ(from_text<strings>("[0:1]={a,b}"), (strings{"a", "b"}));
}

TEST(text_format, arrays_that_a_vector_of_strings_cannot_hold) {
  for (const char* text :
       {"", "a", "{", "{a", "{a}}", "{a,}", "{,a}", "{NULL}", "{{a},{b}}", R"({"a)", R"({a\)", "[0:1"}) {
    EXPECT_THROW(from_text<strings>(text), std::runtime_error) << text;
  }
}

TEST(text_format, arrays_read_back) {
  const strings values{"", " ", "a,b", R"(\)", R"(")", "{}", "null", "NULL", "Ω", "line\nbreak"};
  EXPECT_EQ(from_text<strings>(array_literal(values)), values);
}

TEST(text_format, scalars) {
  EXPECT_EQ(from_text<int>("-7"), -7);
  EXPECT_EQ(from_text<std::uint32_t>("4294967295"), 4'294'967'295U);
  EXPECT_EQ(from_text<std::uint64_t>("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(from_text<double>("1e3"), 1000.0);
  EXPECT_EQ(from_text<double>("-Infinity"), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(from_text<bool>("t"));
  EXPECT_EQ(from_text<char>(""), '\0');
  EXPECT_EQ(from_text<char>("O"), 'O');
}

TEST(text_format, scalars_that_do_not_fit) {
  EXPECT_THROW(from_text<int>("2147483648"), std::runtime_error);
  EXPECT_THROW(from_text<int>(""), std::runtime_error);
  EXPECT_THROW(from_text<int>("1x"), std::runtime_error);
  EXPECT_THROW(from_text<std::uint32_t>("-1"), std::runtime_error);
  EXPECT_THROW(from_text<bool>("true"), std::runtime_error);
  EXPECT_THROW(from_text<char>("ab"), std::runtime_error);
}

}  // namespace
}  // namespace eidolon::postgres
