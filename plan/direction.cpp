#include "plan/direction.hpp"

#include <fmt/format.h>

#include "postgres/quoting.hpp"

namespace eidolon::plan {
namespace {

using postgres::identifier;

std::string join(const std::vector<std::string>& parts, const char* separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string key_alias(std::size_t i) { return identifier(fmt::format("eidolon key {}", i + 1)); }

// The rows, through one derived table per stage. The key, when it is asked for, joins at the first
// stage, so that an expression over the whole row sees the row as it is.
std::string through_stages(const sync_direction& d, std::string rows, bool with_key) {
  std::string key;
  for (std::size_t i = 0; with_key && i < d.key.size(); ++i)
    key += fmt::format(", {}.{} AS {}", d.alias, identifier(d.key[i].source_name), key_alias(i));
  for (const auto& stage : d.stages) {
    rows = fmt::format("(SELECT {}{} FROM {}) AS {}", stage, key, rows, d.alias);
    key.clear();
    for (std::size_t i = 0; with_key && i < d.key.size(); ++i) key += ", " + key_alias(i);
  }
  return rows;
}

}  // namespace

std::string rows_where(const sync_direction& d, const std::string& filter) {
  return fmt::format("(SELECT {3} FROM {0} AS {1} WHERE {2}) AS {1}", rows_of_source(d), d.alias, filter, d.row);
}

std::string rows_with_keys(const sync_direction& d, const std::string& keys) {
  return fmt::format(
      "(SELECT {1}.* FROM (SELECT DISTINCT {2} FROM ({3}) AS entries) AS \"eidolon keys\" CROSS JOIN LATERAL "
      "(SELECT {5} FROM {0} AS {1} WHERE {4} OFFSET 0) AS {1}) AS {1}",
      rows_of_source(d), d.alias, postgres::identifiers(source_key(d)), keys,
      match_source(d, d.alias, "\"eidolon keys\""), d.row);
}

std::string select_rows(const sync_direction& d, const std::string& rows) {
  std::vector<std::string> list;
  for (const auto& c : d.columns) list.push_back(c.expression);
  return fmt::format("SELECT {} FROM {}", join(list, ", "), through_stages(d, rows, false));
}

std::string select_rows_with_key(const sync_direction& d, const std::string& rows) {
  std::vector<std::string> list;
  for (std::size_t i = 0; i < d.key.size(); ++i)
    list.push_back(d.stages.empty()
                       ? fmt::format("{}.{} AS {}", d.alias, identifier(d.key[i].source_name), key_alias(i))
                       : key_alias(i));
  for (const auto& c : d.columns)
    if (c.from_source)
      list.push_back(c.changed ? fmt::format("({})::{} AS {}", c.expression, c.ghost_type, identifier(c.ghost_name))
                               : c.expression);
  return fmt::format("SELECT {} FROM {}", join(list, ", "), through_stages(d, rows, true));
}

std::string insert_columns(const sync_direction& d) {
  std::vector<std::string> names;
  for (const auto& c : d.columns) names.push_back(c.ghost_name);
  return postgres::identifiers(names);
}

std::vector<std::string> source_key(const sync_direction& d) {
  std::vector<std::string> names;
  for (const auto& k : d.key) names.push_back(k.source_name);
  return names;
}

std::vector<std::string> ghost_key(const sync_direction& d) {
  std::vector<std::string> names;
  for (const auto& k : d.key) names.push_back(k.ghost_name);
  return names;
}

std::string match_ghost(const sync_direction& d, const std::string& ghost, const std::string& log) {
  std::vector<std::string> terms;
  for (const auto& k : d.key) {
    const auto value = k.source_type == k.ghost_type
                           ? fmt::format("{}.{}", log, identifier(k.source_name))
                           : fmt::format("({}.{})::{}", log, identifier(k.source_name), k.ghost_type);
    terms.push_back(fmt::format("{}.{} = {}", ghost, identifier(k.ghost_name), value));
  }
  return join(terms, " AND ");
}

std::string match_source(const sync_direction& d, const std::string& source, const std::string& log) {
  std::vector<std::string> terms;
  for (const auto& k : d.key) terms.push_back(fmt::format("{0}.{1} = {2}.{1}", source, identifier(k.source_name), log));
  return join(terms, " AND ");
}

std::string rows_of_source(const sync_direction& d) { return d.partitioned ? read_from(d) : "ONLY " + read_from(d); }
std::string source_table_of(const sync_direction& d) { return d.partitioned ? d.from : "ONLY " + d.from; }
std::string ghost_table_of(const sync_direction& d) { return d.partitioned ? d.to : "ONLY " + d.to; }

std::string block_range(const std::string& alias, std::int64_t first, std::int64_t last) {
  return fmt::format("{0}.ctid >= '({1},0)'::pg_catalog.tid AND {0}.ctid < '({2},0)'::pg_catalog.tid", alias, first,
                     last);
}

}  // namespace eidolon::plan
