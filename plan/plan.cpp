#include "plan/plan.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "postgres/quoting.hpp"

namespace eidolon::plan {

std::string to_json(const plan& p) { return boost::json::serialize(boost::json::value_from(p)); }

plan from_json(const std::string& text) {
  const auto stored = boost::json::parse(text).as_object();
  stored.at("source");
  auto members = boost::json::value_from(plan{}).as_object();
  for (auto& m : members)
    if (const auto* value = stored.if_contains(m.key())) m.value() = *value;
  auto p = boost::json::value_to<plan>(boost::json::value(std::move(members)));
  if (p.trusted_path.empty()) p.trusted_path = p.forward.operator_path;
  return p;
}

bool same_shape(const plan& a, const plan& b) {
  const auto shape_of = [](plan p) {
    p.neighbours = {};
    p.build_ghost.clear();
    p.summary.clear();
    p.warnings.clear();
    p.trusted_path.clear();  // what it decides about rows is in the operators' path
    // The one value of a stable default is another one every time.
    p.forward.stages.clear();
    for (auto& c : p.forward.columns)
      if (!c.from_source) c.expression.clear();
    return to_json(p);
  };
  return shape_of(a) == shape_of(b);
}

std::string session_name(std::int64_t job, std::string_view activity) {
  return fmt::format("eidolon job {} {}", job, activity);
}
std::string source_name(const plan& p) { return postgres::qualified(p.source.schema, p.source.name); }
std::string ghost_name(const plan& p) { return postgres::qualified(p.ghost_schema, p.source.name); }
std::string old_name(const plan& p) { return postgres::qualified(p.old_schema, p.source.name); }

std::string source_name(const partition& x) { return postgres::qualified(x.schema, x.name); }
std::string ghost_name(const plan& p, const partition& x) { return postgres::qualified(p.ghost_schema, x.name); }
std::string old_name(const plan& p, const partition& x) { return postgres::qualified(p.old_schema, x.name); }

std::vector<plan> leaf_plans(const plan& p) {
  plan one;
  one.job = p.job;
  one.source = p.source;
  one.ghost_schema = p.ghost_schema;
  one.old_schema = p.old_schema;
  one.trusted_path = p.trusted_path;
  one.forward = p.forward;
  if (!p.forward.partitioned) return {one};
  one.forward.partitioned = false;
  std::vector<plan> leaves;
  for (const auto& x : p.partitions) {
    if (!x.leaf) continue;
    one.forward.from = source_name(x);
    one.forward.to = ghost_name(p, x);
    leaves.push_back(one);
  }
  return leaves;
}

}  // namespace eidolon::plan
