// What has changed is applied by INSERT … ON CONFLICT, which PostgreSQL does not do on such a table.
#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

namespace {

// The value is stored as it was written: what PostgreSQL's parse_bool() takes for false begins so.
bool is_catalog_table(const shape& s) {
  constexpr std::string_view option{"user_catalog_table="};
  return std::any_of(s.options.begin(), s.options.end(), [&](const std::string& o) {
    if (!o.starts_with(option)) return false;
    const auto value = boost::algorithm::to_lower_copy(o.substr(option.size()));
    return !value.starts_with("f") && !value.starts_with("n") && !value.starts_with("of") && value != "0";
  });
}

}  // namespace

list catalog_table(const facts& f) {
  bool found = is_catalog_table(f.source);
  for (const auto& p : f.partitions) found = found || is_catalog_table(p.table);
  if (!found) return {};
  return {{"user_catalog_table",
           fmt::format("{} is a catalog table for logical decoding (user_catalog_table), into which PostgreSQL inserts "
                       "nothing ON CONFLICT.",
                       display_name(f)),
           fmt::format("ALTER TABLE {} RESET (user_catalog_table) for the time of the job.", display_name(f))}};
}

}  // namespace eidolon::plan::refusals
