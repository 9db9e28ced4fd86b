// Verification: source and ghost are compared range by range of the key, each in one statement and so in one
// snapshot; keys that are in a log may differ. Columns are compared by image, not by equality.
#include <fmt/format.h>

#include <chrono>

#include "copier/chunk_size.hpp"
#include "copier/parallel.hpp"
#include "copier/phases.hpp"
#include "copier/row_weight.hpp"
#include "copier/statements.hpp"
#include "plan/as_owner.hpp"
#include "plan/change_log.hpp"
#include "plan/direction.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::copier {
namespace {

using postgres::raw;
using std::chrono::microseconds;
using clock = std::chrono::steady_clock;
using key_values = std::vector<std::string>;

// Keys in (after, upto]; an empty bound is none.
struct range {
  key_values after, upto;
  std::int64_t rows{};  // of the source, at most
};

std::vector<std::string> locks(const plan::plan& p, const std::vector<int>& generations) {
  std::vector<std::string> locks{plan::source_table_of(p.forward) + " IN ACCESS SHARE MODE",
                                 plan::ghost_table_of(p.forward) + " IN ACCESS SHARE MODE"};
  for (const int g : generations) locks.push_back(plan::log_name(p, g) + " IN ACCESS SHARE MODE");
  return locks;
}

std::string session(const plan::plan& p) { return plan::session_name(p.job, "verify"); }

// As text, in the session's settings: the role's may leave out digits, or write a time that reads as another one.
asio::awaitable<key_values> find_end(postgres::connection& c, const plan::plan& p, key_values after,
                                     std::int64_t rows) {
  key_values values;
  std::string columns;
  for (std::size_t i = 0; i < p.forward.key.size(); ++i) columns += fmt::format("{}k{} text", i ? ", " : "", i + 1);
  const auto found =
      co_await plan::ask_as_owner(c, p, range_end(p, after, rows), columns, plan::settings::of_the_session);
  for (std::size_t i = 0; !found.empty() && i < p.forward.key.size(); ++i)
    values.push_back(found.front().get<std::string>(fmt::format("k{}", i + 1)));
  if (!values.empty() && values == after)
    throw data_error{"verification does not get past a key", "", fmt::format("({})", fmt::join(values, ", "))};
  co_return values;
}

asio::awaitable<void> compare(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace, range r) {
  auto c = co_await pool.acquire(session(p));
  const auto began = clock::now();
  const auto generations = co_await plan::log_generations(*c, p);
  auto body = [&](postgres::connection& t) -> asio::awaitable<void> {
    const auto result = co_await plan::ask_as_owner(t, p, compare_range(p, generations, r.after, r.upto),
                                                    "differences bigint, example text");
    const auto row = result.front();
    if (const auto differences = row.get<std::int64_t>("differences"); differences > 0)
      throw data_error{
          fmt::format(
              "verification found {} rows that differ between source and ghost, for example the one with the key {}",
              differences, row.get<std::string>("example")),
          "", row.get<std::string>("example")};
  };
  plan::batch b{plan::isolation::repeatable_read, locks(p, generations), "SET LOCAL work_mem = '64MB'"};
  co_await plan::in_batch(*c, p, f, std::move(b), body);
  const auto took = std::chrono::duration_cast<microseconds>(clock::now() - began);
  pace.done({plan::batch_report::kind::verify, took, r.rows});
}

// The next ranges, one for each session: finding where they end is cheap beside comparing them.
asio::awaitable<std::vector<range>> next_ranges(postgres::pool& pool, const plan::plan& p, key_values after,
                                                std::int64_t rows, int sessions) {
  auto c = co_await pool.acquire(session(p));
  std::vector<range> ranges;
  do {
    auto upto = co_await find_end(*c, p, after, rows);
    ranges.push_back({after, upto, rows});
    after = std::move(upto);
  } while (!after.empty() && static_cast<int>(ranges.size()) < sessions);
  co_return ranges;
}

asio::awaitable<void> verify_leaf(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace,
                                  const std::function<asio::awaitable<void>()>& between_ranges, std::int64_t& size,
                                  std::int64_t least) {
  key_values after;
  do {
    co_await pace.admit();
    if (between_ranges) co_await between_ranges();
    const auto began = clock::now();
    const auto ranges = co_await next_ranges(pool, p, after, size, std::max(1, pace.settings().workers));
    std::vector<asio::awaitable<void>> comparisons;
    comparisons.reserve(ranges.size());
    for (const auto& r : ranges) comparisons.push_back(compare(pool, p, f, pace, r));
    co_await run_all(std::move(comparisons));
    const auto took = std::chrono::duration_cast<microseconds>(clock::now() - began);
    size = next_size(size, took, pace.settings().chunk_target, {least, 50'000});
    after = ranges.back().upto;
  } while (!after.empty());
}

}  // namespace

asio::awaitable<void> verify(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace,
                             std::function<asio::awaitable<void>()> between_ranges) {
  const auto leaves = plan::leaf_plans(p);
  std::int64_t size = 0, least = 0;
  {
    auto c = co_await pool.acquire(session(p));
    const auto weight = co_await weight_of_rows(*c, p);
    size = lighter(10'000, weight);
    least = lighter(1'000, weight);
  }
  for (const auto& leaf : leaves) co_await verify_leaf(pool, leaf, f, pace, between_ranges, size, least);
}

}  // namespace eidolon::copier
