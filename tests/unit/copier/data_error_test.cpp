// Which errors lie in the data, and the key that the server names.
#include "copier/data_error.hpp"

#include <gtest/gtest.h>

namespace eidolon::copier {
namespace {

struct detail {
  const char *text, *key;
};

TEST(key_in_detail, is_what_the_server_names) {
  const std::vector<detail> cases{
      {"Key (u)=(5) already exists.", "(u)=(5)"},
      {"Key (a, b)=(1, two) already exists.", "(a, b)=(1, two)"},
      {"Key (u)=(5) is duplicated.", "(u)=(5)"},
      {"Key (lower(v))=(x) is duplicated.", "(lower(v))=(x)"},
      {"Key (r)=([1,3)) conflicts with existing key (r)=([2,4)).", "(r)=([1,3))"},
      {"Key (r)=([1,3)) conflicts with key (r)=([2,4)).", "(r)=([1,3))"},
      {"Key (v)=(a)b(c) already exists.", "(v)=(a)b(c)"},
      {"Key (v)=() already exists.", "(v)=()"},
      {"Failing row contains (1, null).", ""},
      {"Key (v) is not what it seems.", ""},
      {"Key (v)=(x) is gone.", ""},
      {"", ""},
  };
  for (const auto& c : cases) EXPECT_EQ(key_in_detail(c.text), c.key) << c.text;
}

postgres::statement_error failed(const std::string& state) {
  postgres::statement_error::fields f;
  f.sqlstate = state;
  f.message = "it failed";
  return postgres::statement_error{std::move(f)};
}

TEST(data_error, is_told_from_other_failures) {
  for (const auto* state : {"22P02", "22003", "23505", "23502", "23514", "23P01", "P0001"})
    EXPECT_TRUE(is_data_error(failed(state))) << state;
  for (const auto* state : {"42804", "40P01", "55P03", "57014", "53100", "EI001", "XX000"})
    EXPECT_FALSE(is_data_error(failed(state))) << state;
}

TEST(data_error, is_a_conflict_when_another_row_is_involved) {
  for (const auto* state : {"23505", "23P01"}) EXPECT_TRUE(is_conflict(failed(state))) << state;
  for (const auto* state : {"23502", "23514", "22003"}) EXPECT_FALSE(is_conflict(failed(state))) << state;
}

TEST(data_error, names_constraint_and_key) {
  postgres::statement_error::fields f;
  f.sqlstate = "23505";
  f.message = "duplicate key value violates unique constraint \"k\"";
  f.detail = "Key (u)=(5) already exists.";
  f.constraint = "k";
  const auto e = to_data_error(postgres::statement_error{f}, "");
  EXPECT_STREQ(e.what(), "duplicate key value violates unique constraint \"k\": Key (u)=(5) already exists.");
  EXPECT_EQ(e.constraint, "k");
  EXPECT_EQ(e.key, "(u)=(5)");
  EXPECT_EQ(to_data_error(postgres::statement_error{f}, "(id)=(1)").key, "(id)=(1)");
}

TEST(data_error, names_the_column_where_there_is_no_constraint) {
  postgres::statement_error::fields f;
  f.sqlstate = "23502";
  f.message = "null value";
  f.column = "c";
  const auto e = to_data_error(postgres::statement_error{f}, "(id)=(1)");
  EXPECT_STREQ(e.what(), "null value");
  EXPECT_EQ(e.constraint, "c");
  EXPECT_EQ(e.key, "(id)=(1)");
}

}  // namespace
}  // namespace eidolon::copier
