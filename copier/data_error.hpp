// Errors that lie in the data: which row, and what it violates.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "plan/batch.hpp"
#include "plan/plan.hpp"
#include "postgres/connection.hpp"

namespace eidolon::copier {

// A row of the source does not fit the new shape: the job fails, the source is untouched.
class data_error : public std::runtime_error {
 public:
  data_error(const std::string& message, std::string constraint_name, std::string key_text)
      : std::runtime_error{message}, constraint{std::move(constraint_name)}, key{std::move(key_text)} {}
  std::string constraint;  // or the column, when no constraint is involved
  std::string key;         // "(id)=(42)"
};

// Whether the server objected to the data: classes 22 and 23, and what users' functions raise.
bool is_data_error(const postgres::statement_error& e);
// A unique or exclusion constraint; can be an artefact of the order in which rows are applied.
bool is_conflict(const postgres::statement_error& e);

data_error to_data_error(const postgres::statement_error& e, std::string key);

// "(u)=(5)" out of the server's DETAIL; "" when it names no key.
std::string key_in_detail(const std::string& detail);

// The row that cannot take the new shape, by trying rows one by one in a transaction that is rolled
// back. keys: a SELECT of keys, whose rows leave the ghost first. nullopt: every row fits by now.
struct bad_row {
  std::string key;
  postgres::statement_error error;
};
boost::asio::awaitable<std::optional<bad_row>> find_bad_row(postgres::connection& c, const plan::plan& p, plan::fence f,
                                                            std::string keys);

// The same within blocks [first, last), halving the range until one block is left.
boost::asio::awaitable<std::optional<bad_row>> find_bad_row_in_blocks(postgres::connection& c, const plan::plan& p,
                                                                      plan::fence f, std::int64_t first,
                                                                      std::int64_t last);

}  // namespace eidolon::copier
