#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

// Materialized views that are made anew stand in the ghost's schema under their own names.
list names(const facts& f) {
  list no;
  std::set<std::string> taken{f.name};
  std::vector<std::string> moving{f.name};
  for (const auto& i : f.source.indexes) {
    taken.insert(i.name);
    moving.push_back(i.name);
  }
  for (const auto& m : f.partitions) {
    taken.insert(m.name);
    moving.push_back(m.name);
    for (const auto& i : m.table.indexes) moving.push_back(i.name);
  }
  for (const auto& m : f.neighbours.materialized_views) moving.push_back(m.self.bare_name);
  for (const auto& name : moving)
    if (name.starts_with("eidolon "))
      no.push_back({"reserved_name",
                    fmt::format("Names that begin with \"eidolon \", as {} does, are for the job's own tables.", name),
                    "Rename it."});
  for (const auto& m : f.neighbours.materialized_views)
    if (!taken.insert(m.self.bare_name).second)
      no.push_back({"materialized_view",
                    fmt::format("Two of {}, its indexes and its materialized views have the same name, {}.",
                                display_name(f), m.self.bare_name),
                    "Rename the materialized view."});
  const auto refuse_array_type = [&no](const std::string& type, const std::string& of) {
    no.push_back(
        {"array_type",
         fmt::format("The type {} has the name that the array type of the new {} would bring along.", type, of),
         "Rename it, or the table whose type it is, for the time of the job."});
  };
  if (f.taken_array_type) refuse_array_type(*f.taken_array_type, display_name(f));
  const auto& made_anew = f.neighbours.materialized_views;
  const auto goes_too = [&](std::uint32_t relation) {
    return is_of_tree(f, relation) ||
           std::any_of(made_anew.begin(), made_anew.end(), [&](const auto& m) { return m.oid == relation; });
  };
  for (const auto& m : made_anew)
    if (m.array_type_of && !goes_too(*m.array_type_of)) refuse_array_type("_" + m.self.bare_name, m.self.name);
  return no;
}

}  // namespace eidolon::plan::refusals
