#include "plan/clone.hpp"

#include <fmt/format.h>

#include <map>

#include "plan/definitions.hpp"
#include "plan/sql_text.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {
namespace {

using postgres::identifier;
using postgres::literal;
using postgres::qualified;
using statements = std::vector<std::string>;

// "fillfactor=70" → "fillfactor" = '70'; "toast.x=y" → toast."x" = 'y'.
std::string storage_option(const std::string& option) {
  const auto equals = option.find('=');
  auto name = option.substr(0, equals);
  const auto value = literal(equals == std::string::npos ? "true" : option.substr(equals + 1));
  if (name.starts_with("toast.")) return fmt::format("toast.{} = {}", identifier(name.substr(6)), value);
  return fmt::format("{} = {}", identifier(name), value);
}

std::string storage_options(const std::vector<std::string>& options) {
  std::string list;
  for (const auto& o : options) list += (list.empty() ? "" : ", ") + storage_option(o);
  return list;
}

void add_identity(statements& out, const std::string& clone, const std::string& schema, const column& c) {
  if (!c.sequence) return;
  const auto& s = *c.sequence;
  out.push_back(fmt::format(
      "ALTER TABLE {} ALTER COLUMN {} ADD GENERATED {} AS IDENTITY (SEQUENCE NAME {} START WITH {} INCREMENT BY {} "
      "MINVALUE {} MAXVALUE {} CACHE {} {})",
      clone, identifier(c.name), c.identity == 'a' ? "ALWAYS" : "BY DEFAULT", qualified(schema, s.name), s.start,
      s.increment, s.min, s.max, s.cache, s.cycle ? "CYCLE" : "NO CYCLE"));
  if (s.type != c.type) out.push_back(fmt::format("ALTER SEQUENCE {} AS {}", qualified(schema, s.name), s.type));
  if (s.unlogged) out.push_back(fmt::format("ALTER SEQUENCE {} SET UNLOGGED", qualified(schema, s.name)));
  comment_on(out, "SEQUENCE " + qualified(schema, s.name), s.comment);
}

void add_column_properties(statements& out, const std::string& clone, const column& c) {
  if (c.statistics_target >= 0)
    out.push_back(fmt::format("ALTER TABLE {} ALTER COLUMN {} SET STATISTICS {}", clone, identifier(c.name),
                              c.statistics_target));
  if (!c.options.empty())
    out.push_back(
        fmt::format("ALTER TABLE {} ALTER COLUMN {} SET ({})", clone, identifier(c.name), storage_options(c.options)));
}

// LIKE makes every check valid; one that was not is dropped and added again as it was.
void add_checks(statements& out, const std::string& clone, const std::vector<check_constraint>& checks) {
  for (const auto& k : checks) {
    if (k.validated) continue;
    out.push_back(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", clone, identifier(k.name)));
    out.push_back(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}", clone, identifier(k.name), k.definition));
    comment_on(out, fmt::format("CONSTRAINT {} ON {}", identifier(k.name), clone), k.comment);
  }
}

std::string constraint_properties(const index& i) {
  return std::string{i.deferrable ? " DEFERRABLE" : ""} + (i.deferred ? " INITIALLY DEFERRED" : "");
}

void add_properties(deferred_index& d, const index& i, const std::string& schema, const std::string& on) {
  for (const auto& t : i.statistics_targets) {
    const auto space = t.find(' ');
    d.then.push_back(fmt::format("ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {}", qualified(schema, i.name),
                                 t.substr(0, space), t.substr(space + 1)));
  }
  if (i.clustered) d.then.push_back(fmt::format("ALTER TABLE {} CLUSTER ON {}", on, identifier(i.name)));
  if (i.replica_identity)
    d.then.push_back(fmt::format("ALTER TABLE {} REPLICA IDENTITY USING INDEX {}", on, identifier(i.name)));
  comment_on(d.then, "INDEX " + qualified(schema, i.name), i.comment);
  if (!i.constraint_name.empty())
    comment_on(d.then, fmt::format("CONSTRAINT {} ON {}", identifier(i.constraint_name), on), i.constraint_comment);
}

// An index of a partitioned table has no content of its own: nothing to build, and all else once those of the
// partitions stand. Its constraint cannot use an index that is there already.
deferred_index rebuild_partitioned(const index& i, const clone_target& target,
                                   const std::vector<std::string>& attached) {
  const auto on = qualified(target.schema, target.name);
  deferred_index d;
  d.name = i.name;
  d.then.push_back(
      fmt::format("SET LOCAL default_tablespace = {}", i.tablespace.empty() ? "''" : identifier(i.tablespace)));
  if (i.constraint_type) {
    const auto properties = constraint_properties(i);
    const auto what = i.constraint_definition.substr(0, i.constraint_definition.size() - properties.size());
    const bool told = i.options.empty() || i.constraint_type == 'x';  // an exclusion constraint is printed with them
    d.then.push_back(fmt::format("ALTER TABLE ONLY {} ADD CONSTRAINT {} {}{}{}", on, identifier(i.constraint_name),
                                 what, told ? "" : " WITH (" + storage_options(i.options) + ")", properties));
  } else {
    d.then.push_back(retarget(i.definition, on));
  }
  d.then.push_back("SET LOCAL default_tablespace = ''");
  for (const auto& name : attached)
    d.then.push_back(fmt::format("ALTER INDEX {} ATTACH PARTITION {}", qualified(target.schema, i.name),
                                 qualified(target.schema, name)));
  add_properties(d, i, target.schema, on);
  return d;
}

// The table as it is before its partitions are attached.
void clone_columns(statements& out, const shape& source, const clone_target& target) {
  const auto clone = qualified(target.schema, target.name);
  const auto kind = target.partition_key.empty() ? std::string{" USING heap"} : " PARTITION BY " + target.partition_key;
  out.push_back(fmt::format(
      "CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING STORAGE INCLUDING COMPRESSION "
      "INCLUDING COMMENTS INCLUDING CONSTRAINTS){}{}{}",
      clone, target.source, kind,
      source.options.empty() ? "" : fmt::format(" WITH ({})", storage_options(source.options)),
      source.tablespace.empty() ? "" : " TABLESPACE " + identifier(source.tablespace)));
  comment_on(out, "TABLE " + clone, source.comment);
  for (const auto& c : source.columns) {
    add_identity(out, clone, target.schema, c);
    add_column_properties(out, clone, c);
  }
  add_checks(out, clone, source.checks);
}

}  // namespace

deferred_index rebuild(const index& i, const std::string& schema, const std::string& table) {
  const auto on = qualified(schema, table);
  deferred_index d;
  d.name = i.name;
  d.tablespace = i.tablespace.empty() ? "" : identifier(i.tablespace);
  if (i.constraint_type == 'x') {
    d.create =
        fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}", on, identifier(i.constraint_name), i.constraint_definition);
  } else {
    d.create = retarget(i.definition, on);
    if (i.constraint_type)
      d.then.push_back(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {}{}", on,
                                   identifier(i.constraint_name), i.constraint_type == 'p' ? "PRIMARY KEY" : "UNIQUE",
                                   identifier(i.name), constraint_properties(i)));
  }
  add_properties(d, i, schema, on);
  return d;
}

std::string drop_index(const index& i, const std::string& schema, const std::string& table) {
  if (i.constraint_type)
    return fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", qualified(schema, table), identifier(i.constraint_name));
  return "DROP INDEX " + qualified(schema, i.name);
}

std::vector<deferred_index> rebuild_all(const std::vector<cloned_table>& tables) {
  std::vector<deferred_index> all;
  std::map<std::string, std::vector<std::string>> attached;  // parent: indexes of partitions
  for (auto t = tables.rbegin(); t != tables.rend(); ++t)
    for (const auto& i : t->table.indexes) {
      // One of a partitioned table is invalid as long as a partition has none: it is its parts that say so.
      if (!i.valid && t->target.partition_key.empty()) continue;
      all.push_back(t->target.partition_key.empty() ? rebuild(i, t->target.schema, t->target.name)
                                                    : rebuild_partitioned(i, t->target, attached[i.name]));
      if (!i.parent.empty()) attached[i.parent].push_back(i.name);
    }
  return all;
}

// A leaf has its indexes before it is attached: from PostgreSQL 18 on NOT NULL of a key that a partition is given is
// its own, and stays when the partitioned table's goes.
std::vector<std::string> clone_tables(const std::vector<cloned_table>& tables) {
  statements out{"SET LOCAL default_tablespace = ''"}, of_partitioned;
  for (const auto& [source, target] : tables) clone_columns(out, source, target);
  for (const auto& r : rebuild_all(tables)) {
    auto& list = r.create.empty() ? of_partitioned : out;
    list.push_back(fmt::format("SET LOCAL default_tablespace = {}", r.tablespace.empty() ? "''" : r.tablespace));
    if (!r.create.empty()) list.push_back(r.create);
    list.insert(list.end(), r.then.begin(), r.then.end());
  }
  for (const auto& [source, target] : tables)
    if (!target.parent.empty())
      out.push_back(fmt::format("ALTER TABLE ONLY {} ATTACH PARTITION {} {}", qualified(target.schema, target.parent),
                                qualified(target.schema, target.name), target.bound));
  out.insert(out.end(), of_partitioned.begin(), of_partitioned.end());
  out.push_back("SET LOCAL default_tablespace = ''");
  for (const auto& [source, target] : tables) {
    const auto clone = qualified(target.schema, target.name);
    if (source.replica_identity == 'f') out.push_back(fmt::format("ALTER TABLE {} REPLICA IDENTITY FULL", clone));
    if (source.replica_identity == 'n') out.push_back(fmt::format("ALTER TABLE {} REPLICA IDENTITY NOTHING", clone));
  }
  return out;
}

std::vector<std::string> place_sequences(const shape& source, const std::string& from,
                                         const std::string& clone_schema) {
  statements out;
  for (const auto& c : source.columns)
    if (c.sequence && c.sequence->owner_may_read)
      out.push_back(
          fmt::format("SELECT pg_catalog.setval({}::pg_catalog.regclass, s.last_value, s.is_called) FROM {} AS s",
                      literal(qualified(clone_schema, c.sequence->name)), qualified(from, c.sequence->name)));
  return out;
}

decoy_statements decoys(const std::string& schema, const std::vector<std::string>& names,
                        const std::vector<std::string>& constraints) {
  decoy_statements d;
  for (const auto& n : names) {
    d.create.push_back(fmt::format("CREATE TYPE {} AS ()", qualified(schema, n)));
    d.drop.push_back(fmt::format("DROP TYPE {}", qualified(schema, n)));
  }
  if (constraints.empty()) return d;
  const auto domain = qualified(schema, "eidolon decoy");
  d.create.push_back(fmt::format("CREATE DOMAIN {} AS pg_catalog.int4", domain));
  for (const auto& k : constraints)
    d.create.push_back(fmt::format("ALTER DOMAIN {} ADD CONSTRAINT {} CHECK (true)", domain, identifier(k)));
  d.drop.push_back("DROP DOMAIN " + domain);
  return d;
}

}  // namespace eidolon::plan
