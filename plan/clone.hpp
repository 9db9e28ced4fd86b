// The DDL that builds an empty copy of a table in another schema. Pure: text in, text out.
#pragma once
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "plan/shape.hpp"

namespace eidolon::plan {

struct clone_target {
  std::string schema, name;       // where the clone goes; not quoted
  std::string source;             // the table that is cloned; qualified and quoted
  std::string partition_key{};    // RANGE (…); empty: it holds rows itself
  std::string parent{}, bound{};  // of a partition: the parent's name without schema, FOR VALUES …
};

struct cloned_table {
  shape table;
  clone_target target;
};

// All statements, in order; the clone has every property of the source but its grants. One table, or a partitioned one
// and its partitions, each after its parent. Run them as the table's owner. Invalid indexes are left out.
std::vector<std::string> clone_tables(const std::vector<cloned_table>& tables);

// Statements that put the sequences of the clone's identity columns where those of the source (in the schema `from`)
// are, because PostgreSQL measures new bounds by that. One that the owner may not read begins anew.
std::vector<std::string> place_sequences(const shape& source, const std::string& from, const std::string& clone_schema);

// Statements that create decoys for names that PostgreSQL must not choose in the ghost's
// schema, and those that drop them. names: of tables, indexes, sequences and types; constraints: of constraints.
struct decoy_statements {
  std::vector<std::string> create, drop;
};
decoy_statements decoys(const std::string& schema, const std::vector<std::string>& names,
                        const std::vector<std::string>& constraints);

// How an index of `table` (schema "schema") is created again once it was dropped, with all that hangs on it.
deferred_index rebuild(const index& i, const std::string& schema, const std::string& table);

// The same for a table and its partitions: children before parents, because indexes of partitioned tables are made of
// those of their partitions.
std::vector<deferred_index> rebuild_all(const std::vector<cloned_table>& tables);

// ALTER … DROP CONSTRAINT or DROP INDEX for an index of `table`.
std::string drop_index(const index& i, const std::string& schema, const std::string& table);

}  // namespace eidolon::plan
