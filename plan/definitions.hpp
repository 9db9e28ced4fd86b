// Statements that define again what the catalog describes. Pure: text in, text out.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "plan/neighbourhood.hpp"

namespace eidolon::plan {

// COMMENT ON what IS …, where there is a comment.
void comment_on(std::vector<std::string>& out, const std::string& what, const std::optional<std::string>& comment);

// A trigger or rule (what: "TRIGGER", "RULE") whose definition is about `table` already.
void add_reaction(std::vector<std::string>& out, const reaction_of_table& r, const char* what, const std::string& table,
                  std::string definition);

// The rule again, in place of the one that is there.
std::string replacing_rule(const std::string& definition);

void add_trigger_state(std::vector<std::string>& out, const trigger_state& t, const std::string& table);
void add_row_security(std::vector<std::string>& out, const partition_traits& x, const std::string& table);

std::string create_policy(const policy& p, const std::string& table, const std::optional<std::string>& using_expression,
                          const std::optional<std::string>& check_expression);
std::string add_to_publication(const publication& p, const std::string& table);
// With the schema in which its table is.
std::string set_label(const security_label& l, const std::string& schema);

std::string add_foreign_key(const foreign_key& k);

// The definition of a function or of statistics under another name, which is qualified and quoted.
std::string renamed_function(const sql_function& f, const std::string& name);
std::string renamed_statistics(const extended_statistics& x, const std::string& name);

std::string without_semicolon(std::string text);

}  // namespace eidolon::plan
