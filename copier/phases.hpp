// The copy and what follows it, up to the swap: each phase takes the plan, a pool and the
// daemon's pace, and returns when it is done. Each may be run again after it was
// interrupted at any point; progress is in the job's schema.
//
// All throw: postgres::error; plan::source_changed; data_error when a row cannot take
// the new shape. Cancellation: between batches and inside them; a batch is rolled back.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "plan/batch.hpp"
#include "plan/pace.hpp"
#include "plan/plan.hpp"
#include "postgres/pool.hpp"

namespace eidolon::copier {

namespace asio = boost::asio;

// A row of the source does not fit the new shape: the job fails, the source is untouched.
class data_error : public std::runtime_error {
 public:
  data_error(const std::string& message, std::string constraint_name, std::string key_text)
      : std::runtime_error{message}, constraint{std::move(constraint_name)}, key{std::move(key_text)} {}
  std::string constraint;  // or the column, when no constraint is involved
  std::string key;         // "(id)=(42)"
};

struct copy_progress {
  std::int64_t blocks_total{}, blocks_done{}, rows{}, bytes{};
};
// From the job's schema; all zero before the copy began.
asio::awaitable<copy_progress> read_progress(postgres::connection& c, const plan::plan& p);

asio::awaitable<void> copy_rows(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace);
asio::awaitable<void> build_indexes(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace);
// Applies the backlog, pass by pass, until what remains is small enough for a cutover. Returns the entries of the last pass.
asio::awaitable<std::int64_t> catch_up(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace);
asio::awaitable<void> verify(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace);
asio::awaitable<void> analyze(postgres::pool& pool, const plan::plan& p);

// What the cutover does under its locks, in its own transaction: counts the entries that remain
// and applies them. Returns their number, or -1 without applying when there are more than limit.
asio::awaitable<std::int64_t> drain(postgres::connection& c, const plan::plan& p, std::int64_t limit);

}  // namespace eidolon::copier
