// The DDL that builds an empty copy of a table in another schema. Pure: text in, text out.
#pragma once
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "plan/shape.hpp"

namespace eidolon::plan {

struct clone_target {
  std::string schema, name;  // where the clone goes; not quoted
  std::string source;        // the table that is cloned; qualified and quoted
};

// All statements, in order; the clone has every property of the source but its grants.
// Run them as the table's owner. Invalid indexes are left out.
std::vector<std::string> clone_table(const shape& source, const clone_target& target);

// Statements that create decoys for names that PostgreSQL must not choose in the ghost's
// schema, and those that drop them. names: of tables, indexes, sequences and types; constraints: of constraints.
struct decoy_statements {
  std::vector<std::string> create, drop;
};
decoy_statements decoys(const std::string& schema, const std::vector<std::string>& names,
                        const std::vector<std::string>& constraints);

// How an index of `table` (schema "schema") is created again once it was dropped, with all that hangs on it.
deferred_index rebuild(const index& i, const std::string& schema, const std::string& table);

// ALTER … DROP CONSTRAINT or DROP INDEX for an index of `table`.
std::string drop_index(const index& i, const std::string& schema, const std::string& table);

}  // namespace eidolon::plan
