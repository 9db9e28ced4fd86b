// What the cutover does with everything that hangs on the table.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "plan/definitions.hpp"
#include "plan/foreign_key_text.hpp"
#include "plan/rebuilt_views.hpp"
#include "plan/sql_text.hpp"
#include "plan/stand_ins.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {
namespace {

using postgres::identifier;
using postgres::literal;
using postgres::qualified;
using statements = std::vector<std::string>;

// The OID at the end of a stand-in's name.
std::uint32_t oid_in(const std::string& name, std::string_view prefix) {
  std::uint32_t oid = 0;
  if (name.starts_with(prefix)) std::from_chars(name.data() + prefix.size(), name.data() + name.size(), oid);
  return oid;
}

template <class Items>
const typename Items::value_type* by_oid(const Items& items, std::uint32_t oid) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& i) { return i.oid == oid; });
  return found == items.end() ? nullptr : &*found;
}

// A table's name in a statement that can be parsed, always quoted.
const std::string select_from = "SELECT FROM ";

std::string canonical_name(const std::string& statement) {
  return replace_tables(statement, [](const std::string& schema, const std::string& name) {
    return std::optional{qualified(schema, name)};
  });
}

class hand_over_builder {
 public:
  hand_over_builder(const neighbourhood& before, const neighbourhood& after, const stand_ins& s, const plan& p,
                    const std::set<std::string>& computed)
      : before_{before}, after_{after}, s_{s}, p_{p}, computed_{computed}, source_{source_name(p)} {}

  hand_over build() {
    h_.state = before_.state;
    lock_views();
    lock_tables();
    foreign_keys();
    for (const auto& t : after_.triggers) add_reaction(h_.attach, t, "TRIGGER", s_.clone_of(t.on), t.definition);
    for (const auto& t : after_.trigger_states) add_trigger_state(h_.attach, t, s_.clone_of(t.on));
    for (const auto& r : after_.rules) add_reaction(h_.attach, r, "RULE", s_.clone_of(r.on), r.definition);
    row_security();
    for (const auto& v : after_.views) replace_view(v);
    for (const auto& m : before_.materialized_views) exchange(m);
    for (const auto& m : before_.materialized_views)
      for (const auto& v : m.readers) replace_reader(v);
    // They were made in this order, and none is gone: a CASCADE that takes one is refused.
    for (std::size_t i = 0; i < std::min(before_.functions.size(), after_.functions.size()); ++i)
      replace_function(before_.functions[i], after_.functions[i]);
    defined_elsewhere();
    for (const auto& x : before_.publications)
      h_.release.push_back(fmt::format("ALTER PUBLICATION {} DROP TABLE {}", identifier(x.name), s_.real_of(x.on)));
    for (const auto& x : after_.publications) h_.attach.push_back(add_to_publication(x, s_.clone_of(x.on)));
    security_labels();
    statistics();
    comment_on(h_.settle, "TYPE " + source_, before_.row_type_comment);
    for (const auto& x : before_.partitions) comment_on(h_.settle, "TYPE " + s_.real_of(x.on), x.row_type_comment);
    for (const auto& f : before_.row_type_functions) replace_function(f);
    silence_old_table();
    for (auto* texts : {&h_.attach, &h_.settle}) read_as_planned(*texts);
    return std::move(h_);
  }

 private:
  // As the stand-ins were, which have the operators of what they stand for.
  void read_as_planned(std::vector<std::string>& texts) const {
    if (s_.path.empty() || texts.empty()) return;
    texts.insert(texts.begin(), "SET LOCAL search_path = " + s_.path);
    texts.push_back("SET LOCAL search_path = pg_catalog, pg_temp");
  }

  // Rules and policies keep their identity, and with it comment and enable state; a trigger does not.
  void defined_elsewhere() {
    for (const auto& e : before_.elsewhere_defined) {
      const auto on = qualified(e.schema, e.bare_name);
      const auto t = std::find_if(s_.twins.begin(), s_.twins.end(), [&](const twin& x) { return x.oid == e.on; });
      if (e.kind == elsewhere::what::trigger) {
        h_.release.push_back(fmt::format("DROP TRIGGER {} ON {}", identifier(e.name), on));
        add_reaction(h_.attach, {e.name, e.definition, e.enabled, e.comment}, "TRIGGER", on, s_.to_clone(e.definition));
      } else if (t == s_.twins.end()) {
        continue;
      } else if (e.kind == elsewhere::what::rule) {
        for (const auto& r : t->rules)
          if (r.name == e.name) h_.attach.push_back(replaced_rule(*t, r));
      } else {
        for (const auto& p : t->policies)
          if (p.name == e.name) h_.attach.push_back(altered_policy(on, p));
      }
    }
  }

  std::string replaced_rule(const twin& t, const reaction_of_table& r) const {
    const auto real = [&](const std::string& schema, const std::string& name) {
      return schema == s_.twin_schema() && name == t.real.name ? std::optional{qualified(t.real.schema, t.real.name)}
                                                               : std::nullopt;
    };
    return replace_tables(replacing_rule(r.definition), real, mentions::as_table_or_row_type);
  }

  static std::string altered_policy(const std::string& on, const policy& p) {
    return fmt::format("ALTER POLICY {} ON {}{}{}", identifier(p.name), on,
                       p.using_expression ? " USING (" + *p.using_expression + ")" : "",
                       p.check_expression ? " WITH CHECK (" + *p.check_expression + ")" : "");
  }

  // Readers of readers first, as a query locks them.
  void lock_views() {
    for (auto m = before_.materialized_views.rbegin(); m != before_.materialized_views.rend(); ++m) {
      for (const auto& v : m->readers) lock_view(v);
      lock_view(m->self);
    }
    for (const auto& v : before_.views) lock_view(v);
    for (const auto& e : before_.elsewhere_defined) {
      const auto on = qualified(e.schema, e.bare_name);
      if (locked(e.on)) continue;
      h_.locks.push_back({e.on, e.on_view ? fmt::format("ALTER VIEW {} SET SCHEMA {}", on, identifier(e.schema))
                                          : fmt::format("LOCK TABLE {}{} IN ACCESS EXCLUSIVE MODE",
                                                        e.kind == elsewhere::what::trigger ? "" : "ONLY ", on)});
    }
  }

  void lock_view(const view& v) {
    if (locked(v.oid)) return;
    // To the schema in which it is: the lock, and nothing else. (OWNER TO would undo what somebody commits before it.)
    h_.locks.push_back({v.oid, fmt::format("ALTER {} {} SET SCHEMA {}", v.materialized ? "MATERIALIZED VIEW" : "VIEW",
                                           v.name, identifier(v.schema))});
  }

  bool locked(std::uint32_t oid) const {
    return std::any_of(h_.locks.begin(), h_.locks.end(), [&](const cutover_lock& l) { return l.oid == oid; });
  }

  void lock_table(std::uint32_t oid, const std::string& name, bool partitioned, bool may_lock) {
    if (locked(oid) || !may_lock) return;
    h_.locks.push_back(
        {oid, fmt::format("LOCK TABLE ONLY {} IN ACCESS EXCLUSIVE MODE", name), partitioned ? name : std::string{}});
  }

  // Referencing tables first: a writer of one locks it, and then what it refers to.
  void lock_tables() {
    for (const bool outgoing : {false, true})
      for (const auto& k : before_.foreign_keys)
        if (k.outgoing == outgoing && !(k.outgoing && k.incoming))
          lock_table(k.other, k.other_name, k.other_is_partitioned, k.may_lock);
    for (const auto& shell : s_.shells)
      lock_table(shell.oid, qualified(shell.real.schema, shell.real.name), shell.is_partitioned, shell.may_lock);
  }

  const foreign_key* as_before(const foreign_key& after) const {
    const auto on = canonical_name(s_.to_real(select_from + after.on_table));
    const auto found =
        std::find_if(before_.foreign_keys.begin(), before_.foreign_keys.end(), [&](const foreign_key& k) {
          return s_.hung_name(k) == after.name && k.on == after.on && k.outgoing == after.outgoing &&
                 (k.outgoing || canonical_name(select_from + k.on_table) == on);
        });
    return found == before_.foreign_keys.end() ? nullptr : &*found;
  }

  void foreign_keys() {
    for (const auto& k : before_.foreign_keys)
      h_.release.push_back(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", k.on_table, identifier(k.name)));
    for (auto k : after_.foreign_keys) {
      const auto* before = as_before(k);
      if (before) k.name = before->name;
      if (k.validated && k.outgoing && is_partitioned(k.on)) {
        by_partition(k, before, k.parts, s_.clone_of(k.on), s_.real_of(k.on));
        continue;
      }
      if (k.validated && before && before->incoming && before->other_is_partitioned) {
        by_partition(k, before, before->parts, before->on_table, before->on_table);
        continue;
      }
      auto add = s_.to_real(add_foreign_key(k));
      if (k.validated) add += " NOT VALID";
      h_.attach.push_back(std::move(add));
      const auto on_now = s_.to_real(select_from + k.on_table).substr(select_from.size());
      comment_on(h_.attach, fmt::format("CONSTRAINT {} ON {}", identifier(k.name), on_now), k.comment);
      // Those of partitions follow their parent's, and cannot be renamed alone.
      const bool plain = before && !before->other_is_partitioned && !p_.forward.partitioned;
      if (plain && !before->action_names.empty()) h_.attach.push_back(in_former_order(*before, on_now, k.name));
      if (!k.validated) continue;
      h_.validate.push_back({fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}",
                                         k.outgoing ? s_.real_of(k.on) : on_now, identifier(k.name)),
                             validator_of(k, before), 0});
      check(k, before, on_now);
    }
  }

  bool is_partitioned(const std::string& on) const {
    if (on.empty()) return p_.forward.partitioned;
    return std::any_of(p_.partitions.begin(), p_.partitions.end(),
                       [&](const partition& x) { return x.name == on && !x.leaf; });
  }

  std::string validator_of(const foreign_key& k, const foreign_key* before) const {
    return k.outgoing || !before ? p_.source.owner : before->on_owner;
  }

  // A key that is new, of which columns are computed, or that compares by other operators now (citext and text).
  void check(const foreign_key& k, const foreign_key* before, const std::string& on_now) {
    const auto& mine = k.outgoing ? k.columns : k.referenced_columns;
    const auto computed = [&](const std::string& column) { return computed_.contains(column); };
    const bool changed =
        std::any_of(mine.begin(), mine.end(), computed) ||
        (k.incoming && std::any_of(k.referenced_columns.begin(), k.referenced_columns.end(), computed));
    if (before && before->validated && before->operators == k.operators && !changed) return;
    const auto referenced =
        s_.to_real(select_from + (k.incoming ? s_.clone_of(k.on) : k.other_name)).substr(select_from.size());
    h_.checks.push_back(violation_of(k, on_now, referenced));
  }

  // A foreign key of a partitioned table cannot be made NOT VALID (before PostgreSQL 18), but those of its partitions
  // can. Once they are valid, the table's own is added without a look at the rows. k: on the clone; parts: of the table
  // that will have it, which is called on_now under the lock and on_then after it.
  void by_partition(const foreign_key& k, const foreign_key* before, const std::vector<foreign_key_part>& parts,
                    const std::string& on_now, const std::string& on_then) {
    // Under a name of our own, so that what follows it is the definition whatever the key is called.
    static const std::string add_key = "ALTER TABLE t ADD CONSTRAINT k ";
    const auto what = s_.to_real(add_key + k.definition).substr(add_key.size());
    const auto then = s_.in_place(add_key + what).substr(add_key.size());
    const auto validator = validator_of(k, before);
    check(k, before, on_now);
    std::string attach;  // in one: all their locks are held
    for (const auto& part : parts) {
      const auto after = k.outgoing ? s_.real_of(part.table) : qualified(part.schema, part.table);
      const auto name = identifier(part.name);
      if (part.kind == 'p') {
        h_.validate.push_back({fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}", after, name, then), validator, 0});
        continue;
      }
      attach += fmt::format("{}ALTER TABLE {} ADD CONSTRAINT {} {} NOT VALID", attach.empty() ? "" : "; ",
                            qualified(part.schema, part.table), name, what);
      h_.validate.push_back({fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {}", after, name), validator, 0});
    }
    if (!attach.empty()) h_.attach.push_back(std::move(attach));
    h_.validate.push_back(
        {fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}", on_then, identifier(k.name), then), validator, 0});
    if (k.comment)
      h_.validate.push_back(
          {fmt::format("COMMENT ON CONSTRAINT {} ON {} IS {}", identifier(k.name), on_then, literal(*k.comment)), "",
           0});
  }

  void row_security() {
    for (const auto& x : after_.policies) {
      h_.attach.push_back(create_policy(x, s_.clone_of(x.on), x.using_expression, x.check_expression));
      comment_on(h_.attach, fmt::format("POLICY {} ON {}", identifier(x.name), s_.clone_of(x.on)), x.comment);
    }
    if (after_.row_security) h_.attach.push_back(fmt::format("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", s_.clone));
    if (after_.forced_row_security)
      h_.attach.push_back(fmt::format("ALTER TABLE {} FORCE ROW LEVEL SECURITY", s_.clone));
    for (const auto& x : after_.partitions) add_row_security(h_.attach, x, s_.clone_of(x.on));
  }

  // In one: all their locks are held.
  void security_labels() {
    std::string text;
    for (const auto& x : after_.labels) text += (text.empty() ? "" : "; ") + set_label(x, p_.ghost_schema);
    if (!text.empty()) h_.attach.push_back(std::move(text));
  }

  std::string replacement_of(const view& real, const std::string& definition) const {
    return fmt::format("CREATE OR REPLACE VIEW {}{} AS {}", real.name,
                       real.options.empty() ? "" : " WITH (" + real.options + ")", without_semicolon(definition));
  }

  bool reads_materialized(std::uint32_t oid) const {
    return std::any_of(before_.materialized_views.begin(), before_.materialized_views.end(),
                       [&](const materialized_view& m) { return by_oid(m.readers, oid) != nullptr; });
  }

  void replace_view(const view& v) {
    const auto* real = by_oid(before_.views, oid_in(v.bare_name, view_prefix));
    if (real && !real->materialized && !reads_materialized(real->oid))
      h_.attach.push_back(replacement_of(*real, v.definition));
  }

  // A view of a materialized view finds the new one by its name, so it is replaced after the move.
  void replace_reader(const view& v) {
    auto definition = v.definition;
    for (const auto& direct : after_.views)
      if (oid_in(direct.bare_name, view_prefix) == v.oid) definition = direct.definition;
    auto text = s_.in_place(replacement_of(v, definition));
    if (std::find(h_.settle.begin(), h_.settle.end(), text) == h_.settle.end()) h_.settle.push_back(std::move(text));
  }

  void exchange(const materialized_view& m) {
    auto made = rebuild(m, before_, after_, s_, p_);
    h_.settle.push_back(fmt::format("ALTER MATERIALIZED VIEW {} SET SCHEMA {}", made.name, identifier(p_.old_schema)));
    h_.drop.insert(h_.drop.begin(),
                   fmt::format("DROP MATERIALIZED VIEW {}", qualified(p_.old_schema, m.self.bare_name)));
    h_.settle.push_back(
        fmt::format("ALTER MATERIALIZED VIEW {} SET SCHEMA {}", made.ghost_name, identifier(m.self.schema)));
    h_.rebuilt.push_back(std::move(made));
  }

  // The names are exchanged by way of one that nobody else has.
  void statistics() {
    for (const auto& x : before_.statistics) {
      const auto aside = statistics_prefix + std::to_string(x.oid);
      h_.settle.push_back(
          fmt::format("ALTER STATISTICS {} RENAME TO {}", qualified(x.schema, x.name), identifier(aside)));
      h_.settle.push_back(
          fmt::format("ALTER STATISTICS {} SET SCHEMA {}", qualified(x.schema, aside), identifier(p_.old_schema)));
    }
    for (const auto& x : after_.statistics) {
      const auto* real = by_oid(before_.statistics, oid_in(x.name, statistics_prefix));
      if (!real) continue;
      auto name = qualified(p_.ghost_schema, x.name);
      h_.statistics.push_back(x.definition);
      h_.settle.push_back(fmt::format("ALTER STATISTICS {} SET STATISTICS {}", name, x.target));
      h_.settle.push_back(
          fmt::format("COMMENT ON STATISTICS {} IS {}", name, x.comment ? literal(*x.comment) : "NULL"));
      if (real->owner != p_.source.owner) {
        const auto owner = identifier(real->owner);
        h_.settle.push_back(fmt::format("GRANT USAGE, CREATE ON SCHEMA {} TO {}", identifier(p_.ghost_schema), owner));
        h_.settle.push_back(fmt::format("ALTER STATISTICS {} OWNER TO {}", name, owner));
      }
      h_.settle.push_back(fmt::format("ALTER STATISTICS {} RENAME TO {}", name, identifier(real->name)));
      h_.settle.push_back(fmt::format("ALTER STATISTICS {} SET SCHEMA {}", qualified(p_.ghost_schema, real->name),
                                      identifier(real->schema)));
    }
  }

  // Nothing locks a function: one that somebody drops in that moment is made anew, and is not the daemon's.
  void replace_function(const sql_function& before, const sql_function& after) {
    h_.attach.push_back(renamed_function(after, before.name));
    h_.attach.push_back(fmt::format("ALTER ROUTINE {} OWNER TO {}", before.signature, before.owner));
  }

  // Its signature cannot be replaced. It goes aside by its OID, under a name that is free there: its arguments' types
  // have moved with the old table.
  void replace_function(const row_type_function& f) {
    h_.settle.push_back(fmt::format(
        "DO $eidolon$ BEGIN EXECUTE pg_catalog.format('ALTER ROUTINE %s RENAME TO moved_aside_{0}', "
        "{0}::pg_catalog.regprocedure); "
        "EXECUTE pg_catalog.format('ALTER ROUTINE %s SET SCHEMA %I', {0}::pg_catalog.regprocedure, {1}); END $eidolon$",
        f.oid, literal(p_.old_schema)));
    h_.settle.push_back(f.definition);
    h_.settle.push_back(fmt::format("ALTER ROUTINE {} OWNER TO {}", f.name, f.owner));
    comment_on(h_.settle, "ROUTINE " + f.name, f.comment);
    h_.functions.push_back({f.oid, f.name});
  }

  // Triggers on a partitioned table take those of its partitions along; a partition's own are switched off there. Rules
  // and policies go: they may mention other tables, whose own jobs would come upon them.
  void silence_old_table() {
    std::set<std::string> with_triggers;
    for (const auto& t : before_.triggers)
      if (with_triggers.insert(t.on).second)
        h_.settle.push_back(fmt::format("ALTER TABLE {} DISABLE TRIGGER USER", old_of(t.on)));
    for (const auto& r : before_.rules)
      h_.settle.push_back(fmt::format("DROP RULE {} ON {}", identifier(r.name), old_of(r.on)));
    for (const auto& x : before_.policies)
      h_.settle.push_back(fmt::format("DROP POLICY {} ON {}", identifier(x.name), old_of(x.on)));
  }

  std::string old_of(const std::string& on) const { return on.empty() ? old_name(p_) : qualified(p_.old_schema, on); }

  const neighbourhood& before_;
  const neighbourhood& after_;
  const stand_ins& s_;
  const plan& p_;
  const std::set<std::string>& computed_;
  std::string source_;
  hand_over h_;
};

}  // namespace

hand_over plan_hand_over(const neighbourhood& before, const neighbourhood& after, const stand_ins& s, const plan& p,
                         const std::set<std::string>& computed) {
  return hand_over_builder{before, after, s, p, computed}.build();
}

}  // namespace eidolon::plan
