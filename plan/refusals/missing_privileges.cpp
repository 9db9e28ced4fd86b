// Privileges beside ownership that preparing and swapping need; better missed now than at the cutover.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

refusal may_not_lock(const std::string& referenced) {
  return {"missing_privilege",
          fmt::format(
              "A foreign key of the partitioned table refers to {}, which the daemon's role may not lock. When the key "
              "is added, after the swap, PostgreSQL asks for a weak lock there and then for a strong one, and a "
              "transaction of the application's that comes between them fails.",
              referenced),
          fmt::format("GRANT UPDATE, DELETE or TRUNCATE ON {} TO the daemon's role.", referenced)};
}

namespace {

void check_owner(list& found, const facts& f, const std::string& what, const std::optional<std::string>& missing) {
  if (!missing) return;
  found.push_back({"missing_privilege",
                   fmt::format("{} hangs on {} and belongs to {}, as whom the daemon's role may not act.", what,
                               display_name(f), *missing),
                   fmt::format("GRANT {} TO the daemon's role.", *missing)});
}

void check_schema(list& found, const std::string& what, const std::optional<std::string>& missing) {
  if (!missing) return;
  found.push_back(
      {"missing_privilege",
       fmt::format("{} is in the schema {}, which the daemon's role may not use, or may not create anything in.", what,
                   *missing),
       fmt::format("GRANT USAGE, CREATE ON SCHEMA {} TO the daemon's role.", *missing)});
}

// Of what is altered where it is.
void check_use(list& found, const std::string& what, const std::optional<std::string>& missing) {
  if (!missing) return;
  found.push_back({"missing_privilege",
                   fmt::format("{} is in the schema {}, which the daemon's role may not use.", what, *missing),
                   fmt::format("GRANT USAGE ON SCHEMA {} TO the daemon's role.", *missing)});
}

// A foreign key of a partitioned table is added anew by its owner, after the swap.
void check_owner_of_key(list& found, const facts& f, const foreign_key& k) {
  if (!is_of_partitioned_table(f, k)) return;
  const auto referenced = !k.incoming ? k.other_name : k.on.empty() ? display_name(f) : k.on;
  if (k.owner_may_not_refer)
    found.push_back({"missing_privilege",
                     fmt::format("The foreign key {} refers to {}, to which {}, the owner of {}, may not refer.",
                                 k.name, referenced, k.on_owner, k.on_table),
                     fmt::format("GRANT REFERENCES ON {} TO {}.", referenced, k.on_owner)});
  if (k.owner_missing_schema)
    found.push_back(
        {"missing_privilege",
         fmt::format("The foreign key {} of {} ties tables in the schema {}, which {}, the owner of {}, may not use.",
                     k.name, k.on_table, *k.owner_missing_schema, k.on_owner, k.on_table),
         fmt::format("GRANT USAGE ON SCHEMA {} TO {}.", *k.owner_missing_schema, k.on_owner)});
  if (k.outgoing && !k.incoming && !k.may_lock) found.push_back(may_not_lock(k.other_name));
}

void check_neighbours(list& found, const facts& f) {
  for (const auto& k : f.neighbours.foreign_keys) {
    check_owner(found, f, fmt::format("The foreign key {} of {}", k.name, k.on_table), k.missing_owner);
    check_use(found, fmt::format("{}, which the foreign key {} ties to {},", k.other_name, k.name, display_name(f)),
              k.missing_schema);
    if (k.may_not_refer)
      found.push_back(
          {"missing_privilege",
           fmt::format("The foreign key {} refers to columns of {} to which the daemon's role may not refer.", k.name,
                       k.other_name),
           fmt::format("GRANT REFERENCES ({}) ON {} TO the daemon's role.", fmt::join(k.referenced_columns, ", "),
                       k.other_name)});
  }
  for (const auto& k : f.neighbours.foreign_keys) check_owner_of_key(found, f, k);
  // Those of other sessions' are refused as what they are.
  for (const auto& v : f.neighbours.views)
    if (!v.schema.starts_with("pg_temp_")) check_schema(found, "The view " + v.name, v.missing_schema);
  for (const auto& x : f.neighbours.functions) check_schema(found, "The function " + x.name, x.missing_schema);
  for (const auto& x : f.neighbours.statistics) check_schema(found, "The statistics " + x.name, x.missing_schema);
  for (const auto& v : f.neighbours.views)
    if (!v.schema.starts_with("pg_temp_")) check_owner(found, f, "The view " + v.name, v.missing_owner);
  for (const auto& m : f.neighbours.materialized_views) {
    if (!m.owner_may_read)
      found.push_back(
          {"missing_privilege",
           fmt::format("The owner of a materialized view of {} may not read all that it reads, so it cannot "
                       "be made anew.",
                       display_name(f)),
           "Grant the owner SELECT, or drop the materialized view."});
    check_owner(found, f, "The view " + m.self.name, m.self.missing_owner);
    check_schema(found, "The view " + m.self.name, m.self.missing_schema);
    for (const auto& v : m.readers) {
      check_owner(found, f, "The view " + v.name, v.missing_owner);
      check_schema(found, "The view " + v.name, v.missing_schema);
    }
  }
  for (const auto& e : f.neighbours.elsewhere_defined) {
    check_owner(found, f, "What mentions it on " + e.bare_name, e.missing_owner);
    const auto check = e.on_view ? check_schema : check_use;
    check(found, fmt::format("{}, which mentions {},", e.bare_name, display_name(f)), e.missing_schema);
  }
  for (const auto& x : f.neighbours.functions) check_owner(found, f, "The function " + x.name, x.missing_owner);
  for (const auto& x : f.neighbours.row_type_functions) {
    check_owner(found, f, "The function " + x.name, x.missing_owner);
    check_schema(found, "The function " + x.name, x.missing_schema);
    if (x.owner_may_not_create)
      found.push_back(
          {"missing_privilege",
           fmt::format("The function {} is made anew for the new row type, but its owner, {}, may not create "
                       "anything in its schema.",
                       x.name, x.owner),
           "Grant the owner CREATE on the schema."});
    if (x.needs_superuser)
      found.push_back(
          {"missing_privilege",
           fmt::format("The function {} is made anew for the new row type, and only a superuser may create it.",
                       x.name),
           "Run the daemon as a superuser for this job, or drop the function for the time of the job."});
  }
  for (const auto& x : f.neighbours.statistics) check_owner(found, f, "The statistics " + x.name, x.missing_owner);
  for (const auto& x : f.neighbours.publications) check_owner(found, f, "The publication " + x.name, x.missing_owner);
}

}  // namespace

list missing_privileges(const facts& f) {
  list found;
  check_neighbours(found, f);
  if (!f.may_create_schema)
    found.push_back({"missing_privilege", "The daemon's role may not create schemas in this database.",
                     "GRANT CREATE ON DATABASE to the daemon's role."});
  if (!f.may_create_in_schema)
    found.push_back({"missing_privilege",
                     fmt::format("The daemon's role may not create tables in the schema {}.", f.schema),
                     fmt::format("GRANT USAGE, CREATE ON SCHEMA {} to the daemon's role.", f.schema)});
  if (!f.owner_may_use_schema)
    found.push_back({"missing_privilege",
                     fmt::format("{}, the owner of {}, may not use the schema {}; the copy runs as the owner.", f.owner,
                                 display_name(f), f.schema),
                     fmt::format("GRANT USAGE ON SCHEMA {} TO {}.", f.schema, f.owner)});
  for (const auto& right : f.revoked)
    found.push_back(
        {"missing_privilege",
         fmt::format("{}, the owner of {}, has lost a right that the job needs: {}.", f.owner, display_name(f), right),
         fmt::format("GRANT {} TO {}.", right, f.owner)});
  for (const auto& role : f.foreign_grantors)
    found.push_back(
        {"missing_privilege",
         fmt::format("{} granted privileges on {}, and the daemon's role may not act as {} to grant them again.", role,
                     display_name(f), role),
         fmt::format("GRANT {} TO the daemon's role, or revoke what it granted.", role)});
  return found;
}

}  // namespace eidolon::plan::refusals
