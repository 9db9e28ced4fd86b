// A FOR ALL TABLES publication would publish the ghost too. Others come with the dependents.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

refusal publishes_all_tables(const std::string& name) {
  return {"publication",
          fmt::format("The publication {} is FOR ALL TABLES: it would publish the ghost, and the daemon's own tables.",
                      name),
          "Publish the tables by name instead; or, where the subscribers pass over tables that they do not know, set "
          "all_tables_publications=allow."};
}

list publications(const facts& f) {
  list found;
  for (const auto& name : f.all_tables_publications) found.push_back(publishes_all_tables(name));
  return found;
}

}  // namespace eidolon::plan::refusals
