#include "plan/definitions.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "plan/sql_text.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {

using postgres::identifier;
using postgres::literal;
using statements = std::vector<std::string>;

namespace {

const char* enabling(char enabled) {
  switch (enabled) {
    case 'D':
      return "DISABLE";
    case 'R':
      return "ENABLE REPLICA";
    case 'A':
      return "ENABLE ALWAYS";
    default:
      return nullptr;
  }
}

}  // namespace

void comment_on(statements& out, const std::string& what, const std::optional<std::string>& comment) {
  if (comment) out.push_back(fmt::format("COMMENT ON {} IS {}", what, literal(*comment)));
}

void add_reaction(statements& out, const reaction_of_table& r, const char* what, const std::string& table,
                  std::string definition) {
  if (definition.ends_with(';')) definition.pop_back();
  out.push_back(std::move(definition));
  if (const char* how = enabling(r.enabled))
    out.push_back(fmt::format("ALTER TABLE {} {} {} {}", table, how, what, identifier(r.name)));
  comment_on(out, fmt::format("{} {} ON {}", what, identifier(r.name), table), r.comment);
}

std::string replacing_rule(const std::string& definition) {
  static const std::string create = "CREATE RULE ";
  return "CREATE OR REPLACE RULE " + without_semicolon(definition).substr(create.size());
}

void add_trigger_state(statements& out, const trigger_state& t, const std::string& table) {
  const char* how = enabling(t.enabled);
  out.push_back(fmt::format("ALTER TABLE {} {} TRIGGER {}", table, how ? how : "ENABLE", identifier(t.name)));
  comment_on(out, fmt::format("TRIGGER {} ON {}", identifier(t.name), table), t.comment);
}

void add_row_security(statements& out, const partition_traits& x, const std::string& table) {
  if (x.row_security) out.push_back(fmt::format("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", table));
  if (x.forced_row_security) out.push_back(fmt::format("ALTER TABLE {} FORCE ROW LEVEL SECURITY", table));
}

std::string create_policy(const policy& p, const std::string& table, const std::optional<std::string>& using_expression,
                          const std::optional<std::string>& check_expression) {
  return fmt::format("CREATE POLICY {} ON {} {}{}{}", identifier(p.name), table, p.head,
                     using_expression ? " USING (" + *using_expression + ")" : "",
                     check_expression ? " WITH CHECK (" + *check_expression + ")" : "");
}

std::string add_to_publication(const publication& p, const std::string& table) {
  return fmt::format("ALTER PUBLICATION {} ADD TABLE {}{}{}", identifier(p.name), table,
                     p.columns ? " (" + *p.columns + ")" : "", p.filter ? " WHERE (" + *p.filter + ")" : "");
}

// pg_get_functiondef begins with the name that the function has.
std::string renamed_function(const sql_function& f, const std::string& name) {
  const auto head = fmt::format("CREATE OR REPLACE {} {}(", f.kind, f.name);
  if (!f.definition.starts_with(head)) throw std::runtime_error{"unexpected definition of " + f.name};
  return fmt::format("CREATE OR REPLACE {} {}({}", f.kind, name, f.definition.substr(head.size()));
}

// So does pg_get_statisticsobjdef; it quotes only where it must.
std::string renamed_statistics(const extended_statistics& x, const std::string& name) {
  static const std::string create = "CREATE STATISTICS ";
  const auto span = name_at(x.definition, static_cast<int>(create.size()));
  return create + name + x.definition.substr(span.end);
}

std::string without_semicolon(std::string text) {
  while (!text.empty() && (text.back() == ';' || text.back() == ' ' || text.back() == '\n')) text.pop_back();
  return text;
}

std::string set_label(const security_label& l, const std::string& schema) {
  return fmt::format("SECURITY LABEL FOR {} ON {} {}{} IS {}", identifier(l.provider), l.what,
                     postgres::qualified(schema, l.name), l.column.empty() ? "" : "." + identifier(l.column),
                     literal(l.label));
}

std::string add_foreign_key(const foreign_key& k) {
  return fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}", k.on_table, identifier(k.name), k.definition);
}

}  // namespace eidolon::plan
