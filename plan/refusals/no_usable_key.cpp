// Without a key, rows of source and ghost cannot be matched.
#include <fmt/format.h>

#include <algorithm>

#include "plan/key.hpp"
#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list no_usable_key(const facts& f) {
  if ((f.kind != 'r' && f.kind != 'p') || !key_candidates(f.source).empty()) return {};
  return {{"no_usable_key",
           fmt::format("{} has neither a primary key nor a unique index over NOT NULL columns.", display_name(f)),
           "Add a primary key, or a unique index (CREATE UNIQUE INDEX CONCURRENTLY) whose columns are all NOT NULL."}};
}

}  // namespace eidolon::plan::refusals
