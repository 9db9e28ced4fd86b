// Foreign keys between a table and its own partitions, or of foreign tables that are partitions, are not taken apart; one
// that was switched off would be enforced again.
#include <fmt/format.h>

#include <algorithm>

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
    if (k.incoming && std::any_of(k.parts.begin(), k.parts.end(), [](const auto& part) { return part.kind == 'f'; }))
      found.push_back({"foreign_key",
                       fmt::format("The partitioned table {}, which has foreign tables as partitions, refers to {} by its "
                                   "foreign key {}.",
                                   k.other_name, display_name(f), k.name),
                       "That is not supported: drop the foreign key for the time of the job, and add it again."});
    if (std::any_of(f.partitions.begin(), f.partitions.end(), [&](const auto& m) { return m.oid == k.other; }))
      found.push_back({"foreign_key",
                       fmt::format("The foreign key {} ties {} to one of its own partitions.", k.name, display_name(f)),
                       "That is not supported: drop the foreign key for the time of the job, and add it again."});
  }
  return found;
}

}  // namespace eidolon::plan::refusals
