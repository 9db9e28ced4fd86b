// Row-level security is not carried over yet. Policies come with the dependents.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list row_security(const facts& f) {
  if (!f.row_security) return {};
  return {{"row_security", fmt::format("Row-level security is enabled on {}.", display_name(f)),
           "Row-level security is not supported yet; alter the table directly."}};
}

}  // namespace eidolon::plan::refusals
