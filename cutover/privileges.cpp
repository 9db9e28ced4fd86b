#include "cutover/privileges.hpp"

#include <algorithm>

#include "cutover/sql.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::cutover {
namespace {

namespace asio = boost::asio;
using postgres::qualified;
using postgres::raw;

struct kept_columns {
  std::vector<std::string> before, after;
};

kept_columns kept(const plan::plan& p) {
  kept_columns names;
  for (const auto& k : p.kept) {
    names.before.push_back(k.source_name);
    names.after.push_back(k.ghost_name);
  }
  return names;
}

void append(std::string& script, const postgres::result& statements) {
  for (const auto r : statements) script += r.get<std::string>("statement") + ";\n";
}

struct granted_partition {
  std::uint32_t old_oid{}, new_oid{};
  std::string name;
};

// Of both tables, those on which anybody was granted anything.
asio::awaitable<std::vector<granted_partition>> granted_partitions(postgres::connection& c, const plan::plan& p) {
  std::vector<granted_partition> found;
  if (p.partitions.empty()) co_return found;
  std::vector<std::string> before, after;
  for (const auto& x : p.partitions) {
    before.push_back(plan::old_name(p, x));
    after.push_back(plan::source_name(x));
  }
  const auto rows = co_await c.execute(postgres::sql(raw(sql::granted_partitions), before, after));
  for (const auto r : rows)
    found.push_back({r.get<std::uint32_t>("old_oid"), r.get<std::uint32_t>("new_oid"), r.get<std::string>("name")});
  co_return found;
}

// On sequences of columns that the user's statement added.
asio::awaitable<std::string> default_grants(postgres::connection& c, const plan::plan& p) {
  std::string script;
  const auto& columns = p.forward.columns;
  const bool adds =
      std::any_of(columns.begin(), columns.end(), [](const auto& x) { return !x.from_source; }) ||
      std::any_of(p.identities.begin(), p.identities.end(), [](const auto& i) { return !i.source_sequence; });
  if (!adds) co_return script;
  std::vector<std::string> tables{plan::source_name(p)}, known;
  for (const auto& x : p.partitions) tables.push_back(plan::source_name(x));
  for (const auto& s : p.sequences) known.push_back(s.sequence);
  for (const auto& i : p.identities)
    if (i.source_sequence) known.push_back(qualified(i.schema, i.ghost_sequence));
  const auto statements = co_await c.execute(postgres::sql(raw(sql::default_grants), tables, known));
  append(script, statements);
  co_return script;
}

}  // namespace

asio::awaitable<postgres::result> read_privileges(postgres::connection& c, const plan::plan& p,
                                                  std::uint32_t new_table) {
  const auto columns = kept(p);
  co_return co_await c.execute(postgres::sql(raw(sql::table_grants), p.source.oid, new_table, plan::source_name(p),
                                             columns.before, columns.after));
}

asio::awaitable<void> hand_over_privileges(postgres::connection& c, const plan::plan& p) {
  const auto columns = kept(p);
  std::string script;
  const auto partitions = co_await granted_partitions(c, p);
  for (const auto& x : partitions) {
    auto grants = postgres::sql(raw(sql::table_grants), x.old_oid, x.new_oid, x.name, columns.before, columns.after);
    const auto statements = co_await c.execute(std::move(grants));
    append(script, statements);
  }
  const auto new_table = co_await c.execute(postgres::sql("SELECT $1::regclass::oid AS oid", plan::source_name(p)));
  const auto table = co_await read_privileges(c, p, new_table.front().get<std::uint32_t>("oid"));
  append(script, table);
  for (const auto& v : p.neighbours.rebuilt) {
    const auto view = co_await c.execute(postgres::sql("SELECT $1::regclass::oid AS oid", v.name));
    auto grants = postgres::sql(raw(sql::table_grants), v.oid, view.front().get<std::uint32_t>("oid"), v.name,
                                v.columns, v.columns);
    const auto statements = co_await c.execute(std::move(grants));
    append(script, statements);
  }
  for (const auto& f : p.neighbours.functions) {
    const auto made = co_await c.execute(postgres::sql("SELECT $1::regprocedure::oid AS oid", f.name));
    auto grants = postgres::sql(raw(sql::routine_grants), f.oid, made.front().get<std::uint32_t>("oid"), f.name);
    const auto statements = co_await c.execute(std::move(grants));
    append(script, statements);
  }
  for (const auto& i : p.identities) {
    if (!i.source_sequence) continue;
    const auto new_sequence = qualified(i.schema, i.ghost_sequence);
    const auto old_sequence = qualified(p.old_schema, *i.source_sequence);
    const auto sequence =
        co_await c.execute(postgres::sql(raw(sql::sequence_grants), old_sequence, new_sequence, new_sequence));
    append(script, sequence);
  }
  const auto defaults = co_await default_grants(c, p);
  script += defaults;
  if (!script.empty()) co_await c.script(raw(std::move(script)));
}

}  // namespace eidolon::cutover
