#include "plan/statement_targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "plan/alter_text.hpp"
#include "plan/definitions.hpp"
#include "plan/refusals/refusals.hpp"
#include "plan/sql_text.hpp"
#include "plan/stand_in_reader.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {

namespace asio = boost::asio;
using postgres::connection;
using postgres::identifier;
using postgres::literal;
using postgres::raw;
using refusals_list = std::vector<refusal>;

asio::awaitable<std::optional<std::uint32_t>> find_table(connection& c, table_reference t, std::string search_path) {
  if (!t.schema.empty()) {
    const auto found = co_await c.execute(postgres::sql(
        "SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = $1 AND c.relname = $2",
        t.schema, t.name));
    if (found.empty()) co_return std::nullopt;
    co_return found.front().get<std::uint32_t>("oid");
  }
  auto text = fmt::format(
      "SELECT pg_catalog.set_config('search_path', {}, true); SELECT pg_catalog.to_regclass({}::pg_catalog.text)::"
      "pg_catalog.oid AS oid",
      literal(search_path), literal(identifier(t.name)));
  const auto found = co_await c.script(raw(text));
  co_await c.script(raw("SET LOCAL search_path = pg_catalog, pg_temp"));
  co_return found.front().get<std::optional<std::uint32_t>>("oid");
}

namespace {

// The tables that a statement names beside the clone, which it is about already.
std::vector<table_reference> named_tables(const std::string& statement, const stand_ins& s) {
  std::vector<table_reference> found;
  replace_tables(statement, [&](const std::string& schema, const std::string& name) -> std::optional<std::string> {
    if (schema != s.ghost_schema) found.push_back({schema, name});
    return std::nullopt;
  });
  return found;
}

// A name without a schema means what the search_path finds, which may be another table than the one of that name whose
// schema is written elsewhere in the request.
asio::awaitable<refusals_list> refuse_namesakes(connection& c, const alter_request& request, const plan& p,
                                                const facts& f) {
  if (request.table.schema.empty() || !request.bare) co_return refusals_list{};
  table_reference bare;
  bare.name = request.table.name;
  const auto found = co_await find_table(c, bare, p.search_path);
  const bool is_it = found ? *found == f.oid : request.asked;
  if (is_it) co_return refusals_list{};
  const auto* what = found ? "another table than" : "no table in the search_path of the daemon's role, and not";
  co_return refusals_list{{"several_tables",
                           fmt::format("\"{}\" without a schema is {} {}.", bare.name, what, display_name(f)),
                           "Write the schema with the table's name wherever it stands; submit one job per table."}};
}

}  // namespace

asio::awaitable<target> retarget_all(connection& c, const alter_request& request, const plan& p, const facts& f,
                                     stand_ins& s) {
  target t;
  t.no = co_await refuse_namesakes(c, request, p, f);
  if (!t.no.empty()) co_return t;
  for (const auto& statement : request.statements) {
    auto text = retarget_statement(statement.text, ghost_name(p));
    std::map<std::pair<std::string, std::string>, std::string> instead;
    const auto named = named_tables(text, s);
    for (const auto& name : named) {
      const auto oid = co_await find_table(c, name, p.search_path);
      if (!oid) continue;  // PostgreSQL will say so
      if (*oid == f.oid) {
        instead[{name.schema, name.name}] = ghost_name(p);
        continue;
      }
      if (is_of_tree(f, *oid)) {
        t.no.push_back({"foreign_key",
                        fmt::format("It would tie {} to {}, one of its own partitions.", display_name(f), name.name),
                        "Add the foreign key directly, after the job."});
        continue;
      }
      co_await add_shell(c, s, *oid);
      const auto& made = *std::find_if(s.shells.begin(), s.shells.end(), [&](const shell& x) { return x.oid == *oid; });
      instead[{name.schema, name.name}] = s.shell_name(*oid);
      if (!made.is_permanent)
        t.no.push_back(
            {"refused_by_postgres",
             fmt::format("PostgreSQL refuses it: constraints on permanent tables may reference only permanent "
                         "tables, and {} is none.",
                         name.name),
             "The same ALTER TABLE would fail natively."});
      if (!made.may_lock && !f.partition_key.empty()) t.no.push_back(refusals::may_not_lock(name.name));
    }
    text = replace_tables(text, [&](const std::string& schema, const std::string& name) -> std::optional<std::string> {
      const auto found = instead.find({schema, name});
      return found == instead.end() ? std::nullopt : std::optional{found->second};
    });
    t.statements.push_back(std::move(text));
  }
  co_return t;
}

}  // namespace eidolon::plan
