// Security labels are not carried over yet.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list security_labels(const facts& f) {
  if (!f.security_label) return {};
  return {{"security_label", fmt::format("{} has security labels.", display_name(f)),
           "Security labels are not supported yet; alter the table directly."}};
}

}  // namespace eidolon::plan::refusals
