// By an index that was built by other rules, rows that are there may not be found: what looks them up by their key
// would take them for deleted, in the copy and in its verification alike.
#include <fmt/format.h>

#include "plan/key.hpp"
#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list outdated_collation(const facts& f) {
  const auto candidates = key_candidates(f.source);
  if (candidates.empty()) return {};
  for (const auto& column : candidates.front()->key_columns) {
    const auto found = f.outdated_collations.find(column);
    if (found == f.outdated_collations.end()) continue;
    return {{"outdated_collation",
             fmt::format("{} sorts otherwise than when it was recorded, by which the index of the key of {} was built: "
                         "rows that are there may not be found by it.",
                         found->second, display_name(f)),
             "REINDEX the indexes over text, then ALTER COLLATION … REFRESH VERSION, or ALTER DATABASE … REFRESH "
             "COLLATION VERSION."}};
  }
  return {};
}

}  // namespace eidolon::plan::refusals
