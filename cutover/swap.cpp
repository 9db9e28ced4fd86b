#include "cutover/swap.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cutover/sql.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::cutover {
namespace {

using plan::ghost_name;
using plan::old_name;
using plan::source_name;
using postgres::identifier;
using postgres::literal;
using postgres::qualified;

// Of the i-th identity, local to the transaction.
std::string position(std::size_t i) { return fmt::format("eidolon.position_{}", i); }

bool goes_on(const plan::identity_handover& i) { return i.source_sequence && !i.restarted; }

}  // namespace

std::vector<std::string> complete_ghost(const plan::plan& p) {
  std::vector<std::string> out;
  for (const auto& i : p.identities)
    if (i.always)
      out.push_back(fmt::format("ALTER TABLE {} ALTER COLUMN {} SET GENERATED ALWAYS",
                                qualified(p.ghost_schema, i.table), identifier(i.ghost_column)));
  if (!p.replica_identity.empty())
    out.push_back(fmt::format("ALTER TABLE {} REPLICA IDENTITY {}", ghost_name(p), p.replica_identity));
  for (const auto& x : p.partitions)
    if (!x.replica_identity.empty())
      out.push_back(fmt::format("ALTER TABLE {} REPLICA IDENTITY {}", ghost_name(p, x), x.replica_identity));
  for (const auto& i : p.indexes)
    if (i.temporary) out.push_back("DROP INDEX " + qualified(p.ghost_schema, i.name));
  return out;
}

std::vector<std::string> move_tables(const plan::plan& p) {
  std::vector<std::string> out;
  for (const auto& s : p.sequences)
    if (s.ghost_column) out.push_back(fmt::format("ALTER SEQUENCE {} OWNED BY NONE", s.sequence));
  out.push_back(fmt::format("ALTER TABLE {} SET SCHEMA {}", source_name(p), identifier(p.old_schema)));
  out.push_back(fmt::format("ALTER TABLE {} SET SCHEMA {}", ghost_name(p), identifier(p.source.schema)));
  return out;
}

std::vector<std::string> move_partitions(const plan::plan& p) {
  std::vector<std::string> out;
  for (const auto& x : p.partitions) {
    out.push_back(fmt::format("ALTER TABLE {} SET SCHEMA {}", source_name(x), identifier(p.old_schema)));
    out.push_back(fmt::format("ALTER TABLE {} SET SCHEMA {}", ghost_name(p, x), identifier(x.schema)));
  }
  return out;
}

std::vector<std::string> hand_over_sequences(const plan::plan& p) {
  std::vector<std::string> out;
  for (const auto& s : p.sequences) {
    if (!s.ghost_column) continue;
    out.push_back(fmt::format("ALTER SEQUENCE {} OWNED BY {}.{}", s.sequence, s.table, identifier(*s.ghost_column)));
    if (!s.retype.empty()) out.push_back(fmt::format("ALTER SEQUENCE {} AS {}", s.sequence, s.retype));
  }
  for (const auto& i : p.identities)
    if (goes_on(i))
      out.push_back(fmt::format("SELECT setval({}::regclass, last_value, is_called) FROM {}",
                                literal(qualified(i.schema, i.ghost_sequence)),
                                qualified(p.old_schema, *i.source_sequence)));
  return out;
}

// Nothing but a sequence is read: a view that somebody puts in its place would be evaluated as the daemon.
std::vector<std::string> note_positions(const plan::plan& p) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < p.identities.size(); ++i)
    if (goes_on(p.identities[i]))
      out.push_back(fmt::format(
          "SELECT set_config({}, coalesce(pg_sequence_last_value({}::regclass)::text, 'none'), true)",
          literal(position(i)), literal(qualified(p.identities[i].schema, *p.identities[i].source_sequence))));
  return out;
}

std::vector<std::string> keep_ahead(const plan::plan& p) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < p.identities.size(); ++i) {
    if (!goes_on(p.identities[i])) continue;
    const auto old = qualified(p.old_schema, *p.identities[i].source_sequence);
    const auto anew = qualified(p.identities[i].schema, p.identities[i].ghost_sequence);
    out.push_back(fmt::format(fmt::runtime(sql::keep_ahead), fmt::arg("old", old), fmt::arg("old_name", literal(old)),
                              fmt::arg("new_name", literal(anew)), fmt::arg("noted", literal(position(i)))));
  }
  return out;
}

std::vector<std::string> tripwire(const plan::plan& p, const std::vector<std::uint32_t>& named) {
  const auto function = qualified(p.old_schema, "replaced");
  const auto trigger = identifier(fmt::format("eidolon_{}_replaced", p.job));
  const auto body = fmt::format(
      "BEGIN RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = {}, HINT = 'Try again: the statement "
      "was planned "
      "before a schema change replaced the table.'; END",
      literal(fmt::format("table {}.{} has been replaced", p.source.schema, p.source.name)));
  std::vector<std::string> out{
      fmt::format("CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS {}", function, literal(body))};
  std::vector<std::string> tables{old_name(p)};
  for (const auto& x : p.partitions)
    if (std::find(named.begin(), named.end(), x.oid) != named.end()) tables.push_back(old_name(p, x));
  for (const auto& table : tables) {
    out.push_back(
        fmt::format("CREATE TRIGGER {} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {} FOR EACH STATEMENT "
                    "EXECUTE FUNCTION {}()",
                    trigger, table, function));
    out.push_back(fmt::format("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}", table, trigger));
  }
  return out;
}

}  // namespace eidolon::cutover
