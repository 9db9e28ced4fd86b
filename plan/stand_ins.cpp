#include "plan/stand_ins.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plan/definitions.hpp"
#include "plan/sql_text.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {
namespace {

using postgres::identifier;
using postgres::qualified;
using statements = std::vector<std::string>;

std::string stand_in(const stand_ins& s, const char* prefix, std::uint32_t oid) {
  return qualified(s.ghost_schema, prefix + std::to_string(oid));
}

// An expression is parsed as the select list that it could be.
std::string expression_to_clone(const stand_ins& s, const std::string& expression) {
  static const std::string select = "SELECT ";
  return s.to_clone(select + expression).substr(select.size());
}

}  // namespace

std::string stand_ins::shell_name(std::uint32_t oid) const { return stand_in(*this, shell_prefix, oid); }

std::string stand_ins::view_name(std::uint32_t oid) const { return stand_in(*this, view_prefix, oid); }

std::string stand_ins::hung_name(const foreign_key& k) const {
  const auto elsewhere = [&](const shell& x) { return x.oid == k.other && x.real.schema != source.schema; };
  if (k.outgoing || std::none_of(shells.begin(), shells.end(), elsewhere)) return k.name;
  constexpr std::size_t longest_name = 63;
  const auto by_oid = key_prefix + std::to_string(k.oid);
  const auto with_name = by_oid + " " + k.name;
  return with_name.size() > longest_name ? by_oid : with_name;
}

std::string stand_ins::to_clone(const std::string& text) const {
  return replace_tables(
      text,
      [this](const std::string& schema, const std::string& name) {
        return clone_of_table({schema, name});
      },
      mentions::as_table_or_row_type);
}

std::optional<std::string> stand_ins::clone_of_table(const table_reference& table) const {
  if (table == source) return clone;
  if (std::find(partitions.begin(), partitions.end(), table) != partitions.end()) return clone_of(table.name);
  return std::nullopt;
}

std::string stand_ins::clone_of(const std::string& on) const {
  return on.empty() ? clone : qualified(ghost_schema, on);
}

std::string stand_ins::real_of(const std::string& on) const {
  for (const auto& p : partitions)
    if (p.name == on) return qualified(p.schema, p.name);
  return qualified(source.schema, source.name);
}

std::string stand_ins::in_place(const std::string& text) const {
  const auto real = [this](const std::string& schema, const std::string& name) -> std::optional<std::string> {
    if (schema != ghost_schema) return std::nullopt;
    if (name == source.name) return real_of("");
    for (const auto& p : partitions)
      if (p.name == name) return real_of(name);
    return std::nullopt;
  };
  return replace_tables(text, real, mentions::as_table_or_row_type);
}

std::string stand_ins::to_real(const std::string& text) const {
  return replace_tables(text, [this](const std::string& schema, const std::string& name) -> std::optional<std::string> {
    if (schema != ghost_schema) return std::nullopt;
    for (const auto& s : shells)
      if (shell_name(s.oid) == qualified(schema, name)) return qualified(s.real.schema, s.real.name);
    return std::nullopt;
  });
}

std::vector<std::string> hang_on(const neighbourhood& n, const stand_ins& s) {
  statements out;
  for (const auto& shell : s.shells) {
    out.push_back(fmt::format("CREATE TABLE {} ({})", s.shell_name(shell.oid), shell.columns));
    for (const auto& key : shell.keys)
      out.push_back(fmt::format("ALTER TABLE {} ADD {}", s.shell_name(shell.oid), key));
  }
  for (auto k : n.foreign_keys) {
    k.name = s.hung_name(k);
    const auto instead = [&](const std::string& schema, const std::string& name) -> std::optional<std::string> {
      const auto clone = s.clone_of_table({schema, name});
      return clone ? clone : s.shell_name(k.other);
    };
    // Those of the partitions first, so that they keep their names.
    for (const auto& part : k.parts)
      if (k.outgoing)
        out.push_back(
            replace_tables(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}", qualified(part.schema, part.table),
                                       identifier(part.name), k.definition),
                           [&](const std::string& schema, const std::string& name) -> std::optional<std::string> {
                             if (table_reference{schema, name} == table_reference{part.schema, part.table})
                               return qualified(s.ghost_schema, name);
                             return instead(schema, name);
                           }));
    out.push_back(replace_tables(add_foreign_key(k), instead));
    comment_on(
        out,
        fmt::format("CONSTRAINT {} ON {}", identifier(k.name), k.outgoing ? s.clone_of(k.on) : s.shell_name(k.other)),
        k.comment);
  }
  if (!s.path.empty()) out.push_back("SET LOCAL search_path = " + s.path);
  for (const auto& t : n.triggers) add_reaction(out, t, "TRIGGER", s.clone_of(t.on), s.to_clone(t.definition));
  for (const auto& t : n.trigger_states) add_trigger_state(out, t, s.clone_of(t.on));
  for (const auto& r : n.rules) add_reaction(out, r, "RULE", s.clone_of(r.on), s.to_clone(r.definition));
  for (const auto& x : n.statistics) {
    const auto name = stand_in(s, statistics_prefix, x.oid);
    out.push_back(s.to_clone(renamed_statistics(x, name)));
    if (x.target >= 0) out.push_back(fmt::format("ALTER STATISTICS {} SET STATISTICS {}", name, x.target));
    comment_on(out, "STATISTICS " + name, x.comment);
  }
  return out;
}

std::vector<std::string> take_off(const neighbourhood& after, const stand_ins& s) {
  statements out;
  for (const auto& k : after.foreign_keys)
    out.push_back(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", k.on_table, identifier(k.name)));
  for (const auto& t : after.triggers)
    out.push_back(fmt::format("DROP TRIGGER {} ON {}", identifier(t.name), s.clone_of(t.on)));
  for (const auto& r : after.rules)
    out.push_back(fmt::format("DROP RULE {} ON {}", identifier(r.name), s.clone_of(r.on)));
  for (const auto& shell : s.shells) out.push_back("DROP TABLE " + s.shell_name(shell.oid));
  if (after.row_security) out.push_back(fmt::format("ALTER TABLE {} DISABLE ROW LEVEL SECURITY", s.clone));
  if (after.forced_row_security) out.push_back(fmt::format("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY", s.clone));
  for (const auto& x : after.partitions)
    if (x.row_security || x.forced_row_security)
      out.push_back(
          fmt::format("ALTER TABLE {} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY", s.clone_of(x.on)));
  return out;
}

std::vector<std::string> look_on(const neighbourhood& n, const stand_ins& s) {
  statements out;
  if (n.row_security) out.push_back(fmt::format("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", s.clone));
  if (n.forced_row_security) out.push_back(fmt::format("ALTER TABLE {} FORCE ROW LEVEL SECURITY", s.clone));
  for (const auto& x : n.partitions) add_row_security(out, x, s.clone_of(x.on));
  for (const auto& p : n.policies) {
    std::optional<std::string> using_expression, check_expression;
    if (p.using_expression) using_expression = expression_to_clone(s, *p.using_expression);
    if (p.check_expression) check_expression = expression_to_clone(s, *p.check_expression);
    out.push_back(create_policy(p, s.clone_of(p.on), using_expression, check_expression));
    comment_on(out, fmt::format("POLICY {} ON {}", identifier(p.name), s.clone_of(p.on)), p.comment);
  }
  for (const auto& v : n.views)
    out.push_back(fmt::format("CREATE VIEW {} AS {}", s.view_name(v.oid), s.to_clone(without_semicolon(v.definition))));
  for (const auto& f : n.functions)  // Under its own name, because its body may call its parameters by it (f.a).
    out.push_back(s.to_clone(renamed_function(f, qualified(s.ghost_schema, f.bare_name))));
  for (const auto& p : n.publications) out.push_back(add_to_publication(p, s.clone_of(p.on)));
  return out;
}

std::vector<std::string> hang_on_twins(const neighbourhood& n, const stand_ins& s) {
  statements out;
  if (!s.twins.empty()) out.push_back("CREATE SCHEMA " + identifier(s.twin_schema()));
  for (const auto& t : s.twins) {
    const auto name = qualified(s.twin_schema(), t.real.name);
    out.push_back(fmt::format("CREATE TABLE {} ({})", name, t.columns));
    const auto mentioned = [&](elsewhere::what kind, const std::string& object) {
      return std::any_of(n.elsewhere_defined.begin(), n.elsewhere_defined.end(),
                         [&](const elsewhere& e) { return e.kind == kind && e.on == t.oid && e.name == object; });
    };
    for (const auto& p : t.policies) {
      if (!mentioned(elsewhere::what::policy, p.name)) continue;
      std::optional<std::string> using_expression, check_expression;
      if (p.using_expression) using_expression = expression_to_clone(s, *p.using_expression);
      if (p.check_expression) check_expression = expression_to_clone(s, *p.check_expression);
      out.push_back(create_policy(p, name, using_expression, check_expression));
    }
    for (const auto& r : t.rules) {
      if (!mentioned(elsewhere::what::rule, r.name)) continue;
      out.push_back(replace_tables(
          without_semicolon(r.definition),
          [&](const std::string& schema, const std::string& table) -> std::optional<std::string> {
            if (table_reference{schema, table} == s.source) return s.clone;
            if (table_reference{schema, table} == t.real) return name;
            return std::nullopt;
          },
          mentions::as_table_or_row_type));
    }
  }
  return out;
}

}  // namespace eidolon::plan
