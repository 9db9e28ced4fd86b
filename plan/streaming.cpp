#include "plan/streaming.hpp"

#include <fmt/format.h>

#include "plan/direction.hpp"
#include "plan/sql.hpp"

namespace eidolon::plan {

namespace {

bool sent_as_it_is(const column_mapping& c) { return c.from_source && !c.changed; }

}  // namespace

std::string stream_obstacle(const sync_direction& d) {
  if (!d.view.empty()) return "row-level security is forced on the owner";
  for (const auto& c : d.columns)
    if (!sent_as_it_is(c) && (c.bare_type.empty() || c.bare_type.starts_with("xml") || c.bare_type.ends_with("[]")))
      return fmt::format("column {} changes, and its type is an array or not one of PostgreSQL's own", c.ghost_name);
  return "";
}

boost::asio::awaitable<std::string> stream_obstacle(postgres::connection& c, const plan& p) {
  auto obstacle = stream_obstacle(p.forward);
  if (!obstacle.empty()) co_return obstacle;
  const auto rows = co_await c.execute(postgres::sql(postgres::raw(sql::stream_obstacle), p.source.oid));
  if (rows.empty()) co_return "the table is gone";
  co_return rows.front().get<std::string>("obstacle");
}

std::string copy_out(const sync_direction& d, const std::string& rows) {
  auto sent = d;
  for (auto& c : sent.columns)
    if (!sent_as_it_is(c)) c.expression = fmt::format("({})::{}", c.expression, c.bare_type);
  return fmt::format("COPY ({}) TO STDOUT (FORMAT binary)", select_rows(sent, rows));
}

std::string copy_in(const sync_direction& d) {
  return fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", d.to, insert_columns(d));
}

}  // namespace eidolon::plan
