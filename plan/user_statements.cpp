#include "plan/user_statements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>

#include "plan/as_owner.hpp"
#include "plan/sql.hpp"
#include "plan/sql_text.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {
namespace {

namespace asio = boost::asio;
using postgres::connection;
using postgres::literal;
using postgres::qualified;
using postgres::raw;

// The operators, but those of pg_catalog, that a view uses.
asio::awaitable<std::string> operators_of(connection& c, std::string view) {
  const auto rows = co_await c.execute(postgres::sql(raw(sql::operators_of_view), view));
  co_return rows.front().get<std::optional<std::string>>("operators").value_or("");
}

// What a USING expression says with every name qualified, and calls: PostgreSQL prints it back from a view.
asio::awaitable<computed_column> canonical(connection& c, const plan& p, using_expression u) {
  const auto view = qualified(p.ghost_schema, "eidolon expression");
  // A view's own rule knows rows that are called so, and PostgreSQL would print another name.
  const bool ambiguous = p.source.name == "old" || p.source.name == "new";
  constexpr auto stand_in = "eidolon_row";
  const auto create = fmt::format(
      "SELECT set_config('search_path', {}, true); CREATE VIEW {} AS SELECT ({}\n) AS eidolon_expression FROM {}{}",
      literal(p.search_path), view, u.text, ghost_name(p), ambiguous ? fmt::format(" AS {}", stand_in) : "");
  co_await run_as_owner(c, p, create);
  const auto rows =
      co_await c.script(raw(fmt::format("SELECT pg_get_viewdef({}::regclass) AS definition", literal(view))));
  const auto text = rows.front().get<std::string>("definition");
  computed_column found{u.column, "", u.plain_cast, {}, {}};
  const auto calls = co_await c.execute(postgres::sql(raw(sql::unsteady_calls), view));
  for (const auto r : calls) found.unsteady.push_back(r.get<std::string>("call"));
  const auto read = co_await c.execute(postgres::sql(raw(sql::columns_read), view));
  for (const auto r : read) found.reads.push_back(r.get<int>("number"));
  const auto meant = co_await operators_of(c, view);
  co_await c.script(raw("DROP VIEW " + view));
  const auto begin = text.find_first_not_of(" \n", text.find("SELECT") + 6);
  found.expression = text.substr(begin, text.rfind(" AS eidolon_expression\n") - begin);
  // As the copy reads it.
  co_await run_as_owner(c, p, fmt::format("CREATE VIEW {} AS {}", view, text.substr(0, text.rfind(';'))));
  const auto again = co_await operators_of(c, view);
  co_await c.script(raw("DROP VIEW " + view));
  if (again != meant) found.other_operators = meant;
  if (ambiguous)
    boost::replace_all(found.expression, fmt::format("{}.", stand_in), postgres::identifier(p.source.name) + ".");
  co_return found;
}

// The one value that existing rows have in a column with a stable default, where a rewrite in the same statement, or a
// CHECK of its domain, has hidden it: a column of the domain's base type is added to a table without rows or rewrite.
asio::awaitable<std::optional<std::string>> missing_value(connection& c, const plan& p, column added) {
  const auto probe = qualified(p.ghost_schema, "eidolon probe");
  const auto base = co_await c.execute(postgres::sql(raw(sql::base_type), added.type_oid));
  const auto type = base.empty() ? added.type : base.front().get<std::string>("type");
  const auto text = fmt::format("CREATE TABLE {0} (); ALTER TABLE {0} ADD COLUMN c {1} DEFAULT {2}", probe, type,
                                added.default_expression ? *added.default_expression : *added.domain_default);
  co_await run_as_owner(c, p, text);
  const auto probe_oid = co_await oid_of(c, probe);
  const auto s = co_await read_shape(c, probe_oid);
  co_await c.script(raw("DROP TABLE " + probe));
  co_return s.columns.front().missing_value;
}

// NULL and literals in quotes take the type that the column has after the statement.
void add_untyped(stage& s, const alter_statement& statement) {
  for (const auto& u : statement.usings) {
    if (!u.untyped) continue;
    const auto after =
        std::find_if(s.after.begin(), s.after.end(), [&](const column& c) { return c.name == u.column; });
    if (after != s.after.end())
      s.usings.push_back({u.column, fmt::format("({}\n)::{}", u.text, after->type), false, {}, {}});
  }
}

}  // namespace

asio::awaitable<std::uint32_t> oid_of(connection& c, std::string table) {
  const auto rows = co_await c.execute(postgres::sql("SELECT $1::regclass::oid AS oid", table));
  co_return rows.front().get<std::uint32_t>("oid");
}

asio::awaitable<std::vector<refusal>> refuse_backslashes(connection& c, const alter_request& request) {
  const auto rows = co_await c.execute(
      postgres::sql("SELECT reset_val = 'off' AS is_off FROM pg_settings WHERE name = 'standard_conforming_strings'"));
  std::vector<refusal> no;
  if (!rows.front().get<bool>("is_off")) co_return no;
  for (const auto& s : request.statements)
    if (has_backslash_in_plain_string(s.text))
      no.push_back({"backslash",
                    fmt::format("\"{}\" has a backslash in a string, and standard_conforming_strings is off for the "
                                "daemon's role here.",
                                s.text),
                    "Write the string as E'...', which means the same under either setting."});
  co_return no;
}

asio::awaitable<std::vector<stage>> run_statements(connection& c, alter_request request, std::vector<std::string> texts,
                                                   plan p, shape before) {
  std::vector<stage> stages;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto& statement = request.statements[i];
    stage s;
    s.before = before.columns;
    s.restarted = statement.restarted;
    for (const auto& u : statement.usings) {
      if (u.untyped) continue;
      auto found = co_await canonical(c, p, u);
      s.usings.push_back(std::move(found));
    }
    auto run = fmt::format("SELECT set_config('search_path', {}, true); {}", literal(p.search_path), texts[i]);
    co_await run_as_owner(c, p, std::move(run));
    before = co_await read_shape(c, before.oid);
    s.after = before.columns;
    const int last = s.before.empty() ? 0 : s.before.back().number;
    auto look = postgres::sql(raw(sql::sequences_out_of_reach), before.oid, last, p.source.owner);
    const auto sequences = co_await c.execute(std::move(look));
    for (const auto r : sequences) s.out_of_reach.push_back(r.get<std::string>("name"));
    add_untyped(s, statement);
    for (auto& added : s.after) {
      const bool is_new =
          std::none_of(s.before.begin(), s.before.end(), [&](const auto& b) { return b.number == added.number; });
      if (is_new && (added.default_expression || added.domain_default) && !added.generated && !added.missing_value)
        added.missing_value = co_await missing_value(c, p, added);
    }
    stages.push_back(std::move(s));
  }
  co_return stages;
}

}  // namespace eidolon::plan
