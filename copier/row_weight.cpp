#include "copier/row_weight.hpp"

#include <string>
#include <vector>

#include "copier/sql.hpp"

namespace eidolon::copier {

boost::asio::awaitable<double> weight_of_rows(postgres::connection& c, const plan::plan& p) {
  std::vector<std::string> tables;
  for (const auto& leaf : plan::leaf_plans(p)) tables.push_back(leaf.forward.from);
  const auto rows = co_await c.execute(postgres::sql(postgres::raw(sql::row_weight), tables));
  co_return rows.front().get<double>("weight");
}

boost::asio::awaitable<std::int64_t> blocks_of(postgres::connection& c, std::string relation) {
  const auto rows = co_await c.execute(
      postgres::sql("SELECT pg_relation_size($1::regclass) / current_setting('block_size')::bigint AS n", relation));
  co_return rows.front().get<std::int64_t>("n");
}

}  // namespace eidolon::copier
