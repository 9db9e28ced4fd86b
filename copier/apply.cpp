#include "copier/apply.hpp"

#include <fmt/format.h>

#include <numeric>

#include "copier/phases.hpp"
#include "copier/statements.hpp"
#include "plan/as_owner.hpp"
#include "plan/change_log.hpp"
#include "plan/direction.hpp"

namespace eidolon::copier {

namespace asio = boost::asio;
using postgres::raw;

namespace {

std::vector<std::string> batch_locks(const plan::plan& p, const std::vector<int>& logs) {
  std::vector<std::string> locks{plan::source_table_of(p.forward) + " IN ACCESS SHARE MODE",
                                 plan::ghost_table_of(p.forward) + " IN ROW EXCLUSIVE MODE"};
  for (const int g : logs) locks.push_back(plan::log_name(p, g) + " IN ACCESS SHARE MODE");
  return locks;
}

std::string ready_to_apply() { return std::string{by_index} + "; SAVEPOINT apply"; }

}  // namespace

asio::awaitable<std::vector<std::int64_t>> count_rows(postgres::connection& c, std::vector<std::string> selects,
                                                      std::string then) {
  std::string list;
  for (const auto& select : selects)
    list += fmt::format("{}(SELECT count(*) FROM ({}) AS entries)", list.empty() ? "" : ", ", select);
  auto text = fmt::format("SELECT ARRAY[{}]::text[] AS counts; {}", list, then);
  const auto rows = co_await c.script(raw(std::move(text)));
  std::vector<std::int64_t> counts;
  for (const auto& n : rows.front().get<std::vector<std::string>>("counts")) counts.push_back(std::stoll(n));
  co_return counts;
}

dirty_keys in_blocks(const plan::plan& p, int generation, std::int64_t first, std::int64_t last, share s) {
  return {{keys_in_blocks(p, generation, first, last, s)}, {generation}, s.of > 1};
}

dirty_keys in_logs(const plan::plan& p, const std::vector<int>& generations) {
  dirty_keys keys{{}, generations};
  for (const int g : generations) keys.selects.push_back(keys_in_logs(p, {g}));
  return keys;
}

std::string all_of(const dirty_keys& keys) { return fmt::format("{}", fmt::join(keys.selects, " UNION ALL ")); }

namespace {

// An upsert goes row by row: where a unique value moves from one key of the batch to another, it meets
// the value's stale holder. All keys out and all rows in has no such order.
asio::awaitable<std::int64_t> apply_after_savepoint(postgres::connection& c, const plan::plan& p, std::string keys) {
  std::optional<postgres::statement_error> conflict;
  std::int64_t rows = 0;
  try {
    rows = co_await plan::run_all_as_owner(c, p, apply_keys(p, keys));
  } catch (const postgres::statement_error& e) {
    if (!is_conflict(e)) throw;
    conflict = e;
  }
  if (!conflict) co_return rows;
  co_await c.script(raw("ROLLBACK TO SAVEPOINT apply"));
  co_return co_await plan::run_all_as_owner(c, p, replace_keys(p, keys));
}

}  // namespace

asio::awaitable<std::int64_t> apply_in_transaction(postgres::connection& c, const plan::plan& p, std::string keys) {
  co_await c.script(raw(ready_to_apply()));
  co_return co_await apply_after_savepoint(c, p, std::move(keys));
}

asio::awaitable<applied> apply_batch(postgres::connection& c, const plan::plan& p, plan::fence f, dirty_keys keys) {
  auto body = [&p, &keys](postgres::connection& t) -> asio::awaitable<applied> {
    applied done;
    auto selects = keys.selects;
    if (keys.countable) selects.push_back(without_duplicates(p, all_of(keys)));
    done.seen = co_await count_rows(t, std::move(selects), ready_to_apply());
    const auto distinct = done.seen.back();
    if (keys.countable) done.seen.pop_back();
    const auto entries = std::accumulate(done.seen.begin(), done.seen.end(), std::int64_t{0});
    done.looked_up = keys.countable ? distinct : entries;
    const auto began = std::chrono::steady_clock::now();
    if (entries > 0) done.keys = co_await apply_after_savepoint(t, p, all_of(keys));
    done.took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
    co_return done;
  };
  plan::batch b{plan::isolation::repeatable_read, batch_locks(p, keys.logs)};
  if (keys.shared) b.settings = wait_for_sisters();
  co_return co_await plan::in_batch(c, p, f, std::move(b), body);
}

asio::awaitable<applied> set_aside(postgres::connection& c, const plan::plan& p, plan::fence f, dirty_keys keys,
                                   int active) {
  auto body = [&p, &keys, active](postgres::connection& t) -> asio::awaitable<applied> {
    applied done;
    done.seen = co_await count_rows(t, keys.selects, by_index);
    done.keys = co_await plan::run_as_owner(t, p, delete_keys(p, all_of(keys)));
    co_await plan::run_as_owner(t, p, log_keys(p, active, all_of(keys)));
    co_return done;
  };
  plan::batch b{plan::isolation::repeatable_read, batch_locks(p, keys.logs)};
  co_return co_await plan::in_batch(c, p, f, std::move(b), body);
}

}  // namespace eidolon::copier
