// What hangs on the table and cannot be carried over; what is not known is not guessed at.
#include <fmt/format.h>

#include <algorithm>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list evaluated(const neighbourhood& n) {
  list found;
  for (const auto& object : n.evaluated)
    found.push_back(
        {"checked_literal",
         fmt::format("The definition of {} holds a constant of a type with a domain inside. PostgreSQL "
                     "would run its check, or one that its owner gives it meanwhile, as the daemon's role when the "
                     "definition is read again.",
                     object),
         "Drop it for the time of the job, or alter the table directly."});
  return found;
}

list dependents(const facts& f) {
  list found;
  for (const auto& d : f.dependents) {
    if (d.carried) continue;
    // inheritance() says what to do about that, which is not to drop a table with its rows.
    if (d.kind == "inheritance" && f.has_children && f.kind != 'p') continue;
    const auto reason =
        d.kind == "unknown_dependent"
            ? fmt::format("{} depends on {}, and it is not known what would become of it.", d.object, display_name(f))
            : fmt::format("{} depends on {}.", d.object, display_name(f));
    const bool may_pass = d.kind == "view";  // of some session: others are carried over
    found.push_back({d.kind, reason,
                     "It is not carried over yet: drop it for the time of the job, or alter the table directly.",
                     may_pass});
  }
  for (auto& r : evaluated(f.neighbours)) found.push_back(std::move(r));
  // A stand-in for each is made in one transaction, and each is locked in the swap: about two locks for a view or a
  // function, four for a table with its indexes. The application needs the rest.
  const auto locks = static_cast<std::int64_t>(2 * (f.neighbours.views.size() + f.neighbours.functions.size()) +
                                               4 * f.neighbours.foreign_keys.size());
  if (locks * 3 / 2 > f.lock_slots)
    found.push_back(
        {"too_many_dependents",
         fmt::format("{} views, functions and foreign keys on {} would take some {} locks at once, of the {} "
                     "that the server has room for.",
                     f.neighbours.views.size() + f.neighbours.functions.size() + f.neighbours.foreign_keys.size(),
                     display_name(f), locks, f.lock_slots),
         fmt::format("Set max_locks_per_transaction to {} times what it is, and restart the server.",
                     locks * 3 / 2 / std::max<std::int64_t>(1, f.lock_slots) + 1)});
  return found;
}

}  // namespace eidolon::plan::refusals
