// What PostgreSQL has had since after version 15, and a ghost would not get: nothing is lost in silence.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list newer_than_known(const facts& f) {
  list all;
  for (const auto& what : f.newer)
    all.push_back({"newer_postgres", fmt::format("{} has what is not carried over yet: {}.", display_name(f), what),
                   "Alter the table directly, or without it."});
  return all;
}

refusal cannot_read(const std::string& definition) {
  return {
      "newer_postgres",
      fmt::format("Something that hangs on the table says what this version of Eidolon cannot read: {}", definition),
      "Alter the table directly, or without it: the syntax is newer than PostgreSQL 15."};
}

}  // namespace eidolon::plan::refusals
