// Native ALTER TABLE asks for ownership, and so do the triggers, the copy and the swap.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list not_the_owner(const facts& f) {
  if (f.may_act_as_owner) return {};
  return {{"not_owner", fmt::format("The daemon's role may not act as {}, the owner of {}.", f.owner, display_name(f)),
           fmt::format("Grant it the role: GRANT {} TO the daemon's role.", f.owner)}};
}

}  // namespace eidolon::plan::refusals
