// What hangs on a table beside its columns, indexes and checks: foreign keys, triggers, rules, policies, statistics,
// views, functions and publications, as the catalog describes them. The same is read from the source before and from
// its clone after the user's statements ran. All text is read under search_path = pg_catalog, so every name is
// qualified.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "postgres/connection.hpp"

namespace eidolon::plan {

// What a foreign key of a partitioned table is for one of its partitions.
struct foreign_key_part {
  std::string schema, table, name;  // not quoted
  char kind{};                      // of the partition, as pg_class has it
};

struct foreign_key {
  std::uint32_t oid{}, other{};      // other: the table at the other end
  std::string name, definition;      // FOREIGN KEY … [NOT VALID]
  std::string on_table, other_name;  // qualified and quoted; on_table has the constraint
  bool outgoing{}, incoming{};       // both: to itself
  std::string on_owner;
  std::vector<std::string> columns, referenced_columns, operators;  // operators: referenced = referencing
  std::vector<foreign_key_part>
      parts;  // of a partitioned referencing table: those of its partitions, the deepest first
  // PostgreSQL's triggers on the other table, where keys of further tables have such as well.
  std::vector<std::string> action_names{}, action_functions{};
  int referenced_partitions{};
  bool validated{}, enforced{true}, match_full{}, other_is_partitioned{}, may_lock{}, may_not_refer{},
      owner_may_not_refer{};
  bool hidden_from_owner{};        // the referenced table's rows, by its policies, from the referencing table's owner
  bool may_move_rows{};            // by an action, from one partition to another
  bool deferred_by_other_names{};  // DEFERRABLE, and those of its partitions have other names
  std::optional<std::string> comment, missing_owner, owner_missing_schema;
  std::optional<std::string> missing_schema;  // of the other table: the daemon's role may not use it
  std::string on{};                           // the end at the table: see below
};

// What hangs on one table of a tree names it: `on` is the partition's name without schema, or empty for the table
// itself.

// A trigger or a rule.
struct reaction_of_table {
  std::string name, definition;
  char enabled{'O'};  // 'O', 'D', 'R', 'A'
  std::optional<std::string> comment;
  std::string on{};
};

struct policy {
  std::string name, head;  // AS … FOR … TO …
  std::optional<std::string> using_expression, check_expression, comment;
  std::string on{};
};

// A trigger that a partition has from its parent, in another enable state than there or with a comment of its own.
struct trigger_state {
  std::string name;
  char enabled{};
  std::optional<std::string> comment;
  std::string on;
};

// What a partition has of these for itself.
struct partition_traits {
  bool row_security{}, forced_row_security{};
  std::optional<std::string> row_type_comment;
  std::string on{};
};

// What a label provider says of the table, a partition, a column, a row type or an identity's sequence.
struct security_label {
  std::string provider, label;
  std::string what, name, column;  // TABLE, COLUMN, …; names without schema, not quoted; column: or empty
};

struct extended_statistics {
  std::uint32_t oid{};
  std::string schema, name, definition, owner;
  int target{-1};
  std::optional<std::string> comment, missing_owner, missing_schema;  // roles and schemas the daemon's role lacks
};

struct view {
  std::uint32_t oid{};
  bool materialized{};
  std::string schema, bare_name, name, owner, definition, options;  // name: qualified and quoted; options: a=b, c=d
  std::optional<std::string> missing_owner, missing_schema;
};

// A materialized view of the table, or of another one in the list, with what it has beside its query, and the views
// that read it.
struct materialized_view {
  std::uint32_t oid{};
  view self;
  bool populated{};
  std::string tablespace;     // quoted; empty: the database's default
  std::string access_method;  // quoted
  std::optional<std::string> comment;
  std::vector<std::string> columns, column_comments, indexes, clustered;
  std::vector<std::string> details;        // after ALTER MATERIALIZED VIEW …
  std::vector<std::string> index_details;  // statements, with {schema} for the schema of the view
  std::vector<std::string> labels;         // statements, with {name} for the view
  bool owner_may_read{};                   // all that it reads
  bool bound_by_policies{};                // of the table
  std::optional<std::uint32_t>
      array_type_of;  // the relation (or 0) of the type whose name a new one's array type would get
  std::vector<view> readers;
};

struct sql_function {
  std::string kind, bare_name, name, definition;  // name: qualified and quoted, as the definition begins
  std::string signature, owner;                   // both qualified and quoted
  std::optional<std::string> missing_owner, missing_schema;
};

// It has the table's row type in its signature, so it is made anew for the new one.
struct row_type_function {
  std::uint32_t oid{};
  std::string name, definition, owner;  // name: qualified signature
  std::optional<std::string> comment, missing_owner, missing_schema;
  bool owner_may_not_create{}, needs_superuser{};
};

struct publication {
  std::string name;
  std::optional<std::string> columns, filter, missing_owner;
  std::string on{};
};

// A policy, rule or constraint trigger of another table or view that mentions the table.
struct elsewhere {
  enum class what { policy, rule, trigger } kind{};
  std::uint32_t on{};
  bool on_view{};
  std::string schema, bare_name;  // of what it is on
  std::string name, definition;   // of a policy: see the policies of the twin
  char enabled{'O'};
  std::optional<std::string> comment, missing_owner, missing_schema;
};

struct neighbourhood {
  std::vector<foreign_key> foreign_keys;
  std::vector<reaction_of_table> triggers, rules;
  std::vector<policy> policies;
  std::vector<extended_statistics> statistics;
  std::vector<view> views;  // materialized ones too
  std::vector<materialized_view> materialized_views;
  std::vector<sql_function> functions;
  std::vector<row_type_function> row_type_functions;
  std::vector<publication> publications;
  std::vector<trigger_state> trigger_states;
  std::vector<partition_traits> partitions;
  std::vector<elsewhere> elsewhere_defined;
  std::vector<security_label> labels;
  bool row_security{}, forced_row_security{};
  std::optional<std::string> row_type_comment;
  std::vector<std::string>
      evaluated;      // objects whose text is evaluated in part when it is parsed; see sql/literals.sql
  std::string state;  // fingerprint, see sql/neighbourhood_state.sql
};

// All throw postgres::error, and postgres::no_such_row when something is dropped while it is read.
// job_schema: the job's own, whose triggers do not count.
boost::asio::awaitable<neighbourhood> read_neighbourhood(postgres::connection& c, std::uint32_t oid,
                                                         std::string job_schema);

// What hangs on one partition, added to what hangs on its root.
boost::asio::awaitable<void> read_partition_neighbourhood(postgres::connection& c, std::uint32_t oid, std::string name,
                                                          std::string job_schema, neighbourhood& n);

// The policies and rules of any table, by name.
boost::asio::awaitable<std::vector<policy>> read_policies(postgres::connection& c, std::uint32_t oid);
boost::asio::awaitable<std::vector<reaction_of_table>> read_rules(postgres::connection& c, std::uint32_t oid);

// Only the fingerprint; takes no lock beside the catalog's.
boost::asio::awaitable<std::string> read_neighbourhood_state(postgres::connection& c, std::uint32_t oid,
                                                             std::string job_schema);

}  // namespace eidolon::plan
