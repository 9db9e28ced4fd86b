#include "plan/compose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "plan/as_owner.hpp"
#include "plan/definitions.hpp"
#include "plan/direction.hpp"
#include "plan/key.hpp"
#include "plan/mapping.hpp"
#include "plan/same_operators.hpp"
#include "plan/sql_text.hpp"
#include "plan/summary.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {
namespace {

using postgres::identifier;
using postgres::literal;
using postgres::qualified;

// Whether an index of the ghost is unique over exactly the key's columns.
bool covers_key(const index& i, const std::vector<key_column>& key) {
  if (!i.valid || !i.unique || i.partial || i.has_expressions || !i.plain_columns || i.method != "btree") return false;
  return i.key_columns.size() == key.size() && std::all_of(key.begin(), key.end(), [&](const key_column& k) {
           return std::find(i.key_columns.begin(), i.key_columns.end(), k.ghost_name) != i.key_columns.end();
         });
}

// The key that survives, preferring one whose index the ghost keeps and checks immediately.
bool choose_key(plan& p, const composition& parts) {
  int best = -1;
  for (const auto* candidate : key_candidates(parts.source.source)) {
    const auto key = map_key(parts, *candidate);
    if (!key) continue;
    int score = 0;
    bool deferrable = false;  // ON CONFLICT takes every index on these columns
    for (const auto& i : parts.after.indexes) {
      if (!covers_key(i, *key)) continue;
      score = std::max(score, i.immediate ? 2 : 1);
      deferrable = deferrable || !i.immediate;
    }
    if (score <= best) continue;
    best = score;
    p.forward.key = *key;
    p.forward.operator_path = with_operators(p.trusted_path, candidate->operator_schemas);
    p.forward.key_deferrable = deferrable;
  }
  return best >= 0;
}

// The job's own, where the alteration leaves none. That of a partitioned ghost is made of named ones of its leaves:
// names that PostgreSQL chose could be taken by indexes that are built at the same time.
void add_key_index(plan& p, const composition& parts) {
  auto tables = tables_after(p, parts);
  std::map<std::string, std::string> names;  // by table
  for (auto& t : tables) {
    index own;
    own.name = names.empty() ? "eidolon key" : fmt::format("eidolon key {}", names.size());
    own.definition = fmt::format(
        "CREATE UNIQUE INDEX {} ON {}{} ({})", identifier(own.name), t.target.partition_key.empty() ? "" : "ONLY ",
        qualified(t.target.schema, t.target.name), postgres::identifiers(ghost_key(p.forward)));
    own.valid = true;
    if (!t.target.parent.empty()) own.parent = names.at(t.target.parent);
    names[t.target.name] = own.name;
    t.table.indexes = {std::move(own)};
  }
  for (auto& d : rebuild_all(tables)) {
    d.temporary = d.name == names.at(p.source.name);
    p.indexes.push_back(std::move(d));
  }
}

void plan_indexes(plan& p, const composition& parts) {
  p.indexes = rebuild_all(tables_after(p, parts));
  const auto serves = [&](const index& i) { return covers_key(i, p.forward.key); };
  if (std::none_of(parts.after.indexes.begin(), parts.after.indexes.end(), serves)) add_key_index(p, parts);
}

// Checks that are valid on a partition (from its creation, or by VALIDATE) while those of its parent are not: dropped
// with the parent's, and added to the empty ghost again. In the cutover the parent's come on top of them.
void keep_valid_checks(plan& p, const std::vector<cloned_table>& tables) {
  for (const auto& [table, target] : tables) {
    const auto parent =
        std::find_if(tables.begin(), tables.end(), [&](const auto& t) { return t.target.name == target.parent; });
    if (parent == tables.end()) continue;
    const auto on = qualified(target.schema, target.name);
    for (const auto& k : table.checks) {
      if (!k.validated || !k.inherited) continue;
      if (std::none_of(parent->table.checks.begin(), parent->table.checks.end(),
                       [&](const check_constraint& x) { return x.name == k.name && !x.validated; }))
        continue;
      p.build_ghost.push_back(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}", on, identifier(k.name), k.definition));
      comment_on(p.build_ghost, fmt::format("CONSTRAINT {} ON {}", identifier(k.name), on), k.comment);
    }
  }
}

// Partitions have some from their parents.
void plan_late_constraints(plan& p, const composition& parts) {
  for (const auto& [table, target] : tables_after(p, parts)) {
    const auto on = qualified(target.schema, target.name);
    for (const auto& k : table.checks) {
      if (k.validated) continue;
      if (!k.inherited)
        p.late_constraints.push_back(
            fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}", on, identifier(k.name), k.definition));
      comment_on(p.late_constraints, fmt::format("CONSTRAINT {} ON {}", identifier(k.name), on), k.comment);
    }
  }
}

bool restarted(const composition& parts, int number) {
  return std::any_of(parts.stages.begin(), parts.stages.end(), [&](const stage& s) {
    return std::any_of(s.before.begin(), s.before.end(), [&](const column& c) {
      return c.number == number && std::find(s.restarted.begin(), s.restarted.end(), c.name) != s.restarted.end();
    });
  });
}

// The table, or a partition of it: as it is, and as its clone is after the statements.
struct altered_table {
  std::string schema, name;
  const shape& source;
  const shape& after;
};

std::vector<altered_table> altered_tables(const plan& p, const composition& parts) {
  std::vector<altered_table> all{{p.source.schema, p.source.name, parts.source.source, parts.after}};
  for (std::size_t i = 0; i < parts.partitions.size(); ++i) {
    const auto& m = parts.source.partitions[i];
    all.push_back({m.schema, m.name, m.table, parts.partitions[i]});
  }
  return all;
}

// The numbers of a clone have no gaps.
const column* source_of(const altered_table& t, const column& after) {
  const auto place = static_cast<std::size_t>(after.number) - 1;
  return place < t.source.columns.size() ? &t.source.columns[place] : nullptr;
}

const column* clone_of(const altered_table& t, const std::string& source_column) {
  for (const auto& after : t.after.columns)
    if (const auto* before = source_of(t, after); before && before->name == source_column) return &after;
  return nullptr;
}

void plan_identities(plan& p, const composition& parts) {
  for (const auto& t : altered_tables(p, parts))
    for (const auto& c : t.after.columns) {
      if (!c.sequence) continue;
      const auto* before = source_of(t, c);
      // The statements are about the table: they restart no partition's.
      const bool anew = &t.after == &parts.after && restarted(parts, c.number);
      identity_handover h{t.schema, t.name, c.name, c.identity == 'a', c.sequence->name, std::nullopt, anew};
      if (before && before->sequence) h.source_sequence = before->sequence->name;
      p.identities.push_back(std::move(h));
    }
}

int integer_rank(const std::string& type) {
  static constexpr auto types = std::to_array<std::string_view>({"smallint", "integer", "bigint"});
  return static_cast<int>(std::find(types.begin(), types.end(), type) - types.begin());
}

std::vector<refusal> plan_sequences(plan& p, const composition& parts) {
  std::vector<refusal> no;
  const auto tables = altered_tables(p, parts);
  for (const auto& s : parts.sequences) {
    const auto t = std::find_if(tables.begin(), tables.end(), [&](const auto& x) { return x.name == s.table; });
    const auto* before = t->source.find(s.column);
    const auto* after = clone_of(*t, s.column);
    sequence_handover h{qualified(t->schema, t->name), qualified(s.schema, s.name), std::nullopt, ""};
    if (after) {
      h.ghost_column = after->name;
      const int column_rank = integer_rank(after->type);
      if (before->type != after->type && column_rank < 3 && integer_rank(s.type) < column_rank) h.retype = after->type;
    } else if (s.used_elsewhere) {
      no.push_back(
          {"sequence_used_elsewhere",
           fmt::format("Column {} is dropped, but its sequence {}.{} is used elsewhere.", s.column, s.schema, s.name),
           fmt::format("ALTER SEQUENCE {}.{} OWNED BY NONE first.", s.schema, s.name)});
    }
    p.sequences.push_back(std::move(h));
  }
  return no;
}

// Without a key the rows of a published table could not be deleted; of a partitioned one, the rows of its leaves.
// Returns what comes in the cutover; an index that becomes the identity says so itself.
std::string identify_by_row(std::vector<std::string>& out, const shape& table, const std::string& ghost) {
  if (table.replica_identity == 'f') return "";
  out.push_back(fmt::format("ALTER TABLE {} REPLICA IDENTITY FULL", ghost));
  if (table.replica_identity == 'i') return "";
  return table.replica_identity == 'n' ? "NOTHING" : "DEFAULT";
}

void plan_replica_identities(plan& p, const composition& parts) {
  if (!p.forward.partitioned) p.replica_identity = identify_by_row(p.build_ghost, parts.after, ghost_name(p));
  for (std::size_t i = 0; i < p.partitions.size(); ++i)
    if (p.partitions[i].leaf)
      p.partitions[i].replica_identity =
          identify_by_row(p.build_ghost, parts.partitions[i], ghost_name(p, p.partitions[i]));
}

// The clone, the user's statements, and then off with everything that would slow the copy or reject a row of it.
void plan_ghost(plan& p, const composition& parts) {
  auto& out = p.build_ghost;
  out = parts.clone;
  const auto hung_on = hang_on(parts.source.neighbours, parts.stand);
  out.insert(out.end(), hung_on.begin(), hung_on.end());
  out.insert(out.end(), parts.decoy.create.begin(), parts.decoy.create.end());
  out.push_back(fmt::format("{}; {}; SELECT set_config('search_path', {}, true)", set_role_output, set_role_input,
                            literal(p.search_path)));
  out.insert(out.end(), parts.statements.begin(), parts.statements.end());
  out.push_back(fmt::format("{}; SET LOCAL search_path = pg_catalog, pg_temp", set_session_settings));
  out.insert(out.end(), parts.decoy.drop.begin(), parts.decoy.drop.end());
  const auto taken_off = take_off(parts.neighbours, parts.stand);
  out.insert(out.end(), taken_off.begin(), taken_off.end());
  const auto tables = tables_after(p, parts);
  for (const auto& [table, target] : tables) {
    for (const auto& i : table.indexes)
      if (i.parent.empty()) out.push_back(drop_index(i, target.schema, target.name));
    for (const auto& k : table.checks)
      if (!k.validated && !k.inherited)
        out.push_back(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", qualified(target.schema, target.name),
                                  identifier(k.name)));
  }
  keep_valid_checks(p, tables);
  for (const auto& i : p.identities)
    if (i.always)
      out.push_back(fmt::format("ALTER TABLE {} ALTER COLUMN {} SET GENERATED BY DEFAULT",
                                qualified(p.ghost_schema, i.table), identifier(i.ghost_column)));
  if (!p.published.empty()) plan_replica_identities(p, parts);
}

// What goes by where the rows lie: two sessions would put rows from stretches that are far apart side by side, and
// every range of blocks of a BRIN index would span both.
void plan_order(plan& p, const composition& parts) {
  for (const auto& t : tables_after(p, parts))
    for (const auto& i : t.table.indexes) {
      const bool by_blocks = i.method == "brin";
      if (p.in_order || !i.valid || (!by_blocks && !i.clustered)) continue;
      p.in_order = true;
      p.warnings.push_back(
          fmt::format("One session copies the rows, whatever workers says, so that they stay in their order: {} {}.",
                      by_blocks ? "there is the BRIN index" : "the table is marked CLUSTER ON", i.name));
    }
}

void plan_partitions(plan& p, const facts& f) {
  for (const auto& m : f.partitions) p.partitions.push_back({m.oid, m.schema, m.name, m.partition_key.empty()});
  p.forward.partitioned = !f.partition_key.empty();
  // The view of as_owner.cpp has a ctid and a tableoid beside the columns, which an expression over the whole row must
  // not see.
  if (!p.forward.partitioned && !f.hidden_from_owner) return;
  std::vector<std::string> names;
  for (const auto& c : f.source.columns) names.push_back(c.name);
  p.forward.row = postgres::identifiers(names);
}

// By USING, or by a cast to a type that rounds, cuts or compares in another way.
std::set<std::string> computed_columns(const composition& parts) {
  std::set<std::string> found;
  for (const auto& s : parts.stages)
    for (const auto& before : s.before) {
      const auto* then = by_number(s.after, before.number);
      const auto* after = parts.after.find(before.number);
      if (!then || !after) continue;
      const bool by_expression = std::any_of(s.usings.begin(), s.usings.end(), [&](const computed_column& u) {
        return u.column == before.name && !u.plain_cast;
      });
      if (by_expression || !injective(before, *then)) found.insert(after->name);
    }
  return found;
}

}  // namespace

std::vector<cloned_table> tables_after(const plan& p, const composition& parts) {
  std::vector<cloned_table> all{{parts.after, {p.ghost_schema, p.source.name, "", parts.source.partition_key}}};
  for (std::size_t i = 0; i < parts.partitions.size(); ++i) {
    const auto& m = parts.source.partitions[i];
    all.push_back({parts.partitions[i], {p.ghost_schema, m.name, "", m.partition_key, m.parent, m.bound}});
  }
  return all;
}

outcome compose(plan p, const composition& parts) {
  p.forward.from = source_name(p);
  p.forward.to = ghost_name(p);
  if (parts.source.hidden_from_owner) p.forward.view = qualified(p.ghost_schema, "eidolon rows");
  p.forward.alias = identifier(p.source.name);
  plan_partitions(p, parts.source);
  p.forward.columns = map_columns(parts);
  p.forward.stages = stage_lists(parts.stages);
  for (const auto& before : parts.before.columns)
    if (const auto* after = parts.after.find(before.number)) p.kept.push_back({before.name, after->name});
  for (const auto& c : parts.after.columns)
    if (c.large) p.large.push_back(c.name);
  if (!choose_key(p, parts))
    return std::vector<refusal>{
        {"no_usable_key",
         fmt::format("No key of {} survives: the alteration drops its columns, or changes them in a way that could "
                     "merge rows.",
                     display_name(parts.source)),
         "Keep a primary key or a unique index over NOT NULL columns as it is; key columns may only be widened "
         "(integer to bigint, varchar to text)."}};
  plan_indexes(p, parts);
  plan_late_constraints(p, parts);
  plan_order(p, parts);
  plan_identities(p, parts);
  auto no = plan_sequences(p, parts);
  if (!no.empty()) return no;
  plan_ghost(p, parts);
  p.neighbours = plan_hand_over(parts.source.neighbours, parts.neighbours, parts.stand, p, computed_columns(parts));
  p.summary = summarize(p, parts);
  const auto warn = [&](const shape& s) {
    for (const auto& i : s.indexes)
      if (!i.valid) p.warnings.push_back(fmt::format("Index {} is invalid and will not be rebuilt.", i.name));
  };
  if (parts.source.partition_key.empty()) warn(parts.source.source);
  for (const auto& m : parts.source.partitions)
    if (m.partition_key.empty()) warn(m.table);
  return p;
}

}  // namespace eidolon::plan
