#include "plan/same_operators.hpp"

#include <fmt/format.h>

#include "plan/as_owner.hpp"
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

asio::awaitable<std::string> path_of_operators(postgres::connection& c, const facts& f) {
  std::vector<std::int64_t> relations{f.oid};
  for (const auto& m : f.partitions) relations.push_back(m.oid);
  for (const auto& v : f.neighbours.views) relations.push_back(v.oid);
  for (const auto& e : f.neighbours.elsewhere_defined) relations.push_back(e.on);
  auto ask = postgres::sql(raw(sql::operator_schemas), relations, functions_of(f.neighbours));
  const auto rows = co_await c.execute(std::move(ask));
  if (rows.empty()) co_return std::string{};
  std::string schemas;
  for (const auto r : rows)
    schemas += (schemas.empty() ? "" : ", ") + postgres::identifier(r.get<std::string>("schema"));
  co_return co_await path_for(c, schemas, f.owner);
}

asio::awaitable<std::vector<refusal>> refuse_other_operators(postgres::connection& c, const facts& f,
                                                             const stand_ins& s) {
  const auto all = pairs_of(f, s);
  auto ask = postgres::sql(raw(sql::other_operators), all.originals, all.stand_ins, functions_of(f.neighbours),
                           s.ghost_schema);
  const auto rows = co_await c.execute(std::move(ask));
  std::vector<refusal> no;
  for (const auto r : rows)
    no.push_back(reads_otherwise(r.get<std::string>("what"),
                                 r.get<std::optional<std::string>>("missing").value_or("another one")));
  co_return no;
}

}  // namespace eidolon::plan
