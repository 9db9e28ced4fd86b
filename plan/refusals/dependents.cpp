// What hangs on the table and cannot be carried over; what is not known is not guessed at.
#include <fmt/format.h>

#include <algorithm>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list dependents(const facts& f) {
  list found;
  for (const auto& d : f.dependents) {
    if (d.carried) continue;
    const auto reason =
        d.kind == "unknown_dependent"
            ? fmt::format("{} depends on {}, and it is not known what would become of it.", d.object, display_name(f))
            : fmt::format("{} depends on {}.", d.object, display_name(f));
    found.push_back(
        {d.kind, reason, "It is not carried over yet: drop it for the time of the job, or alter the table directly."});
  }
  for (const auto& object : f.neighbours.evaluated)
    found.push_back({"checked_literal",
                     fmt::format("The definition of {} holds a constant of a type with a checked domain inside. PostgreSQL "
                                 "would run the check as the daemon's role when the definition is read again.",
                                 object),
                     "Drop it for the time of the job, or alter the table directly."});
  return found;
}

}  // namespace eidolon::plan::refusals
