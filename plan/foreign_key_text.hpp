// What is done about foreign keys beside adding them, as statements. Pure.
#pragma once
#include <string>

#include "plan/neighbourhood.hpp"
#include "plan/plan.hpp"

namespace eidolon::plan {

// The key of a row of `table` that has no partner, by the rules of MATCH SIMPLE and FULL: the first of them, so that it
// is the same one each time.
foreign_key_check violation_of(const foreign_key& k, const std::string& table, const std::string& referenced);

// Gives the triggers that a foreign key has on the other table, once it is added (by that name, on_table qualified and
// quoted), the names of those before. Cascades of several keys happen in the order of these names, and a row that one
// of them refuses to lose may be gone by another one. Whoever may not alter the other table leaves them as they are.
std::string in_former_order(const foreign_key& before, const std::string& on_table, const std::string& name);

}  // namespace eidolon::plan
