// Foreign keys between a table and its own partitions, or from one of these to another, or of foreign tables that are
// partitions, are not taken apart; one that was switched off would be enforced again. That of a partitioned table is
// missing for a moment after the swap, while those of its partitions stand in for it.
#include <fmt/format.h>

#include <algorithm>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {
namespace {

// Each partition's key has a row, and two triggers, for each partition that it refers to: 0.15 ms, under the cutover's
// locks.
constexpr std::size_t most_pairs = 2000;

std::size_t pairs(const foreign_key& k) { return k.parts.size() * static_cast<std::size_t>(k.referenced_partitions); }

void check_stand_in(list& found, const facts& f, const foreign_key& k) {
  if (!is_of_partitioned_table(f, k)) return;
  if (k.may_move_rows)
    found.push_back(
        {"foreign_key",
         fmt::format("ON UPDATE or ON DELETE, the foreign key {} of {} changes a column that its partitions are "
                     "divided by; without the table's own key, right after the swap, a row could not move.",
                     k.name, k.on_table),
         "Drop the foreign key for the time of the job, and add it again."});
  if (k.deferred_by_other_names)
    found.push_back(
        {"foreign_key",
         fmt::format(
             "The foreign key {} of {} is DEFERRABLE, and that of a partition has another name, or is in another "
             "schema: SET CONSTRAINTS would not find it right after the swap.",
             k.name, k.on_table),
         "Rename that of the partition, or drop the foreign key for the time of the job, and add it again."});
}

}  // namespace

bool is_of_partitioned_table(const facts& f, const foreign_key& k) {
  if (!k.outgoing) return k.other_is_partitioned;
  if (k.on.empty()) return !f.partition_key.empty();
  return std::any_of(f.partitions.begin(), f.partitions.end(),
                     [&](const auto& m) { return m.name == k.on && !m.partition_key.empty(); });
}

list foreign_keys(const facts& f) {
  list found;
  for (const auto& k : f.neighbours.foreign_keys) {
    check_stand_in(found, f, k);
    if (!k.enforced)
      found.push_back(
          {"foreign_key",
           fmt::format("The foreign key {} of {} is not enforced: its triggers were disabled.", k.name, k.on_table),
           "ENABLE TRIGGER ALL on the table, or drop the foreign key."});
    if (k.incoming && std::any_of(k.parts.begin(), k.parts.end(), [](const auto& part) { return part.kind == 'f'; }))
      found.push_back(
          {"foreign_key",
           fmt::format("The partitioned table {}, which has foreign tables as partitions, refers to {} by its "
                       "foreign key {}.",
                       k.other_name, k.on.empty() ? display_name(f) : k.on, k.name),
           "That is not supported: drop the foreign key for the time of the job, and add it again."});
    if (pairs(k) > most_pairs)
      found.push_back(
          {"foreign_key",
           fmt::format("The foreign key {} ties {} partitions to {} others, which would have to be done anew in the "
                       "swap.",
                       k.name, k.parts.size(), k.referenced_partitions),
           "Drop the foreign key for the time of the job, and add it again."});
    // It is met at both of its ends.
    if (k.outgoing && !k.incoming && is_of_tree(f, k.other))
      found.push_back(
          {"foreign_key",
           fmt::format("The foreign key {} of {} ties partitions of {} to one another, or the table to one of them.",
                       k.name, k.on_table, display_name(f)),
           "That is not supported: drop the foreign key for the time of the job, and add it again."});
  }
  return found;
}

}  // namespace eidolon::plan::refusals
