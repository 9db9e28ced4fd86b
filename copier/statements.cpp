#include "copier/statements.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plan/change_log.hpp"
#include "plan/direction.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::copier {
namespace {

using plan::ghost_key;
using plan::source_key;
using postgres::identifier;
using postgres::identifiers;
using postgres::literal;

std::string join(const std::vector<std::string>& parts, const char* separator = ", ") {
  return fmt::format("{}", fmt::join(parts, separator));
}

// Whether an index over either side has the order in which the other one can be merged: between integers = needs no
// cast (the operator family integer_ops).
bool equal_as_they_are(const plan::key_column& k) {
  const auto is_integer = [](const std::string& type) {
    return type == "smallint" || type == "integer" || type == "bigint";
  };
  return k.source_type == k.ghost_type || (is_integer(k.source_type) && is_integer(k.ghost_type));
}

std::string distinct_keys(const plan::plan& p, const std::string& keys) {
  return fmt::format("({}) AS k", without_duplicates(p, keys));
}

// DELETE of the ghost's rows with the keys that meet a condition on k. Each key is looked up by itself, see
// plan::rows_with_keys.
std::string delete_found(const plan::plan& p, const std::string& keys, const std::string& condition) {
  const auto ghost = plan::ghost_table_of(p.forward);
  // A place means something only within a leaf, and the key tells PostgreSQL which one that is.
  std::string key, found_key, same_key;
  for (std::size_t i = 0; p.forward.partitioned && i < p.forward.key.size(); ++i) {
    const auto name = identifier(p.forward.key[i].ghost_name);
    key += fmt::format(", t.{} AS key{}", name, i);
    found_key += fmt::format(", f.key{}", i);
    same_key += fmt::format(" AND g.{} = d.key{}", name, i);
  }
  return fmt::format(
      "DELETE FROM {0} AS g USING (SELECT f.place{6} FROM {1} CROSS JOIN LATERAL (SELECT t.ctid AS place{4} FROM {0} "
      "AS t "
      "WHERE {2} OFFSET 0) AS f{3}) AS d WHERE g.ctid = d.place{5}",
      ghost, distinct_keys(p, keys), plan::match_ghost(p.forward, "t", "k"), condition, key, same_key, found_key);
}

// A bound of a range as a row constructor, in the types of source or ghost.
std::string bound(const plan::plan& p, const std::vector<std::string>& values, bool ghost) {
  std::vector<std::string> terms;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& k = p.forward.key[i];
    auto value = fmt::format("{}::{}", literal(values[i]), k.source_type);
    if (ghost && k.ghost_type != k.source_type) value = fmt::format("({})::{}", value, k.ghost_type);
    if (!k.collation.empty()) value += " COLLATE " + k.collation;
    terms.push_back(std::move(value));
  }
  return "(" + join(terms) + ")";
}

std::string in_range(const plan::plan& p, const std::string& alias, bool ghost, const std::vector<std::string>& after,
                     const std::vector<std::string>& upto) {
  const auto key = "(" + identifiers(ghost ? ghost_key(p.forward) : source_key(p.forward), alias + ".") + ")";
  std::vector<std::string> terms;
  if (!after.empty()) terms.push_back(fmt::format("{} > {}", key, bound(p, after, ghost)));
  if (!upto.empty()) terms.push_back(fmt::format("{} <= {}", key, bound(p, upto, ghost)));
  return terms.empty() ? "true" : join(terms, " AND ");
}

std::vector<std::string> compared_columns(const plan::plan& p) {
  std::vector<std::string> names;
  for (const auto& c : p.forward.columns)
    if (c.from_source) names.push_back(c.ghost_name);
  return names;
}

// A value that is stored out of line and is the same stays where it is, as it does when the application updates another
// column: it would be written anew, log and all.
std::string update_list(const plan::plan& p) {
  std::vector<std::string> sets;
  for (const auto& name : compared_columns(p)) {
    const bool large = std::find(p.large.begin(), p.large.end(), name) != p.large.end();
    sets.push_back(large ? fmt::format("{0} = CASE WHEN ROW(t.{0})::pg_catalog.record OPERATOR(pg_catalog.*=) "
                                       "ROW(EXCLUDED.{0})::pg_catalog.record THEN t.{0} ELSE EXCLUDED.{0} END",
                                       identifier(name))
                         : fmt::format("{0} = EXCLUDED.{0}", identifier(name)));
  }
  return join(sets);
}

}  // namespace

std::string keys_in_blocks(const plan::plan& p, int generation, std::int64_t first, std::int64_t last, share s) {
  std::string part;
  if (s.of > 1)  // a record's hash is made of its columns', by their types' own hash functions, which go by =
    part =
        fmt::format(" AND pg_catalog.mod(pg_catalog.hash_record_extended(ROW({}), 0) & 9223372036854775807, {}) = {}",
                    identifiers(source_key(p.forward), "l."), s.of, s.number);
  return fmt::format("SELECT {} FROM {} AS l WHERE {}{}", identifiers(source_key(p.forward)),
                     plan::log_name(p, generation), plan::block_range("l", first, last), part);
}

std::string without_duplicates(const plan::plan& p, const std::string& keys) {
  return fmt::format("SELECT DISTINCT {} FROM ({}) AS entries", identifiers(source_key(p.forward)), keys);
}

std::string keys_in_logs(const plan::plan& p, const std::vector<int>& generations) {
  return fmt::format("SELECT {} FROM {} AS l", identifiers(source_key(p.forward)), plan::all_logs(p, generations));
}

std::string rows_of(const plan::plan& p, const std::string& keys) {
  return fmt::format("({}) IN (SELECT {} FROM ({}) AS keys)", identifiers(source_key(p.forward), p.forward.alias + "."),
                     identifiers(source_key(p.forward)), keys);
}

namespace {

std::string insert_into(const plan::plan& p, const std::string& target, const std::string& rows) {
  return fmt::format("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE {}", target, plan::insert_columns(p.forward),
                     plan::select_rows(p.forward, rows));
}

}  // namespace

std::string insert_rows(const plan::plan& p, const std::string& rows) { return insert_into(p, p.forward.to, rows); }

std::string insert_rows_without_conflict(const plan::plan& p, const std::string& rows) {
  return insert_rows(p, rows) + " ON CONFLICT DO NOTHING";
}

std::string keys_not_copied(const plan::plan& p, std::int64_t first, std::int64_t last) {
  return fmt::format("SELECT {} FROM {} AS s WHERE {} AND NOT EXISTS (SELECT FROM {} AS t WHERE {})",
                     identifiers(source_key(p.forward), "s."), plan::rows_of_source(p.forward),
                     plan::block_range("s", first, last), plan::ghost_table_of(p.forward),
                     plan::match_ghost(p.forward, "t", "s"));
}

std::string delete_keys(const plan::plan& p, const std::string& keys) { return delete_found(p, keys, ""); }

std::vector<std::string> replace_keys(const plan::plan& p, const std::string& keys) {
  return {delete_keys(p, keys), insert_rows(p, plan::rows_with_keys(p.forward, keys))};
}

// The daemon's sessions look for deadlocks after 20 ms, where they may (postgres/sql/session.sql): too early for a disk
// that dawdles while the ghost is made longer, which is a lock as well.
std::string wait_for_sisters() {
  return "DO $$BEGIN PERFORM set_config('deadlock_timeout', '1s', true); EXCEPTION WHEN insufficient_privilege THEN "
         "NULL; "
         "END$$; SELECT set_config('lock_timeout', greatest(1, least(100, extract(epoch FROM "
         "current_setting('deadlock_timeout')::interval) * 250)::integer)::text, true)";
}

std::vector<std::string> apply_keys(const plan::plan& p, const std::string& keys) {
  if (p.forward.key_deferrable) return replace_keys(p, keys);
  // Under a name of its own: the table's may be EXCLUDED.
  const auto insert = insert_into(p, p.forward.to + " AS t", plan::rows_with_keys(p.forward, keys));
  const auto gone = fmt::format(" WHERE NOT EXISTS (SELECT FROM {} AS s WHERE {})", plan::rows_of_source(p.forward),
                                plan::match_source(p.forward, "s", "k"));
  const auto upsert =
      fmt::format("{} ON CONFLICT ({}) DO UPDATE SET {}", insert, identifiers(ghost_key(p.forward)), update_list(p));
  return {delete_found(p, keys, gone), upsert};
}

std::string delete_keys_in_blocks(const plan::plan& p, const std::string& keys, std::int64_t first, std::int64_t last) {
  std::vector<std::string> mapped;
  for (const auto& k : p.forward.key)
    mapped.push_back(k.source_type == k.ghost_type ? identifier(k.source_name)
                                                   : fmt::format("({})::{}", identifier(k.source_name), k.ghost_type));
  return fmt::format("DELETE FROM {} AS g WHERE {} AND ({}) IN (SELECT {} FROM ({}) AS keys)",
                     plan::ghost_table_of(p.forward), plan::block_range("g", first, last),
                     identifiers(ghost_key(p.forward), "g."), join(mapped), keys);
}

std::string log_keys(const plan::plan& p, int generation, const std::string& keys) {
  return fmt::format("INSERT INTO {} ({}) SELECT * FROM {}", plan::log_name(p, generation),
                     identifiers(source_key(p.forward)), distinct_keys(p, keys));
}

std::string range_end(const plan::plan& p, const std::vector<std::string>& after, std::int64_t rows) {
  std::vector<std::string> list, order;
  for (std::size_t i = 0; i < p.forward.key.size(); ++i) {
    const auto column = "s." + identifier(p.forward.key[i].source_name);
    list.push_back(fmt::format("{}::text AS k{}", column, i + 1));
    order.push_back(column);
  }
  return fmt::format("SELECT {} FROM {} AS s WHERE {} ORDER BY {} OFFSET {} LIMIT 1", join(list),
                     plan::rows_of_source(p.forward), in_range(p, "s", false, after, {}), join(order), rows - 1);
}

std::string compare_range(const plan::plan& p, const std::vector<int>& generations,
                          const std::vector<std::string>& after, const std::vector<std::string>& upto) {
  const auto& d = p.forward;
  const auto columns = compared_columns(p);
  auto of_ghost = columns;  // and what it is found by, which may be generated
  std::vector<std::string> on, key_text, in_log;
  for (std::size_t i = 0; i < d.key.size(); ++i) {
    if (std::find(columns.begin(), columns.end(), d.key[i].ghost_name) == columns.end())
      of_ghost.push_back(d.key[i].ghost_name);
    const auto alias = identifier(fmt::format("eidolon key {}", i + 1)), ghost = identifier(d.key[i].ghost_name);
    const auto& k = d.key[i];
    on.push_back(equal_as_they_are(k) ? fmt::format("s.{} = g.{}", alias, ghost)
                                      : fmt::format("(s.{})::{} = g.{}", alias, k.ghost_type, ghost));
    key_text.push_back(fmt::format("coalesce(s.{}::text, g.{}::text)", alias, ghost));
    // A key of the ghost alone is brought back to the source's type: its values came from there.
    in_log.push_back(
        fmt::format("l.{0} = coalesce(s.{1}, (g.{2})::{3})", identifier(k.source_name), alias, ghost, k.source_type));
  }
  const auto source_filter = in_range(p, d.alias, false, after, upto),
             ghost_filter = in_range(p, "t", true, after, upto);
  // A value of a composite type IS NULL when all its fields are; it is another matter whether there is a value.
  return fmt::format(
      "SELECT count(*) AS differences, min(d.key || ' (' || d.what || ')') AS example FROM (SELECT concat_ws(', ', "
      "{4}) "
      "AS key, CASE WHEN s.{8} IS NOT DISTINCT FROM NULL THEN 'only in the ghost' WHEN g.{9} IS NOT DISTINCT FROM NULL "
      "THEN 'missing in the ghost' ELSE "
      "'different' END AS what FROM ({0}) AS s FULL JOIN (SELECT {1} FROM {2} AS t WHERE {3}) AS g ON {5} "
      "WHERE (ROW({6})::record OPERATOR(pg_catalog.*<>) ROW({7})::record OR s.{8} IS NOT DISTINCT FROM NULL OR g.{9} "
      "IS NOT DISTINCT FROM NULL) "
      "AND NOT EXISTS (SELECT FROM {10} AS l WHERE {11})) AS d",
      plan::select_rows_with_key(d, plan::rows_where(d, source_filter)), identifiers(of_ghost, "t."),
      plan::ghost_table_of(d), ghost_filter, join(key_text), join(on, " AND "), identifiers(columns, "s."),
      identifiers(columns, "g."), identifier("eidolon key 1"), identifier(d.key[0].ghost_name),
      plan::all_logs(p, generations), join(in_log, " AND "));
}

}  // namespace eidolon::copier
