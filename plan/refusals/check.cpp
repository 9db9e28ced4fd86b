// Every rule, in the order in which a user would want to hear of them.
#include <iterator>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list check(const facts& f) {
  list all;
  for (const auto rule :
       {server_too_old, not_an_ordinary_table, system_schema, table_of_another_job, extension_member,
        not_the_owner,  missing_privileges,    inheritance,   partitions,           unlogged,
        catalog_table,  foreign_keys,          row_security,  publications,         subscription,
        dependents,     newer_than_known,      names,         no_usable_key,        outdated_collation}) {
    auto found = rule(f);
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace eidolon::plan::refusals
