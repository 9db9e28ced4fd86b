// A foreign key of a table with several levels of partitions is not taken apart; one that was switched off
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
    if (k.incoming && k.other_is_partitioned && k.nested)
      found.push_back({"foreign_key",
                       fmt::format("The partitioned table {}, which has partitions of partitions, refers to {} by its foreign key {}.", k.other_name,
                                   display_name(f), k.name),
                       "That is not supported yet: drop the foreign key for the time of the job, and add it again."});
  }
  return found;
}

}  // namespace eidolon::plan::refusals
