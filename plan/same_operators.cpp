#include "plan/same_operators.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <regex>

#include "plan/sql.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {
namespace {

namespace asio = boost::asio;
using postgres::qualified;
using postgres::raw;

// As regprocedure takes them.
std::vector<std::string> functions_of(const neighbourhood& n) {
  std::vector<std::string> names;
  for (const auto& f : n.functions) names.push_back(f.signature);
  return names;
}

const std::string first = "pg_catalog", last = ", pg_temp";

std::string listed(const std::vector<std::string>& schemas) {
  std::string list;
  for (const auto& schema : schemas)
    if (schema != first) list += ", " + postgres::identifier(schema);
  return list;
}

// Whether a printed query has a comparison without an operator.
bool compares_silently(const std::string& text) {
  static const std::regex silent{R"(DISTINCT FROM|NULLIF\(|\bUSING \(|\bNATURAL\b|\bROW\(|\bCASE\s+(?!WHEN\b))"};
  return std::regex_search(text, silent);
}

// Of these there are only the texts: materialized views of materialized views, and what reads one.
std::map<std::int64_t, const view*> without_stand_in(const facts& f) {
  std::map<std::int64_t, const view*> views;
  for (const auto& m : f.neighbours.materialized_views) {
    views.emplace(m.oid, &m.self);
    for (const auto& v : m.readers) views.emplace(v.oid, &v);
  }
  for (const auto& v : f.neighbours.views) views.erase(v.oid);
  return views;
}

std::vector<std::int64_t> relations_with_texts(const facts& f) {
  std::vector<std::int64_t> relations{f.oid};
  for (const auto& m : f.partitions) relations.push_back(m.oid);
  for (const auto& v : f.neighbours.views) relations.push_back(v.oid);
  for (const auto& e : f.neighbours.elsewhere_defined) relations.push_back(e.on);
  for (const auto& [oid, v] : without_stand_in(f)) relations.push_back(oid);
  return relations;
}

struct pairs {
  std::vector<std::int64_t> originals;
  std::vector<std::string> stand_ins;  // qualified and quoted

  void add(std::uint32_t original, std::string stand_in) {
    originals.push_back(original);
    stand_ins.push_back(std::move(stand_in));
  }
};

pairs pairs_of(const facts& f, const stand_ins& s) {
  pairs all;
  all.add(f.oid, s.clone);
  for (const auto& m : f.partitions) all.add(m.oid, s.clone_of(m.name));
  for (const auto& v : f.neighbours.views) all.add(v.oid, s.view_name(v.oid));
  for (const auto& t : s.twins) all.add(t.oid, qualified(s.twin_schema(), t.real.name));
  return all;
}

}  // namespace

refusal reads_otherwise(const std::string& what, const std::string& operators) {
  constexpr auto advice =
      "IS DISTINCT FROM, NULLIF, CASE x WHEN, JOIN USING and NATURAL JOIN are printed so: write the comparison with = "
      "(CASE WHEN x = …, ON a.x = b.x); or see to it that none but the owner, superusers and the daemon's role may "
      "create anything in the operator's schema (REVOKE CREATE ON SCHEMA … FROM PUBLIC), and that the daemon's role "
      "may use it.";
  refusal no{"operator_by_search_path",
             fmt::format("PostgreSQL prints {} without the schema of an operator ({}), and what is read again from "
                         "that has another one.",
                         what, operators),
             advice};
  return no;
}

std::string with_operators(const std::string& path, const std::vector<std::string>& schemas) {
  return first + listed(schemas) + path.substr(first.size());
}

std::string with_operators_at_last(const std::string& path, const std::vector<std::string>& schemas) {
  return path.substr(0, path.size() - last.size()) + listed(schemas) + last;
}

asio::awaitable<std::vector<refusal>> find_operators(postgres::connection& c, const facts& f, stand_ins& s) {
  auto ask = postgres::sql(raw(sql::operator_schemas), relations_with_texts(f), functions_of(f.neighbours), f.owner);
  const auto found = co_await c.execute(std::move(ask));
  std::vector<refusal> no;
  if (found.empty()) co_return no;
  std::vector<std::string> schemas;
  for (const auto r : found) schemas.push_back(r.get<std::string>("schema"));
  const auto owner = found.front().get<bool>("of_strangers") ? std::string{} : f.owner;
  const auto trusted = co_await c.execute(postgres::sql(raw(sql::trusted_path), owner, schemas));
  for (const auto r : trusted) s.operator_schemas.push_back(r.get<std::string>("schema"));
  s.path = with_operators(first + last, s.operator_schemas);
  const auto alone = without_stand_in(f);
  for (const auto r : found) {
    const auto schema = r.get<std::string>("schema");
    if (std::find(s.operator_schemas.begin(), s.operator_schemas.end(), schema) != s.operator_schemas.end()) continue;
    for (const auto& oid : r.get<std::vector<std::string>>("relations"))
      if (const auto v = alone.find(std::stoll(oid)); v != alone.end() && compares_silently(v->second->definition))
        no.push_back(reads_otherwise("the view " + v->second->name, "one of the schema " + schema));
  }
  co_return no;
}

asio::awaitable<std::vector<refusal>> refuse_other_operators(postgres::connection& c, const facts& f,
                                                             const stand_ins& s) {
  const auto all = pairs_of(f, s);
  auto ask = postgres::sql(raw(sql::other_operators), all.originals, all.stand_ins, functions_of(f.neighbours),
                           s.ghost_schema);
  const auto rows = co_await c.execute(std::move(ask));
  std::vector<refusal> no;
  for (const auto r : rows) no.push_back(reads_otherwise(r.get<std::string>("what"), r.get<std::string>("operators")));
  co_return no;
}

}  // namespace eidolon::plan
