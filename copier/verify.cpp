// Verification: source and ghost are compared range by range of the key, each in one statement and so in one
// snapshot; keys that are in a log may differ. Columns are compared by image, not by equality.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "copier/chunk_size.hpp"
#include "copier/parallel.hpp"
#include "copier/phases.hpp"
#include "copier/row_weight.hpp"
#include "copier/statements.hpp"
#include "plan/as_owner.hpp"
#include "plan/change_log.hpp"
#include "plan/direction.hpp"
#include "postgres/pause.hpp"
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
  std::int64_t rows{};  // of the source, about
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

asio::awaitable<void> compare_once(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace,
                                   range r) {
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

// A lock that somebody else has for a while is waited for here: what was compared so far is not to be compared again.
asio::awaitable<void> compare(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace, range r) {
  constexpr int most_attempts = 30;
  for (int attempt = 1;; ++attempt) {
    bool done = true;
    try {
      co_await compare_once(pool, p, f, pace, r);
    } catch (const postgres::statement_error& e) {
      if (e.sqlstate() != postgres::sqlstate::lock_not_available || attempt == most_attempts) throw;
      done = false;
    }
    if (done) co_return;
    co_await postgres::pause(std::chrono::seconds{1});
  }
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

// How many rows there are in each: the last one of a table has those that are left of what was copied. Returns the sum.
std::int64_t share_out(std::vector<range>& ranges, std::int64_t left) {
  std::int64_t sum = 0;
  for (auto& r : ranges) {
    const auto there = std::max<std::int64_t>(0, left - sum);
    r.rows = r.upto.empty() ? there : std::min(r.rows, there);
    sum += r.rows;
  }
  return sum;
}

// By the number of the leaf.
asio::awaitable<std::map<int, std::int64_t>> copied_rows(postgres::connection& c, const plan::plan& p) {
  const auto rows =
      co_await c.script(raw(fmt::format("SELECT leaf, sum(rows)::bigint AS rows FROM {}.\"eidolon lane\" GROUP BY leaf",
                                        postgres::identifier(p.ghost_schema))));
  std::map<int, std::int64_t> copied;
  for (const auto r : rows) copied[r.get<int>("leaf")] = r.get<std::int64_t>("rows");
  co_return copied;
}

asio::awaitable<void> verify_leaf(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace,
                                  const std::function<asio::awaitable<void>()>& between_ranges, std::int64_t& size,
                                  std::int64_t least, std::int64_t copied) {
  key_values after;
  do {
    co_await pace.admit();
    if (between_ranges) co_await between_ranges();
    const auto began = clock::now();
    auto ranges = co_await next_ranges(pool, p, after, size, std::max(1, pace.settings().workers));
    copied -= share_out(ranges, copied);
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
  std::map<int, std::int64_t> copied;
  {
    auto c = co_await pool.acquire(session(p));
    const auto weight = co_await weight_of_rows(*c, p);
    size = lighter(10'000, weight);
    least = lighter(1'000, weight);
    copied = co_await copied_rows(*c, p);
  }
  for (std::size_t i = 0; i < leaves.size(); ++i)
    co_await verify_leaf(pool, leaves[i], f, pace, between_ranges, size, least, copied[static_cast<int>(i)]);
}

}  // namespace eidolon::copier
