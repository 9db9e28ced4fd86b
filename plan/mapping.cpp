#include "plan/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plan/key.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {
namespace {

using postgres::identifier;
using postgres::literal;

const computed_column* using_of(const stage& s, const std::string& column) {
  for (const auto& u : s.usings)
    if (u.column == column) return &u;
  return nullptr;
}

// What existing rows get in a column that a statement adds: one value for all when the default
// is stable, NULL without a default, otherwise the default anew for each row.
std::string value_of_added(const column& c) {
  if (c.missing_value) return fmt::format("{}::{}", literal(*c.missing_value), c.type);
  if (c.default_expression) return *c.default_expression;
  if (c.domain_default) return *c.domain_default;
  return fmt::format("NULL::{}", c.type);
}

// for_later: a later stage sees the value, and so it must have the column's type. (Where the cast
// is left out, the final assignment to the ghost's column still rejects what does not fit.)
std::string stage_expression(const stage& s, const column& after, bool for_later) {
  const auto* before = by_number(s.before, after.number);
  const auto name = identifier(after.name);
  if (!before)
    return fmt::format("{} AS {}",
                       is_computed_for_each_row(after) ? fmt::format("NULL::{}", after.type) : value_of_added(after),
                       name);
  const auto* u = using_of(s, before->name);
  const auto value = u ? fmt::format("({})", u->expression) : identifier(before->name);
  if (for_later && (u || before->type != after.type) && !after.cast_cuts)
    return fmt::format("{}::{} AS {}", value, after.type, name);
  return value == name ? name : fmt::format("{} AS {}", value, name);
}

bool is_new_generated(const stage& s, const column& c) { return c.generated && !by_number(s.before, c.number); }

std::string join(const std::vector<std::string>& terms) { return fmt::format("{}", fmt::join(terms, ", ")); }

// The select list of a stage; a second one for generated columns that it adds: they are computed from
// what the same statement may have added.
void add_lists(std::vector<std::string>& lists, const stage& s, bool for_later) {
  std::vector<std::string> list, second;
  bool generated = false;
  for (const auto& c : s.after) {
    const bool now = is_new_generated(s, c);
    generated = generated || now;
    if (!now) list.push_back(stage_expression(s, c, for_later));
    second.push_back(now ? fmt::format("({}) AS {}", c.default_expression.value_or("NULL"), identifier(c.name))
                         : identifier(c.name));
  }
  lists.push_back(join(list));
  if (generated) lists.push_back(join(second));
}

bool renames_or_computes(const stage& s) {
  return !s.usings.empty() || std::any_of(s.after.begin(), s.after.end(), [&](const column& c) {
    const auto* before = by_number(s.before, c.number);
    return before && before->name != c.name;
  });
}

// The stage that added a column, or nullptr when it was there from the start.
const stage* added_by(const composition& parts, int number) {
  for (const auto& s : parts.stages)
    if (!by_number(s.before, number) && by_number(s.after, number)) return &s;
  return nullptr;
}

bool computed(const composition& parts, int number, bool by_plain_cast_too) {
  return std::any_of(parts.stages.begin(), parts.stages.end(), [&](const stage& s) {
    const auto* before = by_number(s.before, number);
    const auto* u = before ? using_of(s, before->name) : nullptr;
    return u && (by_plain_cast_too || !u->plain_cast);
  });
}

}  // namespace

const column* by_number(const std::vector<column>& columns, int number) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.number == number; });
  return found == columns.end() ? nullptr : &*found;
}

bool is_computed_for_each_row(const column& added) {
  if (added.generated || added.missing_value) return false;
  return added.identity || added.default_expression || added.domain_default;
}

std::vector<std::string> stage_lists(const std::vector<stage>& stages) {
  const auto last = std::find_if(stages.rbegin(), stages.rend(), renames_or_computes);
  std::vector<std::string> lists;
  for (auto s = stages.begin(); s != last.base(); ++s) add_lists(lists, *s, s + 1 != last.base());
  return lists;
}

std::vector<column_mapping> map_columns(const composition& parts) {
  std::vector<column_mapping> columns;
  for (const auto& c : parts.after.columns) {
    if (c.generated) continue;
    if (const auto* s = added_by(parts, c.number)) {
      const auto* at_first = by_number(s->after, c.number);
      if (c.identity || at_first->identity) continue;
      columns.push_back({c.name, c.type, value_of_added(*at_first), false, false, c.bare_type});
      continue;
    }
    const auto* before = parts.before.find(c.number);
    const bool changed =
        computed(parts, c.number, true) || before->type != c.type || before->collation_oid != c.collation_oid;
    columns.push_back({c.name, c.type, identifier(c.name), true, changed, c.bare_type});
  }
  return columns;
}

std::optional<std::vector<key_column>> map_key(const composition& parts, const index& candidate) {
  std::vector<key_column> key;
  for (const auto& name : candidate.key_columns) {
    const auto* source = parts.source.source.find(name);
    const auto* before = parts.before.find(name);
    const auto* after = before ? parts.after.find(before->number) : nullptr;
    if (!source || !after || computed(parts, before->number, false) || !injective(*before, *after)) return std::nullopt;
    key.push_back({source->name, source->type, after->name, after->type, source->collation});
  }
  return key;
}

}  // namespace eidolon::plan
