// Reading SQL text with PostgreSQL's own parser (libpg_query): tokens, parse trees as JSON,
// and moving a statement from one table to another by replacing exactly the table's name.
#pragma once
#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace eidolon::plan {

struct token {
  int start{}, end{};  // byte offsets into the text
};

// Whether a string without E or U& in front holds a backslash, which means something only where
// standard_conforming_strings is off.
bool has_backslash_in_plain_string(const std::string& text);

struct syntax_error {
  std::string message;
  int position{};  // 1-based byte, 0 when unknown
};

// The tokens of a text, comments left out. Empty when the text cannot be scanned.
std::vector<token> scan(const std::string& text);

// The parse tree: {"stmts": [{"stmt": {...}, "stmt_location": n, "stmt_len": n}]}.
std::variant<boost::json::value, syntax_error> parse(const std::string& text);

// A (possibly qualified) name as it stands at a byte offset of the text.
struct name_span {
  int start{}, end{};
};
name_span name_at(const std::string& text, int location);

// PostgreSQL printed what its parser of version 15 cannot read.
struct unreadable : std::runtime_error {
  unreadable(std::string t, const std::string& why)
      : std::runtime_error{"cannot parse \"" + t + "\": " + why}, text{std::move(t)} {}
  std::string text;
};

// The single statement of `text` (ALTER TABLE, RENAME, CREATE INDEX as pg_get_indexdef prints it) with its
// table replaced by `table`, which is qualified and quoted. Throws unreadable, and std::runtime_error
// when the text is not such a statement.
std::string retarget(const std::string& text, std::string_view table);

// The text with tables that it names replaced, wherever they stand: `instead` is asked for each name (schema empty when
// there is none) and answers with a qualified, quoted one, or nullopt to leave it. Throws unreadable.
// as_table_or_row_type: it is asked for the qualified names of types as well.
enum class mentions { as_table, as_table_or_row_type };
using replacement = std::function<std::optional<std::string>(const std::string& schema, const std::string& name)>;
std::string replace_tables(const std::string& text, const replacement& instead, mentions which = mentions::as_table);

// The object of type `key` inside a node: {"AlterTableStmt": {...}} → its object, or nullptr.
const boost::json::object* node(const boost::json::value& v, std::string_view key);
const boost::json::value* member(const boost::json::object& o, std::string_view key);
std::string text_member(const boost::json::object& o, std::string_view key);  // "" when absent
int int_member(const boost::json::object& o, std::string_view key);           // 0 when absent

}  // namespace eidolon::plan
