#include "plan/stand_in_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plan/sql.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {

namespace asio = boost::asio;
using postgres::connection;
using postgres::qualified;
using postgres::raw;
using refusals_list = std::vector<refusal>;

namespace {

// An empty table in place of another; columns: which of shell.sql's lists of them.
asio::awaitable<shell> read_shell(connection& c, std::uint32_t oid, table_reference real, const char* columns) {
  const auto rows = co_await c.execute(postgres::sql(raw(sql::shell), oid));
  const auto r = rows.front();
  co_return shell{oid,
                  std::move(real),
                  r.get<std::optional<std::string>>(columns).value_or(""),
                  r.get<std::optional<std::vector<std::string>>>("keys").value_or(std::vector<std::string>{}),
                  r.get<bool>("is_partitioned"),
                  r.get<bool>("is_permanent"),
                  r.get<bool>("may_lock")};
}

}  // namespace

asio::awaitable<void> add_shell(connection& c, stand_ins& s, std::uint32_t oid) {
  const bool known = std::any_of(s.shells.begin(), s.shells.end(), [&](const shell& x) { return x.oid == oid; });
  if (known) co_return;
  const auto names = co_await c.execute(
      postgres::sql("SELECT n.nspname::text AS schema, c.relname::text AS name FROM pg_catalog.pg_class c "
                    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1",
                    oid));
  table_reference real{names.front().get<std::string>("schema"), names.front().get<std::string>("name")};
  auto made = co_await read_shell(c, oid, std::move(real), "key_columns");
  s.shells.push_back(std::move(made));
}

asio::awaitable<refusals_list> add_twins(connection& c, const facts& f, stand_ins& s) {
  refusals_list no;
  for (const auto& e : f.neighbours.elsewhere_defined) {
    if (e.kind == elsewhere::what::trigger) continue;
    const bool known = std::any_of(s.twins.begin(), s.twins.end(), [&](const twin& t) { return t.oid == e.on; });
    if (known) continue;
    if (std::any_of(s.twins.begin(), s.twins.end(), [&](const twin& t) { return t.real.name == e.bare_name; }))
      no.push_back(
          {e.kind == elsewhere::what::rule ? "rule" : "policy",
           fmt::format("Two tables called {} have rules or policies that mention {}.", e.bare_name, display_name(f)),
           "Drop them for the time of the job, or alter the table directly."});
    table_reference real{e.schema, e.bare_name};
    const auto made = co_await read_shell(c, e.on, real, "columns");
    twin t{e.on, std::move(real), made.columns, {}, {}};
    t.policies = co_await read_policies(c, e.on);
    t.rules = co_await read_rules(c, e.on);
    s.twins.push_back(std::move(t));
  }
  co_return no;
}

asio::awaitable<void> read_twins(connection& c, stand_ins& s) {
  for (auto& t : s.twins) {
    const auto name = qualified(s.twin_schema(), t.real.name);
    const auto rows = co_await c.execute(postgres::sql("SELECT $1::regclass::oid AS oid", name));
    const auto oid = rows.front().get<std::uint32_t>("oid");
    t.policies = co_await read_policies(c, oid);
    t.rules = co_await read_rules(c, oid);
  }
}

}  // namespace eidolon::plan
