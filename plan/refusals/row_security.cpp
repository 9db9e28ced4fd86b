// Under FORCE ROW LEVEL SECURITY the policies hide rows from the owner too, as whom the copy runs. A daemon that sees
// every row shows them to it.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list row_security(const facts& f) {
  list found;
  for (const auto& m : f.neighbours.materialized_views)
    if (m.bound_by_policies)
      found.push_back(
          {"row_security",
           fmt::format("Policies of {} decide what the owner of the materialized view {} may see, and its ghost "
                       "has none.",
                       display_name(f), m.self.name),
           "Drop the materialized view for the time of the job."});
  for (const auto& k : f.neighbours.foreign_keys)
    if (k.hidden_from_owner && k.validated)
      found.push_back(
          {"row_security",
           fmt::format("The foreign key {} of {} is validated again after the swap, by {}, from whom FORCE ROW "
                       "LEVEL SECURITY may hide rows of the table that it refers to.",
                       k.name, k.on_table, k.on_owner),
           fmt::format("ALTER ROLE {} BYPASSRLS, or ALTER TABLE … NO FORCE ROW LEVEL SECURITY of that table, for "
                       "the time of the job.",
                       k.on_owner)});
  if (!f.hidden_from_owner || f.may_see_all) return found;
  found.push_back(
      {"row_security",
       fmt::format("{} has FORCE ROW LEVEL SECURITY, so its owner {} may not see every row, and the copy runs as the "
                   "owner.",
                   display_name(f), f.owner),
       fmt::format("ALTER ROLE … BYPASSRLS for the daemon's role or for {}, or ALTER TABLE {} NO FORCE ROW LEVEL "
                   "SECURITY for the time of the job.",
                   f.owner, display_name(f))});
  return found;
}

}  // namespace eidolon::plan::refusals
