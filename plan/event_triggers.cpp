#include "plan/event_triggers.hpp"

#include <fmt/format.h>

#include <optional>

#include "plan/catalog_query.hpp"
#include "plan/refusals/refusals.hpp"
#include "plan/sql.hpp"

namespace eidolon::plan {

namespace asio = boost::asio;
using postgres::raw;

asio::awaitable<std::vector<refusal>> refuse_dressed_clone(postgres::connection& c, const facts& f, const plan& p) {
  std::vector<refusal> no;
  const auto rows =
      co_await c.execute(postgres::sql(raw(catalog_query(sql::dressed_by_event_triggers)), f.oid, p.ghost_schema));
  for (const auto r : rows)
    no.push_back({"event_trigger",
                  fmt::format("An event trigger ({}) gives {} to every table that is created, also to the one that "
                              "would take the place of {}.",
                              r.get<std::optional<std::string>>("suspects").value_or("unknown"),
                              r.get<std::string>("what"), display_name(f)),
                  "Let it leave alone what is created in schemas called eidolon_…, or disable it for the time of the "
                  "job."});
  co_return no;
}

asio::awaitable<std::vector<refusal>> refuse_guarded_drops(postgres::connection& c, const plan& p) {
  const auto guards = co_await c.execute(
      postgres::sql("SELECT string_agg(quote_ident(evtname), ', ' ORDER BY evtname) AS names FROM pg_event_trigger "
                    "WHERE evtenabled <> 'D' AND evtevent IN ('sql_drop', 'ddl_command_start')"));
  const auto names = guards.front().get<std::optional<std::string>>("names");
  if (!names) co_return std::vector<refusal>{};
  const auto error = co_await refusals::objection(
      c, "SAVEPOINT eidolon; DROP TABLE " + ghost_name(p) + "; ROLLBACK TO SAVEPOINT eidolon");
  if (!error) co_return std::vector<refusal>{};
  const refusal no{"event_trigger",
                   fmt::format("An event trigger (of {}) does not let the daemon drop what it creates: {}.", *names,
                               error->info().message),
                   "Let it leave alone what is dropped in schemas called eidolon_…, or disable it for the time of the "
                   "job."};
  co_return std::vector<refusal>{no};
}

}  // namespace eidolon::plan
