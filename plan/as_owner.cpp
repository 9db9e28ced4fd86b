#include "plan/as_owner.hpp"

#include <fmt/format.h>

#include "postgres/quoting.hpp"

namespace eidolon::plan {

namespace asio = boost::asio;
using postgres::identifier;
using postgres::literal;
using postgres::qualified;
using postgres::raw;

namespace {

constexpr const char* run_body = "DECLARE n bigint; BEGIN EXECUTE $1; GET DIAGNOSTICS n = ROW_COUNT; RETURN n; END";
constexpr const char* ask_body = "BEGIN RETURN QUERY EXECUTE $1; END";

std::string create_function(const plan& p, const char* name, const char* returns, const char* body) {
  const auto function = fmt::format("{}(text)", qualified(p.ghost_schema, name));
  return fmt::format("CREATE FUNCTION {0} RETURNS {1} LANGUAGE plpgsql SECURITY DEFINER AS {2}; "
                     "REVOKE ALL ON FUNCTION {0} FROM PUBLIC; ALTER FUNCTION {0} OWNER TO {3};\n",
                     function, returns, literal(body), identifier(p.source.owner));
}

// The caller's SET may have been overridden, for the session, by what ran.
asio::awaitable<postgres::result> call(postgres::connection& c, const plan& p, std::string query) {
  const auto& path = p.forward.operator_path.empty() ? std::string{"pg_catalog, pg_temp"} : p.forward.operator_path;
  auto script = fmt::format("SET LOCAL search_path = {}; {}", path, query);
  auto rows = co_await c.script(raw(std::move(script)));
  co_await c.script(raw("SET search_path = pg_catalog, pg_temp"));
  co_return rows;
}

}  // namespace

std::string create_owner_functions(const plan& p) {
  return create_function(p, "as_owner", "bigint", run_body) + create_function(p, "ask_as_owner", "SETOF record", ask_body);
}

asio::awaitable<std::int64_t> run_as_owner(postgres::connection& c, const plan& p, std::string text) {
  auto query = fmt::format("SELECT {}({}) AS n", qualified(p.ghost_schema, "as_owner"), literal(text));
  const auto rows = co_await call(c, p, std::move(query));
  co_return rows.front().get<std::int64_t>("n");
}

asio::awaitable<postgres::result> ask_as_owner(postgres::connection& c, const plan& p, std::string query, std::string columns) {
  auto text = fmt::format("SELECT * FROM {}({}) AS answer({})", qualified(p.ghost_schema, "ask_as_owner"), literal(query), columns);
  co_return co_await call(c, p, std::move(text));
}

}  // namespace eidolon::plan
