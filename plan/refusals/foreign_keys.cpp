// Foreign keys of the table itself are not carried over yet. Those of other tables come with the dependents.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list foreign_keys(const facts& f) {
  list found;
  for (const auto& name : f.foreign_keys)
    found.push_back({"foreign_key", fmt::format("{} has the foreign key {}.", display_name(f), name),
                     "Tables with foreign keys are not supported yet; drop it for the time of the job, and add it "
                     "again NOT VALID."});
  return found;
}

}  // namespace eidolon::plan::refusals
