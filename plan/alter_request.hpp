// What the user's text says, before any server is asked: which table, which statements,
// which USING expressions; or why it is not something that Eidolon does. What migration tools write around an ALTER
// TABLE, and a job does in its own way, is passed over.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "plan/plan.hpp"
#include "plan/refusal.hpp"

namespace eidolon::plan {

struct using_expression {
  std::string column;
  std::string text;
  bool plain_cast{};  // col, or col::T with T the column's new type: the same as no USING at all
  bool untyped{};     // NULL or a literal in quotes, which takes the column's type
};

struct alter_statement {
  std::string text;  // one ALTER TABLE or COMMENT statement, without the semicolon
  std::vector<using_expression> usings;
  std::vector<std::string> retyped;                           // columns of ALTER COLUMN … TYPE
  std::vector<std::string> added;                             // columns of ADD COLUMN
  std::vector<std::string> added_if_missing;                  // columns of ADD COLUMN IF NOT EXISTS
  std::vector<std::string> restarted;                         // columns of ALTER COLUMN … RESTART
  std::vector<std::string> identity_dropped, identity_added;  // columns of ALTER COLUMN … DROP IDENTITY, ADD GENERATED
  bool changes_shape{};                                       // and not only what hangs on the table
  std::optional<std::pair<std::string, std::string>> renamed;  // RENAME COLUMN: the name before and after
};

struct table_reference {
  std::string schema;  // empty: found through the search_path
  std::string name;
  friend bool operator==(const table_reference&, const table_reference&) = default;
};

struct alter_request {
  table_reference table;  // with its schema if it is given anywhere
  bool asked{};           // it is given beside the text
  bool bare{};            // it is given without its schema as well: that means what the search_path finds
  std::vector<alter_statement> statements;
  std::vector<std::string> warnings;  // of statements that are passed over
};

std::variant<alter_request, std::vector<refusal>> read_request(const request& r);

}  // namespace eidolon::plan
