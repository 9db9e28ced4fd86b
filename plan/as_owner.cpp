#include "plan/as_owner.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/replace.hpp>

#include "plan/direction.hpp"
#include "plan/sql.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {

namespace asio = boost::asio;
using postgres::identifier;
using postgres::literal;
using postgres::qualified;
using postgres::raw;

namespace {

// What was put off until COMMIT is done here: there it would run as the daemon's role, and before that it would keep
// PostgreSQL from altering the table. What is done may put off something else, but only by writing; so it is done again
// until nothing is written, which the transaction's count of commands tells: it grows with those that write.
constexpr auto settle =
    "INSERT INTO {settling} DEFAULT VALUES RETURNING cmin::pg_catalog.text::pg_catalog.int8 INTO STRICT before; "
    "LOOP SET CONSTRAINTS ALL IMMEDIATE; "
    "INSERT INTO {settling} DEFAULT VALUES RETURNING cmin::pg_catalog.text::pg_catalog.int8 INTO STRICT now; "
    "EXIT WHEN now OPERATOR(pg_catalog.-) before OPERATOR(pg_catalog.=) 1; "
    "rounds := rounds OPERATOR(pg_catalog.+) 1; IF rounds OPERATOR(pg_catalog.>) 100 THEN "
    "RAISE 'Deferred triggers put off others again and again.' USING ERRCODE = '42501'; END IF; "
    "before := now; END LOOP; ";
constexpr auto run_body =
    "DECLARE statement pg_catalog.text; m pg_catalog.int8; n pg_catalog.int8 := 0; {variables}BEGIN {guard} "
    "FOREACH statement IN ARRAY $1 LOOP EXECUTE statement; GET DIAGNOSTICS m = ROW_COUNT; "
    "n := n OPERATOR(pg_catalog.+) m; END LOOP; {settle}RETURN n; END";
constexpr auto ask_body = "DECLARE {variables}BEGIN {guard} RETURN QUERY EXECUTE $1; {settle}END";
constexpr auto variables = "before pg_catalog.int8; now pg_catalog.int8; rounds pg_catalog.int4 := 0; ";

struct owner_function {
  const char* name;
  const char* takes;
  const char* returns;
  const char* body;
};

constexpr owner_function run_function{"as_owner", "pg_catalog.text[]", "bigint", run_body};
constexpr owner_function ask_function{"ask_as_owner", "pg_catalog.text", "SETOF record", ask_body};

std::string settling_of(const plan& p) { return qualified(p.ghost_schema, "eidolon settling"); }

// No other session has the same one, so that none waits for another.
std::string name_in(const postgres::connection& c, const plan& p, const owner_function& f) {
  return qualified(p.ghost_schema, fmt::format("{}_{}", f.name, c.backend_pid()));
}

// Between two calls others may have been given the right to execute it.
std::string guard(const postgres::connection& c) {
  return fmt::format(
      "IF session_user OPERATOR(pg_catalog.<>) {}::pg_catalog.name THEN RAISE 'This works for Eidolon alone.' USING "
      "ERRCODE = 'EI002'; END IF;",
      literal(c.parameter_status("session_authorization")));
}

std::string define(const postgres::connection& c, const plan& p, const owner_function& f, const std::string& owner) {
  auto body = boost::replace_all_copy(std::string{f.body}, "{guard}", guard(c));
  boost::replace_all(body, "{variables}", variables);
  boost::replace_all(body, "{settle}", settle);
  boost::replace_all(body, "{settling}", settling_of(p));
  return fmt::format(
      "CREATE OR REPLACE FUNCTION {0}({1}) RETURNS {2} LANGUAGE plpgsql SECURITY DEFINER AS {3}; "
      "ALTER FUNCTION {0}({1}) OWNER TO {4}; ",
      name_in(c, p, f), f.takes, f.returns, literal(body), identifier(owner));
}

// For the daemon alone: what others run in its sessions, another table's owner say, may reach the schema, and the
// guard, which asks for the session's user, would let it pass. What follows may take hours: the locks that looking into
// catalogs takes end with the inner block, which fails.
constexpr auto keep_body =
    "DECLARE f pg_catalog.oid := {name}::pg_catalog.regprocedure; r pg_catalog.oid; others pg_catalog.oid[]; BEGIN "
    "BEGIN others := ARRAY(SELECT a.grantee FROM pg_catalog.pg_proc p CROSS JOIN "
    "pg_catalog.aclexplode(COALESCE(p.proacl, pg_catalog.acldefault('f', p.proowner))) a "
    "WHERE p.oid OPERATOR(pg_catalog.=) f AND a.grantee OPERATOR(pg_catalog.<>) p.proowner "
    "AND a.grantee OPERATOR(pg_catalog.<>) {role}::pg_catalog.regrole); "
    "RAISE 'looked' USING ERRCODE = 'EI003'; EXCEPTION WHEN SQLSTATE 'EI003' THEN NULL; END; "
    "FOREACH r IN ARRAY others LOOP EXECUTE 'REVOKE ALL ON FUNCTION ' "
    "OPERATOR(pg_catalog.||) {name} OPERATOR(pg_catalog.||) ' FROM ' OPERATOR(pg_catalog.||) "
    "CASE r WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(r)::pg_catalog.text) END; "
    "END LOOP; IF NOT pg_catalog.has_function_privilege({role}::pg_catalog.regrole, f, 'EXECUTE') THEN "
    "EXECUTE 'GRANT EXECUTE ON FUNCTION ' OPERATOR(pg_catalog.||) {name} OPERATOR(pg_catalog.||) ' TO ' "
    "OPERATOR(pg_catalog.||) {role}; END IF; END";

std::string keep_to_ourselves(const postgres::connection& c, const plan& p, const owner_function& f) {
  auto body = boost::replace_all_copy(std::string{keep_body}, "{name}",
                                      literal(fmt::format("{}({})", name_in(c, p, f), f.takes)));
  boost::replace_all(body, "{role}", literal(identifier(c.parameter_status("session_authorization"))));
  return "DO " + literal(body) + "; ";
}

// Prepared by SQL, and so not by the daemon: one could have come in the place of a statement of its own.
constexpr auto refuse_prepared =
    "; DO 'BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_prepared_statements WHERE from_sql) THEN RAISE ''What runs for "
    "the owner "
    "of the table prepares statements.'' USING ERRCODE = ''42501''; END IF; END'";

// A right of the role's that the daemon's role has already, and must not lose.
std::string unless_it_is_ours(const std::string& role, const std::string& statement) {
  return fmt::format(
      "DO {}; ", literal(fmt::format("BEGIN IF current_user <> {} THEN {}; END IF; END", literal(role), statement)));
}

// Where policies hide rows from the table's owner: a view of the daemon's, who sees them all, for the time of one call.
// No other session sees it, and nothing of the application's could come to depend on it or be held up by it.
struct whole_view {
  std::string name, create, drop;
};

whole_view view_for(const postgres::connection& c, const plan& p, const std::string& query) {
  if (p.forward.view.empty() || query.find(p.forward.view) == std::string::npos) return {};
  const auto name = qualified(p.ghost_schema, fmt::format("eidolon rows {}", c.backend_pid()));
  return {name,
          fmt::format("CREATE VIEW {0} AS SELECT tableoid, ctid, * FROM {1}; GRANT SELECT ON {0} TO {2}; ", name,
                      source_table_of(p.forward), identifier(p.source.owner)),
          "; DROP VIEW " + name};
}

// The caller's SET may have been overridden, for the session, by what ran; so may have been the function.
asio::awaitable<postgres::result> call(postgres::connection& c, const plan& p, const owner_function& f,
                                       std::string owner, std::string query, settings s) {
  // What is asked is the daemon's own text, with operators of the key.
  const bool printed = s == settings::of_the_session && f.body != ask_body;
  auto path = printed ? p.trusted_path : p.forward.operator_path;
  const bool stranger = owner != p.source.owner;
  const auto view = view_for(c, p, query);
  std::string before = view.create, after = view.drop;
  if (!view.name.empty()) boost::replace_all(query, p.forward.view, view.name);
  if (s == settings::of_the_role) before += fmt::format("{}; {}; ", set_role_output, set_role_input);
  after += std::string{"; "} + set_session_settings;
  if (stranger) {
    path = co_await path_for(c, p.search_path, owner);
    // Only who may create in a schema can own a function in it.
    const auto right = "USAGE, CREATE ON SCHEMA " + identifier(p.ghost_schema);
    before += unless_it_is_ours(owner, "GRANT " + right + " TO " + identifier(owner));
    after += "; " + unless_it_is_ours(owner, "REVOKE " + right + " FROM " + identifier(owner));
  }
  auto script = fmt::format("{}{}{}SET LOCAL search_path = {}; {}; {}{}", before, define(c, p, f, owner),
                            keep_to_ourselves(c, p, f), path, query, set_session_input, after);
  if (c.has_prepared()) script += refuse_prepared;
  c.wear();
  co_return co_await c.script(raw(std::move(script)));
}

asio::awaitable<std::int64_t> run(postgres::connection& c, const plan& p, std::string owner,
                                  std::vector<std::string> statements, settings s) {
  std::string list;
  for (const auto& statement : statements) list += (list.empty() ? "" : ", ") + literal(statement);
  auto query = fmt::format("SELECT {}(ARRAY[{}]::pg_catalog.text[]) AS n", name_in(c, p, run_function), list);
  const auto rows = co_await call(c, p, run_function, std::move(owner), std::move(query), s);
  co_return rows.front().get<std::int64_t>("n");
}

}  // namespace

// Not for everybody: only who may use the schema reaches it. No VACUUM: nothing in it is ever changed.
std::string create_settling(const plan& p) {
  return fmt::format("CREATE TABLE {0} () WITH (autovacuum_enabled = false); GRANT SELECT, INSERT ON {0} TO PUBLIC; ",
                     settling_of(p));
}

bool names_nothing(const postgres::statement_error& e) {
  if (e.sqlstate() == postgres::sqlstate::undefined_function) return true;
  // Within some expression, rather than a table or role of the job's that somebody has dropped.
  return (e.sqlstate() == postgres::sqlstate::undefined_object ||
          e.sqlstate() == postgres::sqlstate::undefined_table) &&
         !e.info().context.empty() && e.info().message.find('.') == std::string::npos;
}

asio::awaitable<std::string> path_for(postgres::connection& c, std::string search_path, std::string owner) {
  // Under that path, in which others may create, a function is called by its schema and its exact type alone.
  // What follows may take hours: it keeps no lock on catalogs.
  auto ask = fmt::format(
      "SAVEPOINT path; SELECT pg_catalog.set_config('search_path', {}, true); SELECT "
      "pg_catalog.current_schemas(false) AS schemas",
      literal(search_path));
  const auto found = co_await c.script(raw(std::move(ask)));
  const auto schemas = found.front().get<std::vector<std::string>>("schemas");
  co_await c.script(raw("SET LOCAL search_path = pg_catalog, pg_temp"));
  const auto trusted = co_await c.execute(postgres::sql(raw(sql::trusted_path), owner, schemas));
  std::string path = "pg_catalog";
  for (const auto r : trusted) path += ", " + identifier(r.get<std::string>("schema"));
  co_await c.script(raw("ROLLBACK TO path; RELEASE path; SET LOCAL search_path = pg_catalog, pg_temp"));
  co_return path + ", pg_temp";
}

asio::awaitable<std::int64_t> run_as_owner(postgres::connection& c, const plan& p, std::string text, settings s) {
  std::vector<std::string> one{std::move(text)};
  co_return co_await run(c, p, p.source.owner, std::move(one), s);
}

asio::awaitable<std::int64_t> run_all_as_owner(postgres::connection& c, const plan& p,
                                               std::vector<std::string> statements) {
  co_return co_await run(c, p, p.source.owner, std::move(statements), settings::of_the_role);
}

asio::awaitable<std::int64_t> run_as(postgres::connection& c, const plan& p, std::string owner, std::string text) {
  std::vector<std::string> one{std::move(text)};
  co_return co_await run(c, p, std::move(owner), std::move(one), settings::of_the_session);
}

asio::awaitable<postgres::result> ask_as_owner(postgres::connection& c, const plan& p, std::string query,
                                               std::string columns, settings s) {
  auto text = fmt::format("SELECT * FROM {}({}::pg_catalog.text) AS answer({})", name_in(c, p, ask_function),
                          literal(query), columns);
  co_return co_await call(c, p, ask_function, p.source.owner, std::move(text), s);
}

}  // namespace eidolon::plan
