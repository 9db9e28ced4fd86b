#include <fmt/format.h>

#include <algorithm>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

namespace {

bool is_new(const stage& s, const column& c) {
  return std::none_of(s.before.begin(), s.before.end(), [&](const column& b) { return b.number == c.number; });
}

bool is_dropped(const stage& s, const column& c) {
  return std::none_of(s.after.begin(), s.after.end(), [&](const column& a) { return a.number == c.number; });
}

// One value for all rows is known already; a default may be any number of calls.
bool is_computed_for_each_row(const column& c) {
  return (c.default_expression || c.domain_default) && !c.missing_value && !c.generated;
}

void refuse_unsteady(const stage& s, list& no) {
  for (const auto& u : s.usings)
    if (!u.unsteady.empty())
      no.push_back({"using_not_repeatable",
                    fmt::format("USING of column {} asks for what is not the same each time: {}.", u.column,
                                fmt::join(u.unsteady, ", ")),
                    "A row's value is computed by the copy, when the row changes, and when it is verified. Write a "
                    "moment as a constant; for a value of each row's own add a column with such a default."});
}

void refuse_renamed(const stage& s, const stage& then, list& no) {
  for (const auto& added : s.after) {
    if (!is_new(s, added) || !is_computed_for_each_row(added)) continue;
    const auto same = [&](const column& c) { return c.number == added.number && c.name != added.name; };
    if (std::any_of(then.after.begin(), then.after.end(), same))
      no.push_back(changed_twice(added.name, "added with a default that is computed for each row, and then renamed",
                                 "Add it under its final name."));
  }
}

// The sequence of the column that goes is not the clone's, and so the name is not free there.
void refuse_serial_again(const std::vector<stage>& stages, const owned_sequence& q, list& no) {
  bool dropped = false;
  for (const auto& s : stages) {
    for (const auto& c : s.before) dropped = dropped || (c.name == q.column && is_dropped(s, c));
    for (const auto& c : s.after)
      if (dropped && c.name == q.column && is_new(s, c) &&
          (c.identity || c.default_expression.value_or("").starts_with("nextval(")))
        no.push_back(changed_twice(c.name, "dropped with its sequence, and added again with a new one",
                                   "Drop it in one job and add it in the next."));
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
    for (auto j = i + 1; j < stages.size(); ++j) refuse_renamed(stages[i], stages[j], no);
  }
  for (const auto& q : sequences) refuse_serial_again(stages, q, no);
  return no;
}

}  // namespace eidolon::plan::refusals
