#include <fmt/format.h>

#include <algorithm>

#include "plan/mapping.hpp"
#include "plan/refusals/refusals.hpp"
#include "plan/same_operators.hpp"

namespace eidolon::plan::refusals {

namespace {

void refuse_unsteady(const stage& s, list& no) {
  for (const auto& u : s.usings)
    if (!u.unsteady.empty())
      no.push_back({"using_not_repeatable",
                    fmt::format("USING of column {} asks for what is not the same each time: {}.", u.column,
                                fmt::join(u.unsteady, ", ")),
                    "A row's value is computed by the copy, when the row changes, and when it is verified. Write a "
                    "moment as a constant; for a value of each row's own add a column with such a default."});
}

// Natively it is read once, under the role's search_path.
void refuse_other_operators(const stage& s, list& no) {
  for (const auto& u : s.usings)
    if (!u.other_operators.empty())
      no.push_back(reads_otherwise(fmt::format("USING of column {}", u.column), u.other_operators));
}

// Whose value an expression of a later statement cannot see: it is computed once, in the ghost's own column.
void refuse_reading(const std::vector<stage>& stages, std::size_t then, list& no) {
  std::vector<column> added;
  for (std::size_t i = 0; i < then; ++i)
    for (const auto& c : stages[i].after)
      if (!by_number(stages[i].before, c.number)) added.push_back(c);
  // Of these a generated one may be made, in turn.
  if (std::none_of(added.begin(), added.end(), is_computed_for_each_row)) return;
  const auto unseen = [](const column& c) { return is_computed_for_each_row(c) || c.generated; };
  for (const auto& u : stages[then].usings)
    for (const auto& c : added)
      if (unseen(c) && std::any_of(u.reads.begin(), u.reads.end(), [&](int n) { return n == c.number || n == 0; }))
        no.push_back(
            {"using_not_repeatable",
             fmt::format("USING of column {} reads {}, which the same job adds with a value of its own in each row.",
                         u.column, c.name),
             "Add that column in one job, and retype the other one in the next."});
}

// What ADD COLUMN IF NOT EXISTS adds cannot be told from the text.
void refuse_added_and_retyped(const std::vector<stage>& stages, const stage& then, list& no) {
  for (const auto& before : then.before) {
    const auto* after = by_number(then.after, before.number);
    if (!after || by_number(stages.front().before, before.number)) continue;
    const bool computed = std::any_of(then.usings.begin(), then.usings.end(),
                                      [&](const computed_column& u) { return u.column == before.name; });
    if (computed || after->type != before.type)
      no.push_back(changed_twice(before.name, "added, and then retyped", "Give the column its final type at once."));
  }
}

// "…t_v_seq1" for "…t_v_seq".
bool is_numbered(const std::string& name, const std::string& of) {
  const auto at = name.rfind(of);
  if (at == std::string::npos) return false;
  const auto number = name.find_first_not_of("0123456789", at + of.size());
  return number != at + of.size() && (number == std::string::npos || name[number] == '\'' || name[number] == '"');
}

// The sequence of the column that goes is not the clone's, and so its name is not free there.
void refuse_serial_again(const std::vector<stage>& stages, const owned_sequence& q, list& no) {
  if (stages.empty()) return;
  const auto& first = stages.front().before;
  const auto& last = stages.back().after;
  const auto owner = std::find_if(first.begin(), first.end(), [&](const column& c) { return c.name == q.column; });
  if (owner == first.end() || by_number(last, owner->number)) return;
  for (const auto& c : last) {
    if (by_number(first, c.number)) continue;
    const auto sequence = c.sequence ? c.sequence->name : c.default_expression.value_or("");
    if (is_numbered(sequence, q.name))
      no.push_back(changed_twice(c.name,
                                 "added with a sequence of the name that the one of a column has which is dropped",
                                 "Drop the one in one job and add the other in the next."));
  }
}

}  // namespace

refusal changed_twice(const std::string& column, const std::string& what, const std::string& advice) {
  return {"column_changed_twice", fmt::format("Column {} is {}.", column, what), advice};
}

list values(const std::vector<stage>& stages, const std::vector<owned_sequence>& sequences) {
  list no;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    refuse_unsteady(stages[i], no);
    refuse_other_operators(stages[i], no);
    refuse_reading(stages, i, no);
    refuse_added_and_retyped(stages, stages[i], no);
  }
  for (const auto& q : sequences) refuse_serial_again(stages, q, no);
  return no;
}

}  // namespace eidolon::plan::refusals
