// A table as the catalog describes it: what a clone is built from, and what is compared
// before and after the user's statements ran on one. All expressions and names are read under
// search_path = pg_catalog, so they are qualified.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "postgres/connection.hpp"

namespace eidolon::plan {

struct sequence_options {
  std::string name, type;
  std::int64_t start{}, increment{}, min{}, max{}, cache{};
  bool cycle{}, unlogged{};
  std::optional<std::string> comment;
  bool owner_may_read{};
};

struct column {
  int number{};
  std::string name, type;
  std::uint32_t type_oid{}, collation_oid{};
  std::string collation;  // qualified and quoted; empty: not collatable
  int type_modifier{};
  std::string bare_type;  // without the modifier; empty: not one of PostgreSQL's own types
  bool large{};           // values may be stored out of line (TOAST)
  bool cast_cuts{};       // an explicit cast to the type cuts off what the assignment of ALTER COLUMN … TYPE rejects
  bool not_null{};
  char identity{};   // 'a', 'd' or '\0'
  char generated{};  // 's' or '\0'
  int statistics_target{-1};
  std::vector<std::string> options;
  std::optional<std::string> missing_value;  // what existing rows have in a column added with a stable default
  std::optional<std::string> default_expression;
  std::optional<std::string> domain_default;  // of the type: applies where the column has no default
  std::optional<sequence_options> sequence;   // of an identity column
};

struct index {
  std::uint32_t oid{};
  std::string name, definition, method, tablespace;
  std::string parent;                // name of the parent table's index to which it is attached; or empty
  std::vector<std::string> options;  // storage parameters
  bool unique{}, valid{}, immediate{}, clustered{}, replica_identity{}, partial{}, has_expressions{};
  std::optional<std::string> comment;
  std::string constraint_name, constraint_definition;
  char constraint_type{};  // 'p', 'u', 'x' or '\0'
  bool deferrable{}, deferred{};
  std::optional<std::string> constraint_comment;
  std::vector<std::string> key_columns;
  bool plain_columns{};  // default operator classes, the columns' own collations
  bool all_not_null{};
  std::vector<std::string> operator_schemas;    // where the operators of its operator classes live
  std::vector<std::string> statistics_targets;  // "column-number target"
};

struct check_constraint {
  std::string name, definition;
  bool validated{};
  std::optional<std::string> comment;
  bool inherited{};  // from the table of which this is a partition
};

struct shape {
  std::uint32_t oid{};
  std::string tablespace;
  std::vector<std::string> options;  // storage parameters; those of the TOAST table with "toast."
  char replica_identity{'d'};
  std::optional<std::string> comment;
  std::vector<column> columns;
  std::vector<index> indexes;
  std::vector<check_constraint> checks;

  const column* find(std::string_view name) const;
  const column* find(int number) const;
};

// Throws postgres::error, and postgres::no_such_row when the table is dropped meanwhile.
boost::asio::awaitable<shape> read_shape(postgres::connection& c, std::uint32_t oid);

}  // namespace eidolon::plan
