#include "plan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/describe/members.hpp>
#include <boost/json.hpp>
#include <boost/mp11/algorithm.hpp>
#include <type_traits>

#include "postgres/quoting.hpp"

namespace eidolon::plan {

std::string to_json(const plan& p) { return boost::json::serialize(boost::json::value_from(p)); }

namespace {

template <class T>
struct element_of {};
template <class T>
struct element_of<std::vector<T>> {
  using vector = T;
};
template <class T>
struct element_of<std::optional<T>> {
  using optional = T;
};

// Like value_to, but what is not known is passed over, and what is missing is as in a new one.
template <class T>
T read(const boost::json::value& v) {
  if constexpr (requires { typename element_of<T>::optional; }) {
    if (v.is_null()) return std::nullopt;
    return read<typename element_of<T>::optional>(v);
  } else if constexpr (requires { typename element_of<T>::vector; }) {
    T list;
    for (const auto& e : v.as_array()) list.push_back(read<typename element_of<T>::vector>(e));
    return list;
  } else if constexpr (boost::describe::has_describe_members<T>::value) {
    T described{};
    const auto& stored = v.as_object();
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto d) {
      auto& member = described.*d.pointer;
      if (const auto* value = stored.if_contains(d.name))
        member = read<std::remove_reference_t<decltype(member)>>(*value);
    });
    return described;
  } else {
    return boost::json::value_to<T>(v);
  }
}

}  // namespace

plan from_json(const std::string& text) {
  const auto stored = boost::json::parse(text);
  stored.as_object().at("source");
  auto p = read<plan>(stored);
  if (p.trusted_path.empty()) p.trusted_path = p.forward.operator_path;
  return p;
}

bool same_shape(const plan& a, const plan& b) {
  const auto shape_of = [](plan p) {
    p.neighbours = {};
    p.source.definition.clear();  // every batch compares it
    p.build_ghost.clear();
    p.summary.clear();
    p.warnings.clear();
    p.trusted_path.clear();     // what it decides about rows is in the operators' path
    p.stream_obstacle.clear();  // every chunk asks anew
    p.in_order = false;         // how they are copied
    // They are read in the order of their OIDs, which REINDEX CONCURRENTLY changes.
    std::sort(p.indexes.begin(), p.indexes.end(), [](const auto& x, const auto& y) { return x.name < y.name; });
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
