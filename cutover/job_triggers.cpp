#include "cutover/job_triggers.hpp"

#include "cutover/sql.hpp"

namespace eidolon::cutover {

boost::asio::awaitable<std::vector<std::string>> drops_of_triggers(postgres::connection& c, const plan::plan& p) {
  std::vector<std::string> drops;
  const auto rows = co_await c.execute(postgres::sql(postgres::raw(sql::job_triggers), p.ghost_schema));
  for (const auto r : rows) drops.push_back(r.get<std::string>("drop"));
  co_return drops;
}

}  // namespace eidolon::cutover
