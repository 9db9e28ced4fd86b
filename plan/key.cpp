#include "plan/key.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace eidolon::plan {
namespace {

// OIDs of pg_catalog's types, fixed in pg_type.dat.
constexpr std::uint32_t int8 = 20, int2 = 21, int4 = 23, text = 25, bpchar = 1042, varchar = 1043, date = 1082,
                        time = 1083, timestamp = 1114, timestamptz = 1184, timetz = 1266, varbit = 1562, numeric = 1700;

int integer_width(std::uint32_t type) { return type == int2 ? 2 : type == int4 ? 4 : type == int8 ? 8 : 0; }

bool has_fractions(std::uint32_t type) {
  return type == time || type == timetz || type == timestamp || type == timestamptz;
}

// Digits of a second's fraction.
int digits(const column& c) { return c.type_modifier == -1 ? 6 : c.type_modifier; }

// A modifier of numeric is its precision above 16 bits with its scale, and 4 on top (PostgreSQL's make_numeric_typmod).
bool has_more_digits(const column& from, const column& to) {
  if (to.type_modifier == -1) return true;
  const int before = from.type_modifier - 4, after = to.type_modifier - 4;
  return from.type_modifier != -1 && (before & 0xffff) == (after & 0xffff) && after >= before;
}

bool is_longer(const column& from, const column& to) {
  return to.type_modifier == -1 || (from.type_modifier != -1 && to.type_modifier >= from.type_modifier);
}

bool usable(const index& i) {
  return i.valid && i.unique && !i.partial && !i.has_expressions && i.plain_columns && i.all_not_null &&
         i.method == "btree";
}

}  // namespace

std::vector<const index*> key_candidates(const shape& s) {
  std::vector<const index*> found;
  for (const auto& i : s.indexes)
    if (usable(i)) found.push_back(&i);
  const auto rank = [](const index* i) {
    return std::tuple{i->constraint_type != 'p', !i->immediate, i->key_columns.size(), i->name};
  };
  std::sort(found.begin(), found.end(), [&](auto* a, auto* b) { return rank(a) < rank(b); });
  return found;
}

bool injective(const column& from, const column& to) {
  if (from.type_oid == to.type_oid && from.type_modifier == to.type_modifier)
    return from.collation_oid == to.collation_oid;
  const int before = integer_width(from.type_oid), after = integer_width(to.type_oid);
  if (before > 0) return after >= before || (to.type_oid == numeric && to.type_modifier == -1);
  if (from.type_oid == date) return to.type_oid == timestamp;
  const bool same_type = from.type_oid == to.type_oid;
  if (from.type_oid == numeric) return same_type && has_more_digits(from, to);
  if (has_fractions(from.type_oid)) return same_type && digits(to) >= digits(from);
  if (from.type_oid == varbit) return same_type && is_longer(from, to);
  // Blanks at the end of char(n) count neither in comparisons nor in its text.
  if (from.type_oid != varchar && from.type_oid != text && from.type_oid != bpchar) return false;
  if (from.collation_oid != to.collation_oid) return false;
  const bool to_characters = to.type_oid == varchar || (to.type_oid == bpchar && same_type);
  return to.type_oid == text || (to_characters && is_longer(from, to));
}

}  // namespace eidolon::plan
