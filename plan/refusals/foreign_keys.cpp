// A foreign key whose other side is partitioned cannot be taken off and put back NOT VALID; one that was switched off
// would be enforced again.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list foreign_keys(const facts& f) {
  list found;
  for (const auto& k : f.neighbours.foreign_keys) {
    if (!k.enforced)
      found.push_back({"foreign_key",
                       fmt::format("The foreign key {} of {} is not enforced: its triggers were disabled.", k.name,
                                   k.on_table),
                       "ENABLE TRIGGER ALL on the table, or drop the foreign key."});
    if (!k.other_is_plain || k.inherited)
      found.push_back({"foreign_key",
                       fmt::format("The foreign key {} between {} and {} has a partitioned table at its other end.",
                                   k.name, display_name(f), k.other_name),
                       "That is not supported yet: drop the foreign key for the time of the job, and add it again."});
  }
  return found;
}

}  // namespace eidolon::plan::refusals
