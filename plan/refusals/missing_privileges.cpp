// Privileges beside ownership that preparing and swapping need; better missed now than at the cutover.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list missing_privileges(const facts& f) {
  list found;
  if (!f.may_create_schema)
    found.push_back({"missing_privilege", "The daemon's role may not create schemas in this database.",
                     "GRANT CREATE ON DATABASE to the daemon's role."});
  if (!f.may_create_in_schema)
    found.push_back({"missing_privilege",
                     fmt::format("The daemon's role may not create tables in the schema {}.", f.schema),
                     fmt::format("GRANT USAGE, CREATE ON SCHEMA {} to the daemon's role.", f.schema)});
  if (!f.owner_may_use_schema)
    found.push_back({"missing_privilege",
                     fmt::format("{}, the owner of {}, may not use the schema {}; the copy runs as the owner.", f.owner,
                                 display_name(f), f.schema),
                     fmt::format("GRANT USAGE ON SCHEMA {} TO {}.", f.schema, f.owner)});
  for (const auto& role : f.foreign_grantors)
    found.push_back(
        {"missing_privilege",
         fmt::format("{} granted privileges on {}, and the daemon's role may not act as {} to grant them again.", role,
                     display_name(f), role),
         fmt::format("GRANT {} TO the daemon's role, or revoke what it granted.", role)});
  return found;
}

}  // namespace eidolon::plan::refusals
