// Only an ordinary heap table can be copied by block and swapped.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {
namespace {

const char* kind_name(char kind) {
  switch (kind) {
    case 'v':
      return "a view";
    case 'm':
      return "a materialized view";
    case 'f':
      return "a foreign table";
    case 'S':
      return "a sequence";
    case 'i':
    case 'I':
      return "an index";
    case 'c':
      return "a composite type";
    default:
      return "not an ordinary table";
  }
}

}  // namespace

list not_an_ordinary_table(const facts& f) {
  const auto name = display_name(f);
  if (f.kind == 'p') return {};
  if (f.kind != 'r')
    return {{"not_a_table", fmt::format("{} is {}.", name, kind_name(f.kind)), "Name an ordinary table."}};
  list found;
  if (f.access_method != "heap")
    found.push_back({"access_method", fmt::format("{} uses the access method {}.", name, f.access_method),
                     "Only heap tables can be copied by block."});
  if (f.is_typed)
    found.push_back({"typed_table", fmt::format("{} is a typed table (CREATE TABLE … OF).", name),
                     "Detach it from its type first: ALTER TABLE … NOT OF."});
  return found;
}

}  // namespace eidolon::plan::refusals
