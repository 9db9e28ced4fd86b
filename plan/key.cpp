#include "plan/key.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace eidolon::plan {
namespace {

// OIDs of pg_catalog's types, fixed in pg_type.dat.
constexpr std::uint32_t int8 = 20, int2 = 21, int4 = 23, text = 25, bpchar = 1042, varchar = 1043, date = 1082,
                        timestamp = 1114, numeric = 1700;

int integer_width(std::uint32_t type) { return type == int2 ? 2 : type == int4 ? 4 : type == int8 ? 8 : 0; }

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
    return std::tuple{i->constraint_type != 'p', !i->immediate, i->key_columns.size(), i->oid};
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
  if (from.type_oid == numeric && to.type_oid == numeric) return to.type_modifier == -1;
  // Blanks at the end of char(n) count neither in comparisons nor in its text.
  if (from.type_oid != varchar && from.type_oid != text && from.type_oid != bpchar) return false;
  if (from.collation_oid != to.collation_oid) return false;
  const bool longer = to.type_modifier == -1 || (from.type_modifier != -1 && to.type_modifier >= from.type_modifier);
  return to.type_oid == text || (to.type_oid == varchar && longer);
}

}  // namespace eidolon::plan
