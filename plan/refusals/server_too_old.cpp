// TID range scans, by which the copy reads block ranges, exist from PostgreSQL 14 on.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list server_too_old(const facts& f) {
  if (f.server_version >= 140000) return {};
  return {{"postgres_too_old",
           fmt::format("The server is PostgreSQL {}; 14 or later is needed.", f.server_version / 10000),
           "Upgrade the server."}};
}

}  // namespace eidolon::plan::refusals
