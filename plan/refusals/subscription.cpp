// After the swap an apply worker would skip the table's changes silently.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list subscription(const facts& f) {
  if (!f.subscribed) return {};
  return {{"subscription", fmt::format("{} is the target of a subscription.", display_name(f)),
           "Take it out of the subscription first, or alter it directly."}};
}

}  // namespace eidolon::plan::refusals
