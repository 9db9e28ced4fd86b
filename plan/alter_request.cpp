#include "plan/alter_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "plan/sql_text.hpp"

namespace eidolon::plan {
namespace {

namespace json = boost::json;
using refusals = std::vector<refusal>;

// Subcommands of ALTER TABLE that change a table's shape or its properties, and nothing outside it.
constexpr std::array shape_commands = std::to_array<std::string_view>(
    {"AT_AddColumn", "AT_ColumnDefault", "AT_DropNotNull", "AT_SetNotNull", "AT_DropExpression", "AT_SetStatistics",
     "AT_SetOptions", "AT_ResetOptions", "AT_SetStorage", "AT_SetCompression", "AT_DropColumn", "AT_AddConstraint",
     "AT_DropConstraint", "AT_ValidateConstraint", "AT_AlterColumnType", "AT_SetRelOptions", "AT_ResetRelOptions",
     "AT_AddIdentity", "AT_SetIdentity", "AT_DropIdentity", "AT_SetTableSpace", "AT_ClusterOn", "AT_DropCluster",
     "AT_ReplicaIdentity"});

refusal syntax_refusal(const syntax_error& e, const std::string& text) {
  const auto at = e.position > 0 && e.position <= static_cast<int>(text.size())
                      ? fmt::format(" (at \"{}\")", text.substr(e.position - 1, 30))
                      : std::string{};
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

std::string text_of(const std::string& text, const json::object& statement) {
  const auto start = static_cast<std::size_t>(int_member(statement, "stmt_location"));
  const auto length = int_member(statement, "stmt_len");
  auto s = length > 0 ? text.substr(start, length) : text.substr(start);
  const auto first = s.find_first_not_of(" \t\r\n"), last = s.find_last_not_of(" \t\r\n;");
  return first == std::string::npos ? std::string{} : s.substr(first, last - first + 1);
}

bool is_word(const std::string& text, const token& t, std::string_view word) {
  return t.end - t.start == static_cast<int>(word.size()) &&
         std::equal(word.begin(), word.end(), text.begin() + t.start, [](char a, char b) { return a == (b | 0x20); });
}

// The texts of the USING expressions in order: from each top-level USING to the comma that ends its command.
std::vector<std::string> using_texts(const std::string& text) {
  std::vector<std::string> found;
  const auto tokens = scan(text);
  int depth = 0;
  std::optional<int> from;
  const auto finish = [&](int end) {
    if (from) found.push_back(text.substr(*from, end - *from));
    from.reset();
  };
  for (const auto& t : tokens) {
    const char c = text[t.start];
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (depth == 0 && c == ',' && t.end - t.start == 1) finish(t.start);
    else if (depth == 0 && !from && is_word(text, t, "using")) from = t.end;
  }
  finish(static_cast<int>(text.size()));
  return found;
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
  return cast && is_column(cast->at("arg"), column) && without_locations(cast->at("typeName")) == without_locations(type);
}

bool holds_foreign_key(const json::value& v) {
  if (const auto* a = v.if_array()) return std::any_of(a->begin(), a->end(), holds_foreign_key);
  const auto* o = v.if_object();
  if (!o) return false;
  if (const auto* c = o->if_contains("Constraint"); c && c->is_object() && text_member(c->as_object(), "contype") == "CONSTR_FOREIGN")
    return true;
  return std::any_of(o->begin(), o->end(), [](const auto& m) { return holds_foreign_key(m.value()); });
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

// Reads the commands of one AlterTableStmt.
void read_commands(const json::object& alter, alter_statement& out, refusals& no) {
  auto texts = using_texts(out.text);
  std::size_t next_using = 0;
  for (const auto& c : alter.at("cmds").as_array()) {
    const auto& command = c.at("AlterTableCmd").as_object();
    const auto kind = text_member(command, "subtype");
    if (std::find(shape_commands.begin(), shape_commands.end(), kind) == shape_commands.end())
      no.push_back(not_a_change_of_shape(fmt::format("\"{}\" ({})", out.text, kind.substr(3))));
    if (kind == "AT_SetIdentity" && restarts(command)) out.restarted.push_back(text_member(command, "name"));
    if (kind != "AT_AlterColumnType" && kind != "AT_AddColumn") continue;
    const auto& column = command.at("def").at("ColumnDef").as_object();
    if (kind == "AT_AddColumn") {
      out.added.push_back(text_member(column, "colname"));
      continue;
    }
    const auto name = text_member(command, "name");
    out.retyped.push_back(name);
    const auto* expression = member(column, "raw_default");
    if (expression && next_using < texts.size())
      out.usings.push_back({name, texts[next_using++], is_plain_cast(*expression, name, column.at("typeName"))});
  }
  if (holds_foreign_key(alter))
    no.push_back({"foreign_key", fmt::format("\"{}\" adds a foreign key.", out.text),
                  "Add the foreign key afterwards: ADD … NOT VALID, then VALIDATE CONSTRAINT, do not block for long."});
}

std::optional<table_reference> read_statement(const json::value& statement, alter_statement& out, refusals& no) {
  const json::object* body = node(statement, "AlterTableStmt");
  if (body) {
    if (text_member(*body, "objtype") != "OBJECT_TABLE") {
      no.push_back(not_alter_table(fmt::format("\"{}\"", out.text)));
      return {};
    }
    read_commands(*body, out, no);
  } else if ((body = node(statement, "RenameStmt"))) {
    const auto kind = text_member(*body, "renameType");
    if (kind != "OBJECT_COLUMN" && kind != "OBJECT_TABCONSTRAINT")
      no.push_back(not_a_change_of_shape(fmt::format("\"{}\"", out.text)));
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
  return table_reference{text_member(relation->as_object(), "schemaname"), text_member(relation->as_object(), "relname")};
}

std::optional<table_reference> read_table_name(const std::string& table) {
  const auto parsed = parse("ALTER TABLE " + table + " ADD eidolon int");
  const auto* tree = std::get_if<json::value>(&parsed);
  if (!tree || tree->at("stmts").as_array().size() != 1) return {};
  const auto* alter = node(tree->at("stmts").at(0).at("stmt"), "AlterTableStmt");
  if (!alter || alter->at("cmds").as_array().size() != 1) return {};
  const auto& relation = alter->at("relation").as_object();
  if (!text_member(relation, "catalogname").empty()) return {};
  // Nothing but the name itself: no ONLY, no *, no comment.
  const auto tokens = scan(table);
  if (tokens.empty() || tokens.front().start != 0 || tokens.back().end != static_cast<int>(table.size()) ||
      tokens.size() > 3)
    return {};
  return table_reference{text_member(relation, "schemaname"), text_member(relation, "relname")};
}

bool starts_with_alter_table(const std::string& text) {
  const auto tokens = scan(text);
  return tokens.size() > 1 && is_word(text, tokens[0], "alter") && is_word(text, tokens[1], "table");
}

// The text as whole statements: as it is, or clauses with the table in front.
std::variant<std::string, refusal> whole_statements(const request& r) {
  const auto as_it_is = parse(r.alter);
  if (std::holds_alternative<json::value>(as_it_is) || starts_with_alter_table(r.alter)) {
    if (const auto* e = std::get_if<syntax_error>(&as_it_is)) return syntax_refusal(*e, r.alter);
    return r.alter;
  }
  if (r.table.empty()) return syntax_refusal(std::get<syntax_error>(as_it_is), r.alter);
  const auto text = fmt::format("ALTER TABLE {} {}", r.table, r.alter);
  const auto as_clauses = parse(text);
  if (const auto* e = std::get_if<syntax_error>(&as_clauses)) return syntax_refusal(*e, text);
  return text;
}

void check_retypes(const alter_request& request, refusals& no) {
  std::vector<std::string> touched;
  for (const auto& s : request.statements) {
    for (const auto& column : s.retyped)
      if (std::find(touched.begin(), touched.end(), column) != touched.end())
        no.push_back({"column_changed_twice", fmt::format("Column {} is added or retyped, and then retyped again.", column),
                      "Give the column its final type at once."});
    touched.insert(touched.end(), s.retyped.begin(), s.retyped.end());
    touched.insert(touched.end(), s.added.begin(), s.added.end());
  }
}

}  // namespace

std::variant<alter_request, refusals> read_request(const request& r) {
  refusals no;
  alter_request result;
  std::optional<table_reference> asked;
  if (!r.table.empty() && !(asked = read_table_name(r.table)))
    return refusals{{"syntax_error", fmt::format("\"{}\" is not the name of a table.", r.table), "Write it as schema.table."}};
  const auto whole = whole_statements(r);
  if (const auto* refused = std::get_if<refusal>(&whole)) return refusals{*refused};
  const auto& text = std::get<std::string>(whole);
  const auto parsed = parse(text);
  const auto& statements = std::get<json::value>(parsed).at("stmts").as_array();
  if (statements.empty()) return refusals{not_alter_table("An empty text")};
  std::optional<table_reference> table = asked;
  for (const auto& s : statements) {
    alter_statement out{text_of(text, s.as_object()), {}, {}, {}, {}};
    const auto on = read_statement(s.at("stmt"), out, no);
    if (on && !table) table = on;
    if (on && table->name == on->name && table->schema.empty()) table->schema = on->schema;
    const bool same = !on || !table || (on->name == table->name && (on->schema == table->schema || on->schema.empty()));
    if (!same)
      no.push_back({"several_tables", fmt::format("\"{}\" is about another table than {}.", out.text, table->name),
                    "Submit one job per table."});
    result.statements.push_back(std::move(out));
  }
  check_retypes(result, no);
  if (!no.empty()) return no;
  result.table = *table;
  return result;
}

std::string requested_table(const request& r) {
  const auto read = read_request(r);
  const auto* ok = std::get_if<alter_request>(&read);
  if (!ok) return r.table;
  return ok->table.schema.empty() ? ok->table.name : ok->table.schema + "." + ok->table.name;
}

}  // namespace eidolon::plan
