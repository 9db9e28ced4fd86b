// PostgreSQL's own tables and Eidolon's are not for changing.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list system_schema(const facts& f) {
  if (!f.system_schema) return {};
  return {{"system_schema",
           fmt::format("{} is in the schema {}, which belongs to the system.", display_name(f), f.schema),
           "Name a table of the application."}};
}

}  // namespace eidolon::plan::refusals
