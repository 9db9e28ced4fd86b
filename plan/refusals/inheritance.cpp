// Partitions and inheritance: a parent's rows are seen through its children, and a swap would break the tree.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list inheritance(const facts& f) {
  if (f.is_partition)
    return {
        {"partition", fmt::format("{} is a partition.", display_name(f)), "Alter the partitioned table as a whole."}};
  if (f.kind == 'p') return {};
  if (f.has_parent || f.has_children)
    return {{"inheritance",
             fmt::format("{} {} in table inheritance.", display_name(f), f.has_parent ? "is a child" : "has children"),
             "Take it out of the inheritance tree first (NO INHERIT), or alter it directly."}};
  return {};
}

}  // namespace eidolon::plan::refusals
