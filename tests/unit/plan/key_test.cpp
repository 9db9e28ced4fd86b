// Which unique indexes can serve as a key, and which changes of type keep different keys different.
#include "plan/key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eidolon::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

index usable(std::uint32_t oid, std::vector<std::string> columns, char constraint = '\0') {
  index i;
  i.oid = oid;
  i.name = std::to_string(oid);
  i.key_columns = std::move(columns);
  i.constraint_type = constraint;
  i.method = "btree";
  i.unique = i.valid = i.immediate = i.plain_columns = i.all_not_null = true;
  return i;
}

std::vector<std::uint32_t> candidates(std::vector<index> indexes) {
  shape s;
  s.indexes = std::move(indexes);
  std::vector<std::uint32_t> oids;
  for (const auto* i : key_candidates(s)) oids.push_back(i->oid);
  return oids;
}

TEST(key_candidates, come_in_order_of_preference) {
  auto deferrable_primary = usable(9, {"a", "b"}, 'p');
  deferrable_primary.immediate = false;
  auto deferrable = usable(1, {"a"}, 'u');
  deferrable.immediate = false;
  EXPECT_THAT(
      candidates({deferrable, usable(2, {"a", "b"}), usable(4, {"b"}, 'u'), usable(3, {"a"}), deferrable_primary}),
      ElementsAre(9, 3, 4, 2, 1));
}

TEST(key_candidates, leave_out_what_cannot_match_every_row) {
  std::vector<index> indexes(8, usable(1, {"a"}));
  indexes[0].unique = false;
  indexes[1].valid = false;
  indexes[2].partial = true;
  indexes[3].has_expressions = true;
  indexes[4].plain_columns = false;
  indexes[5].all_not_null = false;
  indexes[6].method = "hash";
  indexes[7].oid = 5;
  EXPECT_THAT(candidates(indexes), ElementsAre(5));
  EXPECT_THAT(candidates({}), IsEmpty());
}

constexpr std::uint32_t int8 = 20, int2 = 21, int4 = 23, text = 25, float8 = 701, bpchar = 1042, varchar = 1043,
                        time = 1083, timestamp = 1114, timestamptz = 1184, timetz = 1266, varbit = 1562, numeric = 1700,
                        uuid = 2950;
constexpr std::uint32_t default_collation = 100, other_collation = 950;

column of(std::uint32_t type, int modifier = -1, std::uint32_t collation = 0) {
  column c;
  c.type_oid = type;
  c.type_modifier = modifier;
  c.collation_oid = collation;
  return c;
}

// The modifier of numeric.
int digits(int precision, int scale) { return (precision << 16 | scale) + 4; }

struct change {
  column from, to;
  bool injective;
};

TEST(injective, is_what_keeps_different_values_different) {
  const auto c = default_collation, o = other_collation;
  std::vector<change> cases{
      {of(uuid), of(uuid), true},
      {of(uuid), of(text, -1, c), false},
      {of(int2), of(int4), true},
      {of(int2), of(int8), true},
      {of(int4), of(int8), true},
      {of(int8), of(int4), false},
      {of(int4), of(int2), false},
      {of(int4), of(numeric), true},
      {of(int8), of(numeric), true},
      {of(int4), of(numeric, (10 << 16 | 2) + 4), false},
      {of(int4), of(float8), false},
      {of(int4), of(text, -1, c), false},
      {of(numeric, (10 << 16 | 2) + 4), of(numeric), true},
      {of(numeric), of(numeric, (10 << 16 | 2) + 4), false},
      {of(numeric, (10 << 16 | 2) + 4), of(numeric, (10 << 16 | 1) + 4), false},
      {of(numeric), of(int8), false},
      {of(varchar, 14, c), of(varchar, 24, c), true},
      {of(varchar, 24, c), of(varchar, 14, c), false},
      {of(varchar, 14, c), of(varchar, -1, c), true},
      {of(varchar, -1, c), of(varchar, 14, c), false},
      {of(varchar, 14, c), of(text, -1, c), true},
      {of(text, -1, c), of(varchar, -1, c), true},
      {of(text, -1, c), of(varchar, 14, c), false},
      {of(text, -1, c), of(text, -1, o), false},
      {of(varchar, 14, c), of(text, -1, o), false},
      {of(text, -1, c), of(text, -1, c), true},
      {of(bpchar, 14, c), of(text, -1, c), true},
      {of(bpchar, 14, c), of(varchar, 10, c), false},
      {of(text, -1, c), of(bpchar, 14, c), false},
      {of(varchar, 14, c), of(bpchar, 24, c), false},
      {of(bpchar, 14, c), of(bpchar, 24, c), true},
      {of(bpchar, 14, c), of(bpchar, -1, c), true},
      {of(bpchar, 24, c), of(bpchar, 14, c), false},
      {of(bpchar, -1, c), of(bpchar, 14, c), false},
      {of(bpchar, 14, c), of(bpchar, 24, o), false},
      {of(numeric, digits(10, 2)), of(numeric, digits(12, 2)), true},
      {of(numeric, digits(10, 2)), of(numeric, digits(9, 2)), false},
      {of(numeric, digits(10, 2)), of(numeric, digits(12, 1)), false},
      {of(numeric, digits(10, 2)), of(numeric, digits(12, 3)), false},
      {of(numeric, digits(10, -2 & 0x7ff)), of(numeric, digits(12, -2 & 0x7ff)), true},
      {of(varbit, 8), of(varbit, 9), true},
      {of(varbit, 8), of(varbit), true},
      {of(varbit, 8), of(varbit, 7), false},
      {of(varbit), of(varbit, 8), false},
      {of(varbit, 8), of(text, -1, c), false},
      {of(timestamp, 3), of(timestamptz, 3), false},
      {of(time, 3), of(timetz, 6), false},
  };
  for (const auto type : {time, timestamp, timestamptz, timetz})
    for (const auto& x : {change{of(type, 3), of(type, 4), true}, change{of(type, 0), of(type), true},
                          change{of(type), of(type, 6), true}, change{of(type, 3), of(type, 2), false},
                          change{of(type), of(type, 5), false}})
      cases.push_back(x);
  for (const auto& x : cases) {
    EXPECT_EQ(injective(x.from, x.to), x.injective) << x.from.type_oid << "(" << x.from.type_modifier << ") to "
                                                    << x.to.type_oid << "(" << x.to.type_modifier << ")";
  }
}

}  // namespace
}  // namespace eidolon::plan
