// A table of an extension would stop being a member of it at the swap; what is marked as depending on an extension
// would lose the mark.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list extension_member(const facts& f) {
  list found;
  for (const auto& object : f.tied_to_extensions)
    found.push_back({"depends_on_extension", fmt::format("{} is marked DEPENDS ON EXTENSION.", object),
                     "Take the mark off (NO DEPENDS ON EXTENSION) for the time of the job."});
  if (!f.extension) return found;
  return {{"extension_member", fmt::format("{} belongs to the extension {}.", display_name(f), *f.extension),
           "Change it through the extension's own upgrade scripts."}};
}

}  // namespace eidolon::plan::refusals
