#include "plan/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plan/direction.hpp"

namespace eidolon::plan {
namespace {

using lines = std::vector<std::string>;

void describe_columns(lines& out, const composition& parts) {
  for (const auto& before : parts.before.columns) {
    const auto* after = parts.after.find(before.number);
    if (!after) {
      out.push_back(fmt::format("column {} is dropped", before.name));
      continue;
    }
    if (after->name != before.name) out.push_back(fmt::format("column {} is renamed to {}", before.name, after->name));
    if (after->type != before.type)
      out.push_back(fmt::format("column {}: {} becomes {}", after->name, before.type, after->type));
    if (after->not_null != before.not_null)
      out.push_back(fmt::format("column {} {}", after->name, after->not_null ? "becomes NOT NULL" : "may be NULL"));
    if (after->default_expression != before.default_expression)
      out.push_back(
          fmt::format("column {}: default {}", after->name, after->default_expression.value_or("is dropped")));
  }
  for (const auto& after : parts.after.columns)
    if (!parts.before.find(after.number))
      out.push_back(fmt::format("column {} {} is added{}", after.name, after.type, after.not_null ? ", NOT NULL" : ""));
}

template <class Items>
void describe_named(lines& out, const char* what, const Items& before, const Items& after) {
  const auto has = [](const Items& items, const std::string& name) {
    return std::any_of(items.begin(), items.end(), [&](const auto& i) { return i.name == name; });
  };
  for (const auto& b : before)
    if (!has(after, b.name)) out.push_back(fmt::format("{} {} goes", what, b.name));
  for (const auto& a : after)
    if (!has(before, a.name)) out.push_back(fmt::format("{} {} comes", what, a.name));
}

}  // namespace

std::vector<std::string> summarize(const plan& p, const composition& parts) {
  lines out;
  describe_columns(out, parts);
  describe_named(out, "index", parts.before.indexes, parts.after.indexes);
  describe_named(out, "check constraint", parts.before.checks, parts.after.checks);
  if (out.empty()) out.push_back("the table keeps its shape and is rewritten");
  for (const auto& s : p.sequences)
    if (!s.retype.empty()) out.push_back(fmt::format("sequence {} becomes {}", s.sequence, s.retype));
  out.push_back(fmt::format("rows are matched by {}", fmt::join(source_key(p.forward), ", ")));
  return out;
}

}  // namespace eidolon::plan
