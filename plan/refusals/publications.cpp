// A FOR ALL TABLES publication would publish the ghost too. Others come with the dependents.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list publications(const facts& f) {
  list found;
  for (const auto& name : f.all_tables_publications)
    found.push_back({"publication",
                     fmt::format("The publication {} is FOR ALL TABLES: it would publish the ghost.", name),
                     "Publish the tables by name instead; or, where the subscribers pass over tables that they do not know, set "
                     "all_tables_publications=allow."});
  return found;
}

}  // namespace eidolon::plan::refusals
