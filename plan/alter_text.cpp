#include "plan/alter_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "plan/sql_text.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {
namespace {

namespace json = boost::json;

// A statement without what surrounds it. A comment at its end would swallow whatever is put behind it.
std::string text_of(const std::string& text, const json::object& statement) {
  const auto start = static_cast<std::size_t>(int_member(statement, "stmt_location"));
  const auto length = int_member(statement, "stmt_len");
  const auto s = length > 0 ? text.substr(start, length) : text.substr(start);
  auto tokens = scan(s);
  while (!tokens.empty() && s[tokens.back().start] == ';') tokens.pop_back();
  return tokens.empty() ? std::string{} : s.substr(tokens.front().start, tokens.back().end - tokens.front().start);
}

// The tokens that stand in no bracket.
std::vector<token> top_level(const std::string& text) {
  std::vector<token> found;
  int depth = 0;
  for (const auto& t : scan(text)) {
    const char c = text[t.start];
    if (c == ')' || c == ']') --depth;
    if (depth == 0) found.push_back(t);
    if (c == '(' || c == '[') ++depth;
  }
  return found;
}

// The first command begins at `begin`, the others with their first token.
std::vector<std::string> commands_from(const std::string& text, int begin) {
  std::vector<std::string> found;
  std::optional<int> from = begin;
  for (const auto& t : top_level(text)) {
    if (text[t.start] == ',') {
      found.push_back(text.substr(*from, t.start - *from));
      from.reset();
    } else if (!from) {
      from = t.start;
    }
  }
  found.push_back(text.substr(from.value_or(begin)));
  return found;
}

// Where the first command of an ALTER TABLE begins: behind the table, which may be `ONLY (t)` or `t *`.
int first_command(const std::string& text, const json::object& alter) {
  const auto name = name_at(text, int_member(alter.at("relation").as_object(), "location"));
  for (const auto& t : scan(text))
    if (t.start >= name.end && text[t.start] != ')' && text[t.start] != '*') return t.start;
  return name.end;
}

std::vector<std::string> added_columns(const json::array& commands) {
  std::vector<std::string> added;
  for (const auto& c : commands) {
    const auto& command = c.at("AlterTableCmd").as_object();
    if (text_member(command, "subtype") == "AT_AddColumn")
      added.push_back(text_member(command.at("def").at("ColumnDef").as_object(), "colname"));
  }
  return added;
}

// `text` is one statement that can be parsed, without anything behind it.
single_statement single(std::string text) {
  const auto parsed = parse(text);
  return {std::move(text), std::get<json::value>(parsed).at("stmts").at(0).at("stmt")};
}

// A column that a statement adds has, in the rows that are there, the default which it is added with, and not one that
// the same statement sets for it: PostgreSQL comes to that later (ATPrepCmd's passes; to DROP DEFAULT it comes earlier,
// and fails). So SET DEFAULT may as well be a statement of its own; between the two the catalog tells the first one.
std::vector<single_statement> with_defaults_apart(single_statement s) {
  const auto* alter = node(s.tree, "AlterTableStmt");
  if (!alter) return {std::move(s)};
  const auto& text = s.text;
  const auto& commands = alter->at("cmds").as_array();
  const auto added = added_columns(commands);
  const auto begin = first_command(text, *alter);
  const auto texts = commands_from(text, begin);
  std::string rest, defaults;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const auto& command = commands[i].at("AlterTableCmd").as_object();
    const bool sets_default = text_member(command, "subtype") == "AT_ColumnDefault" && member(command, "def");
    auto& list = sets_default && std::find(added.begin(), added.end(), text_member(command, "name")) != added.end()
                     ? defaults
                     : rest;
    list += (list.empty() ? "" : ", ") + texts.at(i);
  }
  if (defaults.empty()) return {std::move(s)};
  return {single(text.substr(0, begin) + rest), single(text.substr(0, begin) + defaults)};
}

// The parse tree has no position of the name, and so the statement is written anew.
std::string comment_statement(const json::object& comment, const commented& on, std::string_view table) {
  const auto kind = text_member(comment, "objtype");
  const auto part = on.part.empty() ? "" : postgres::identifier(on.part);
  const auto object = part.empty()              ? fmt::format("TABLE {}", table)
                      : kind == "OBJECT_COLUMN" ? fmt::format("COLUMN {}.{}", table, part)
                                                : fmt::format("CONSTRAINT {} ON {}", part, table);
  const bool has_text = member(comment, "comment") != nullptr;
  return fmt::format("COMMENT ON {} IS {}", object,
                     has_text ? postgres::literal(text_member(comment, "comment")) : "NULL");
}

}  // namespace

std::optional<commented> commented_by(const json::object& comment) {
  const auto kind = text_member(comment, "objtype");
  if (kind != "OBJECT_TABLE" && kind != "OBJECT_COLUMN" && kind != "OBJECT_TABCONSTRAINT") return std::nullopt;
  std::vector<std::string> names;
  for (const auto& name : node(comment.at("object"), "List")->at("items").as_array())
    names.push_back(text_member(*node(name, "String"), "sval"));
  commented found;
  if (kind != "OBJECT_TABLE") {
    found.part = names.back();
    names.pop_back();
  }
  if (names.empty() || names.size() > 2) return std::nullopt;
  found.table = names.back();
  if (names.size() == 2) found.schema = names.front();
  return found;
}

std::string retarget_statement(const std::string& statement, std::string_view table) {
  const auto s = single(statement);
  const auto* comment = node(s.tree, "CommentStmt");
  if (!comment) return retarget(statement, table);
  return comment_statement(*comment, commented_by(*comment).value(), table);
}

std::string passed_over(const json::value& statement) {
  if (const auto* transaction = node(statement, "TransactionStmt")) {
    const auto kind = text_member(*transaction, "kind");
    if (kind == "TRANS_STMT_BEGIN" || kind == "TRANS_STMT_START" || kind == "TRANS_STMT_COMMIT")
      return "BEGIN and COMMIT are passed over: all statements take effect together, in the cutover.";
  }
  if (node(statement, "ConstraintsSetStmt"))
    return "SET CONSTRAINTS is passed over: constraints that the statements add are checked before the cutover.";
  const auto* set = node(statement, "VariableSetStmt");
  const auto name = set ? text_member(*set, "name") : std::string{};
  if (name == "lock_timeout" || name == "statement_timeout" || name == "idle_in_transaction_session_timeout" ||
      name == "transaction_timeout")
    return "SET of timeouts is passed over: how long a job waits for locks and statements is a matter of its settings.";
  return "";
}

bool has_unicode_escapes(const std::string& text) {
  const auto tokens = scan(text);
  const auto in_gap = [&](int from, int to) {
    const auto gap = text.substr(from, to - from);
    return gap.find("U&") != std::string::npos || gap.find("u&") != std::string::npos;
  };
  int from = 0;
  for (const auto& t : tokens) {
    if (in_gap(from, t.start)) return true;
    from = t.end;
  }
  return in_gap(from, static_cast<int>(text.size()));
}

bool is_word(const std::string& text, const token& t, std::string_view word) {
  return t.end - t.start == static_cast<int>(word.size()) &&
         std::equal(word.begin(), word.end(), text.begin() + t.start, [](char a, char b) { return a == (b | 0x20); });
}

std::vector<std::string> command_texts(const std::string& text) { return commands_from(text, 0); }

std::string using_text(const std::string& command) {
  for (const auto& t : top_level(command))
    if (is_word(command, t, "using")) return command.substr(t.end);
  return "";
}

std::vector<single_statement> single_statements(const std::string& text) {
  const auto parsed = parse(text);
  std::vector<single_statement> found;
  for (const auto& s : std::get<json::value>(parsed).at("stmts").as_array())
    for (auto& one : with_defaults_apart(single(text_of(text, s.as_object())))) found.push_back(std::move(one));
  return found;
}

}  // namespace eidolon::plan
