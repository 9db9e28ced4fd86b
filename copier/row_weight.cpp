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

}  // namespace eidolon::copier
