#include "plan/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plan/key.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {
namespace {

using postgres::identifier;
using postgres::literal;

const column* by_number(const std::vector<column>& columns, int number) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.number == number; });
  return found == columns.end() ? nullptr : &*found;
}

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

std::string stage_expression(const stage& s, const column& after) {
  const auto* before = by_number(s.before, after.number);
  const auto name = identifier(after.name);
  if (!before) return fmt::format("{} AS {}", after.identity ? fmt::format("NULL::{}", after.type) : value_of_added(after), name);
  if (const auto* u = using_of(s, before->name)) return fmt::format("({}) AS {}", u->expression, name);
  return before->name == after.name ? name : fmt::format("{} AS {}", identifier(before->name), name);
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

std::vector<std::string> stage_lists(const std::vector<stage>& stages) {
  std::vector<std::string> lists;
  bool later_uses = false;  // whether a later statement may refer to columns that this one adds
  for (auto s = stages.rbegin(); s != stages.rend(); ++s) {
    const bool wanted = renames_or_computes(*s) || later_uses;
    later_uses = later_uses || wanted;
    if (!wanted) continue;
    std::string list;
    for (const auto& c : s->after) list += (list.empty() ? "" : ", ") + stage_expression(*s, c);
    lists.push_back(std::move(list));
  }
  std::reverse(lists.begin(), lists.end());
  return lists;
}

std::vector<column_mapping> map_columns(const composition& parts) {
  std::vector<column_mapping> columns;
  for (const auto& c : parts.after.columns) {
    if (c.generated) continue;
    if (const auto* s = added_by(parts, c.number)) {
      const auto* at_first = by_number(s->after, c.number);
      if (c.identity || at_first->identity) continue;
      columns.push_back({c.name, c.type, value_of_added(*at_first), false, false});
      continue;
    }
    const auto* before = parts.before.find(c.number);
    const bool changed = computed(parts, c.number, true) || before->type != c.type || before->collation_oid != c.collation_oid;
    columns.push_back({c.name, c.type, identifier(c.name), true, changed});
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
