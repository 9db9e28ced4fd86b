// After a crash an unlogged source is empty while its logged ghost is full, without any trace of it.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list unlogged(const facts& f) {
  if (f.persistence == 'u')
    return {{"unlogged", fmt::format("{} is UNLOGGED.", display_name(f)),
             "Alter it directly, or make it logged first (SET LOGGED rewrites it)."}};
  if (f.persistence == 't')
    return {{"temporary", fmt::format("{} is a temporary table.", display_name(f)), "Alter it in its own session."}};
  return {};
}

}  // namespace eidolon::plan::refusals
