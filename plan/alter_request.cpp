#include "plan/alter_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "plan/alter_text.hpp"
#include "plan/refusals/refusals.hpp"
#include "plan/sql_text.hpp"

namespace eidolon::plan {
namespace {

namespace json = boost::json;
using refusal_list = std::vector<refusal>;

// Subcommands of ALTER TABLE that change a table's shape or its properties, and nothing outside it.
constexpr std::array shape_commands = std::to_array<std::string_view>(
    {"AT_AddColumn",     "AT_ColumnDefault",   "AT_DropNotNull",    "AT_SetNotNull",         "AT_DropExpression",
     "AT_SetStatistics", "AT_SetOptions",      "AT_ResetOptions",   "AT_SetStorage",         "AT_SetCompression",
     "AT_DropColumn",    "AT_AddConstraint",   "AT_DropConstraint", "AT_ValidateConstraint", "AT_AlterColumnType",
     "AT_SetRelOptions", "AT_ResetRelOptions", "AT_AddIdentity",    "AT_SetIdentity",        "AT_DropIdentity",
     "AT_SetTableSpace", "AT_ClusterOn",       "AT_DropCluster",    "AT_ReplicaIdentity",    "AT_AlterConstraint"});

// Commands for which PostgreSQL rewrites the table, and that change no column of it.
constexpr std::array rewriting_commands =
    std::to_array<std::string_view>({"AT_SetLogged", "AT_SetUnLogged", "AT_SetAccessMethod"});

// Commands about what hangs on the table. They need no copy, but may come together with one that does.
constexpr std::array neighbour_commands = std::to_array<std::string_view>(
    {"AT_EnableTrig", "AT_EnableAlwaysTrig", "AT_EnableReplicaTrig", "AT_DisableTrig", "AT_EnableTrigUser",
     "AT_DisableTrigUser", "AT_EnableRule", "AT_EnableAlwaysRule", "AT_EnableReplicaRule", "AT_DisableRule",
     "AT_EnableRowSecurity", "AT_DisableRowSecurity", "AT_ForceRowSecurity", "AT_NoForceRowSecurity"});

// `count` characters of UTF-8 text from a 1-based position, which counts characters as the parser does; "" beyond its
// end.
std::string from_character(const std::string& text, int position, int count) {
  int seen = 0;
  auto begin = text.size(), end = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) == 0x80) continue;
    ++seen;
    if (seen == position) begin = i;
    if (seen == position + count) {
      end = i;
      break;
    }
  }
  return text.substr(begin, end - begin);
}

refusal syntax_refusal(const syntax_error& e, const std::string& text) {
  const auto where = from_character(text, e.position, 30);
  const auto at = where.empty() ? std::string{} : fmt::format(" (at \"{}\")", where);
  return {"syntax_error", fmt::format("The statement cannot be parsed: {}{}.", e.message, at),
          "Write it as psql would take it; syntax newer than PostgreSQL 15 is not understood yet."};
}

refusal not_alter_table(std::string_view what) {
  return {"not_alter_table", fmt::format("{} is not an ALTER TABLE statement on one table.", what),
          "Submit ALTER TABLE statements, or only their clauses together with the table's name."};
}

refusal not_a_change_of_shape(std::string_view what) {
  return {"not_a_change_of_shape", fmt::format("{} does not change the shape of a table.", what),
          "Run it directly: it needs no copy of the table."};
}

refusal rewritten_natively(std::string_view what) {
  return {"not_a_change_of_shape", fmt::format("{} changes how a table is stored, which Eidolon cannot do.", what),
          "When it is run directly PostgreSQL rewrites the table, and nobody can read or write it meanwhile."};
}

bool is_column(const json::value& v, const std::string& column) {
  const auto* reference = node(v, "ColumnRef");
  if (!reference) return false;
  const auto& fields = reference->at("fields").as_array();
  const auto* name = fields.size() == 1 ? node(fields[0], "String") : nullptr;
  return name && text_member(*name, "sval") == column;
}

// A type's parse tree without positions, so that two spellings at different places compare equal.
json::value without_locations(const json::value& v) {
  if (const auto* a = v.if_array()) {
    json::array out;
    for (const auto& e : *a) out.push_back(without_locations(e));
    return out;
  }
  if (const auto* o = v.if_object()) {
    json::object out;
    for (const auto& m : *o)
      if (m.key() != "location") out[m.key()] = without_locations(m.value());
    return out;
  }
  return v;
}

bool is_plain_cast(const json::value& expression, const std::string& column, const json::value& type) {
  if (is_column(expression, column)) return true;
  const auto* cast = node(expression, "TypeCast");
  return cast && is_column(cast->at("arg"), column) &&
         without_locations(cast->at("typeName")) == without_locations(type);
}

// NULL, or a literal in quotes: PostgreSQL gives it the column's type.
bool is_untyped(const json::value& expression) {
  const auto* constant = node(expression, "A_Const");
  return constant && (constant->contains("isnull") || constant->contains("sval"));
}

bool restarts(const json::object& command) {
  const auto* list = node(*member(command, "def"), "List");
  const auto* items = list ? member(*list, "items") : nullptr;
  if (!items || !items->is_array()) return false;
  return std::any_of(items->as_array().begin(), items->as_array().end(), [](const json::value& v) {
    const auto* option = node(v, "DefElem");
    return option && text_member(*option, "defname") == "restart";
  });
}

// Whether any object below v is a member `name` for which holds() is true.
template <class Condition>
bool has_node(const json::value& v, std::string_view name, const Condition& holds) {
  const auto below = [&](const json::value& x) { return has_node(x, name, holds); };
  if (const auto* a = v.if_array()) return std::any_of(a->begin(), a->end(), below);
  const auto* o = v.if_object();
  if (!o) return false;
  if (const auto* found = node(v, name); found && holds(*found)) return true;
  return std::any_of(o->begin(), o->end(), [&](const auto& m) { return below(m.value()); });
}

// GENERATED … AS IDENTITY (SEQUENCE NAME schema.name): on the clone as well it would be made in that schema.
bool puts_its_sequence_into_a_schema(const json::value& command) {
  return has_node(command, "DefElem", [](const json::object& option) {
    if (text_member(option, "defname") != "sequence_name") return false;
    const auto* arg = member(option, "arg");
    const auto* name = arg ? node(*arg, "List") : nullptr;
    const auto* parts = name ? member(*name, "items") : nullptr;
    return parts && parts->is_array() && parts->as_array().size() > 1;
  });
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Reads the commands of one AlterTableStmt.
void read_commands(const json::object& alter, alter_statement& out, refusal_list& no) {
  const auto texts = command_texts(out.text);
  const auto& commands = alter.at("cmds").as_array();
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const auto& command = commands[i].at("AlterTableCmd").as_object();
    const auto kind = text_member(command, "subtype");
    const bool of_neighbours =
        std::find(neighbour_commands.begin(), neighbour_commands.end(), kind) != neighbour_commands.end();
    out.changes_shape = out.changes_shape || !of_neighbours;
    if (!of_neighbours && std::find(shape_commands.begin(), shape_commands.end(), kind) == shape_commands.end()) {
      const auto what = fmt::format("\"{}\" ({})", out.text, kind.substr(3));
      const bool rewrites =
          std::find(rewriting_commands.begin(), rewriting_commands.end(), kind) != rewriting_commands.end();
      no.push_back(rewrites ? rewritten_natively(what) : not_a_change_of_shape(what));
    }
    if (puts_its_sequence_into_a_schema(commands[i]))
      no.push_back({"sequence_name",
                    fmt::format("\"{}\" says in which schema an identity's sequence is made.", out.text),
                    "Leave the schema out: the sequence is made where the table is."});
    if (kind == "AT_SetIdentity" && restarts(command)) out.restarted.push_back(text_member(command, "name"));
    if (kind == "AT_DropIdentity" && !member(command, "missing_ok"))
      out.identity_dropped.push_back(text_member(command, "name"));
    if (kind == "AT_AddIdentity") out.identity_added.push_back(text_member(command, "name"));
    if (kind != "AT_AlterColumnType" && kind != "AT_AddColumn") continue;
    const auto& column = command.at("def").at("ColumnDef").as_object();
    if (kind == "AT_AddColumn") {
      auto& added = member(command, "missing_ok") ? out.added_if_missing : out.added;
      added.push_back(text_member(column, "colname"));
      continue;
    }
    const auto name = text_member(command, "name");
    out.retyped.push_back(name);
    const auto* expression = member(column, "raw_default");
    if (expression)
      out.usings.push_back({name, using_text(texts.at(i)), is_plain_cast(*expression, name, column.at("typeName")),
                            is_untyped(*expression)});
  }
}

// The catalog tells only the identity that a column has at the end, and not with what its rows were made.
void check_identities_of_added(const json::object& alter, const alter_statement& statement, refusal_list& no) {
  for (const auto& c : alter.at("cmds").as_array()) {
    const auto& command = c.at("AlterTableCmd").as_object();
    const auto kind = text_member(command, "subtype"), name = text_member(command, "name");
    const bool added = contains(statement.added, name) || contains(statement.added_if_missing, name);
    if ((kind == "AT_AddIdentity" || kind == "AT_DropIdentity") && added)
      no.push_back(refusals::changed_twice(name, "added, and its identity changed by the same statement",
                                           "Write two statements, in one job."));
  }
}

std::optional<table_reference> read_comment(const json::object& comment, const alter_statement& out, refusal_list& no) {
  const auto on = commented_by(comment);
  if (on) return table_reference{on->schema, on->table};
  no.push_back(not_alter_table(fmt::format("\"{}\"", out.text)));
  return {};
}

std::optional<table_reference> read_statement(const json::value& statement, alter_statement& out, refusal_list& no) {
  const json::object* body = node(statement, "CommentStmt");
  if (body) return read_comment(*body, out, no);
  body = node(statement, "AlterTableStmt");
  if (body) {
    if (text_member(*body, "objtype") != "OBJECT_TABLE") {
      no.push_back(not_alter_table(fmt::format("\"{}\"", out.text)));
      return {};
    }
    read_commands(*body, out, no);
    check_identities_of_added(*body, out, no);
  } else if ((body = node(statement, "RenameStmt"))) {
    const auto kind = text_member(*body, "renameType");
    if (kind != "OBJECT_COLUMN" && kind != "OBJECT_TABCONSTRAINT")
      no.push_back(not_a_change_of_shape(fmt::format("\"{}\"", out.text)));
    out.changes_shape = true;
    if (kind == "OBJECT_COLUMN") out.renamed = {text_member(*body, "subname"), text_member(*body, "newname")};
    if (kind == "OBJECT_COLUMN" && text_member(*body, "relationType") != "OBJECT_TABLE")
      no.push_back(not_alter_table(fmt::format("\"{}\"", out.text)));
  } else if ((body = node(statement, "AlterObjectSchemaStmt"))) {
    no.push_back(not_a_change_of_shape(fmt::format("\"{}\"", out.text)));
  } else {
    no.push_back(not_alter_table(fmt::format("\"{}\"", out.text)));
    return {};
  }
  const auto* relation = member(*body, "relation");
  if (!relation || !relation->is_object()) return {};
  return table_reference{text_member(relation->as_object(), "schemaname"),
                         text_member(relation->as_object(), "relname")};
}

std::optional<table_reference> read_table_name(const std::string& table) {
  const auto parsed = parse("ALTER TABLE " + table + " ADD eidolon int");
  const auto* tree = std::get_if<json::value>(&parsed);
  if (!tree || tree->at("stmts").as_array().size() != 1) return {};
  const auto* alter = node(tree->at("stmts").at(0).at("stmt"), "AlterTableStmt");
  if (!alter || alter->at("cmds").as_array().size() != 1) return {};
  const auto& relation = alter->at("relation").as_object();
  if (!text_member(relation, "catalogname").empty()) return {};
  // Nothing but the name itself: no ONLY, no *, no comment, no clause.
  const auto tokens = scan(table);
  const bool is_name = tokens.size() == 1 || (tokens.size() == 3 && table[tokens[1].start] == '.');
  if (!is_name || tokens.front().start != 0 || tokens.back().end != static_cast<int>(table.size())) return {};
  return table_reference{text_member(relation, "schemaname"), text_member(relation, "relname")};
}

// Whether any statement of it begins so; clauses do not.
bool holds_alter_table(const std::string& text) {
  const auto tokens = scan(text);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i)
    if ((i == 0 || text[tokens[i - 1].start] == ';') && is_word(text, tokens[i], "alter") &&
        is_word(text, tokens[i + 1], "table"))
      return true;
  return false;
}

// The text as whole statements: as it is, or clauses with the table in front.
std::variant<std::string, refusal> whole_statements(const request& r) {
  const auto as_it_is = parse(r.alter);
  const auto* e = std::get_if<syntax_error>(&as_it_is);
  if (!e) return r.alter;
  const auto text = fmt::format("ALTER TABLE {} {}", r.table, r.alter);
  const auto as_clauses = parse(text);
  const auto* also = std::get_if<syntax_error>(&as_clauses);
  if (r.table.empty() || (also && holds_alter_table(r.alter))) return syntax_refusal(*e, r.alter);
  if (also) return syntax_refusal(*also, text);
  return text;
}

// What earlier statements did to a column, under the name that it has by now.
struct touched_column {
  std::string name;
  bool computed{};  // by USING, and renamed since: the next expression sees its result
  bool renamed{};
};

void note_changes(const alter_statement& s, std::vector<touched_column>& touched) {
  const auto computed = [&](const std::string& column) {
    return std::any_of(s.usings.begin(), s.usings.end(), [&](const auto& u) { return u.column == column; });
  };
  for (const auto& column : s.retyped) touched.push_back({column, computed(column), false});
  for (const auto& column : s.added) touched.push_back({column, false, false});
  if (!s.renamed) return;
  for (auto& t : touched)
    if (t.name == s.renamed->first) t = {s.renamed->second, t.computed, true};
}

void check_identities(const alter_request& request, refusal_list& no) {
  std::vector<std::string> dropped;
  for (const auto& s : request.statements) {
    dropped.insert(dropped.end(), s.identity_dropped.begin(), s.identity_dropped.end());
    for (const auto& column : s.identity_added)
      if (contains(dropped, column))
        no.push_back(refusals::changed_twice(column, "an identity that is dropped and added again",
                                             "Drop it in one job and add it in the next, or alter it by SET."));
    if (s.renamed) std::replace(dropped.begin(), dropped.end(), s.renamed->first, s.renamed->second);
  }
}

void check_changed_twice(const alter_request& request, refusal_list& no) {
  check_identities(request, no);
  std::vector<touched_column> touched;
  for (const auto& s : request.statements) {
    for (const auto& column : s.retyped) {
      const auto before = std::find_if(touched.begin(), touched.end(), [&](const auto& t) { return t.name == column; });
      if (before == touched.end() || (before->computed && before->renamed)) continue;
      no.push_back(refusals::changed_twice(column, "added or retyped, and then retyped again",
                                           "Give the column its final type at once."));
    }
    note_changes(s, touched);
  }
}

std::string spelled(const table_reference& t) { return t.schema.empty() ? t.name : t.schema + "." + t.name; }

// The statement's table is the request's. Whether a name without a schema is, too, the search_path tells.
void read_table(const std::optional<table_reference>& on, std::optional<table_reference>& table,
                const alter_statement& statement, alter_request& out, refusal_list& no) {
  if (!on) return;
  if (!table) table = on;
  out.bare = out.bare || on->schema.empty();
  const bool may_be = on->schema.empty() || table->schema.empty() || on->schema == table->schema;
  if (on->name != table->name || !may_be)
    no.push_back({"several_tables",
                  fmt::format("\"{}\" is about another table than {}.", statement.text, spelled(*table)),
                  "Submit one job per table."});
  else if (table->schema.empty())
    table->schema = on->schema;
}

}  // namespace

std::variant<alter_request, refusal_list> read_request(const request& r) {
  refusal_list no;
  alter_request result;
  std::optional<table_reference> asked;
  if (!r.table.empty() && !(asked = read_table_name(r.table)))
    return refusal_list{
        {"syntax_error", fmt::format("\"{}\" is not the name of a table.", r.table), "Write it as schema.table."}};
  const auto whole = whole_statements(r);
  if (const auto* refused = std::get_if<refusal>(&whole)) return refusal_list{*refused};
  const auto& text = std::get<std::string>(whole);
  if (has_unicode_escapes(text))
    return refusal_list{{"syntax_error", "Strings with U& in front are not understood yet.",
                         "Write the characters themselves, or E'...' with \\u."}};
  auto statements = single_statements(text);
  if (statements.empty()) return refusal_list{not_alter_table("An empty text")};
  std::optional<table_reference> table = asked;
  result.asked = asked.has_value();
  result.bare = asked && asked->schema.empty();
  for (auto& s : statements) {
    if (const auto warning = passed_over(s.tree); !warning.empty()) {
      if (!contains(result.warnings, warning)) result.warnings.push_back(warning);
      continue;
    }
    alter_statement out;
    out.text = std::move(s.text);
    const auto on = read_statement(s.tree, out, no);
    read_table(on, table, out, result, no);
    result.statements.push_back(std::move(out));
  }
  if (result.statements.empty()) return refusal_list{not_alter_table(fmt::format("\"{}\"", text))};
  check_changed_twice(result, no);
  const bool changes_shape = std::any_of(result.statements.begin(), result.statements.end(),
                                         [](const alter_statement& a) { return a.changes_shape; });
  if (no.empty() && !changes_shape) no.push_back(not_a_change_of_shape(fmt::format("\"{}\"", text)));
  if (!no.empty()) return no;
  result.table = *table;
  return result;
}

std::string requested_table(const request& r) {
  const auto read = read_request(r);
  const auto* ok = std::get_if<alter_request>(&read);
  if (!ok) return r.table;
  return spelled(ok->table);
}

}  // namespace eidolon::plan
