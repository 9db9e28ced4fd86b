#include "plan/change_log.hpp"

#include <fmt/format.h>

#include "plan/direction.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {

std::string log_name(const plan& p, int generation) {
  return postgres::qualified(p.ghost_schema, fmt::format("eidolon log {}", generation));
}

boost::asio::awaitable<std::vector<int>> log_generations(postgres::connection& c, const plan& p) {
  std::vector<int> found;
  const auto rows = co_await c.execute(
      postgres::sql("SELECT substr(c.relname, 13)::int AS generation FROM pg_catalog.pg_class c "
                    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                    "WHERE n.nspname = $1 AND c.relkind = 'r' AND c.relname ~ '^eidolon log [0-9]+$' "
                    "AND pg_catalog.pg_get_userbyid(c.relowner) = current_user ORDER BY 1",
                    p.ghost_schema));
  for (const auto r : rows) found.push_back(r.get<int>("generation"));
  co_return found;
}

std::string all_logs(const plan& p, const std::vector<int>& generations) {
  const auto key = postgres::identifiers(source_key(p.forward));
  std::string text;
  for (const int g : generations)
    text += fmt::format("{}SELECT {} FROM {}", text.empty() ? "" : " UNION ALL ", key, log_name(p, g));
  return "(" + text + ")";
}

}  // namespace eidolon::plan
