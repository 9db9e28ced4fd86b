// A table of an extension would stop being a member of it at the swap.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list extension_member(const facts& f) {
  if (!f.extension) return {};
  return {{"extension_member", fmt::format("{} belongs to the extension {}.", display_name(f), *f.extension),
           "Change it through the extension's own upgrade scripts."}};
}

}  // namespace eidolon::plan::refusals
