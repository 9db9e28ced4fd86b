// A request's text, taken apart: single statements, the commands of an ALTER TABLE, their USING expressions.
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/sql_text.hpp"

namespace eidolon::plan {

// Whether a token is the keyword `word` (in lower case).
bool is_word(const std::string& text, const token& t, std::string_view word);

struct single_statement {
  std::string text;  // without the semicolon, and comments around it
  boost::json::value tree;
};

// A statement that migration tools write around ALTER TABLE and a job does in its own way: how. "" for any other.
std::string passed_over(const boost::json::value& statement);

// U&'…' is none of the scanner's tokens, and so would be lost wherever it is asked what the text consists of.
bool has_unicode_escapes(const std::string& text);

// What COMMENT ON TABLE, COLUMN or CONSTRAINT … ON is about.
struct commented {
  std::string schema;  // empty: found through the search_path
  std::string table;
  std::string part;  // column or constraint; empty: the table itself
};

// nullopt: of a CommentStmt about something else.
std::optional<commented> commented_by(const boost::json::object& comment);

// A single statement of ALTER TABLE, RENAME or COMMENT with its table replaced by `table`, which is qualified and
// quoted.
std::string retarget_statement(const std::string& statement, std::string_view table);

// The statements of a text that can be parsed. SET DEFAULT of a column that the same ALTER TABLE adds is one of its
// own, behind it.
std::vector<single_statement> single_statements(const std::string& text);

// The commands of an ALTER TABLE, in order; what is in front of the first one belongs to it.
std::vector<std::string> command_texts(const std::string& text);

// The text of the USING expression of one command; "" without one. (In other commands than ALTER COLUMN … TYPE a USING
// means something else.)
std::string using_text(const std::string& command);

}  // namespace eidolon::plan
