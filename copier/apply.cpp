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

asio::awaitable<std::vector<std::int64_t>> count_entries(postgres::connection& c, const dirty_keys& keys) {
  std::string list;
  for (const auto& select : keys.selects)
    list += fmt::format("{}(SELECT count(*) FROM ({}) AS entries)", list.empty() ? "" : ", ", select);
  const auto rows = co_await c.script(raw(fmt::format("SELECT ARRAY[{}]::text[] AS counts", list)));
  std::vector<std::int64_t> counts;
  for (const auto& n : rows.front().get<std::vector<std::string>>("counts")) counts.push_back(std::stoll(n));
  co_return counts;
}

}  // namespace

dirty_keys in_blocks(const plan::plan& p, int generation, std::int64_t first, std::int64_t last, share s) {
  return {{keys_in_blocks(p, generation, first, last, s)}, {generation}};
}

dirty_keys in_logs(const plan::plan& p, const std::vector<int>& generations) {
  dirty_keys keys{{}, generations};
  for (const int g : generations) keys.selects.push_back(keys_in_logs(p, {g}));
  return keys;
}

std::string all_of(const dirty_keys& keys) { return fmt::format("{}", fmt::join(keys.selects, " UNION ALL ")); }

namespace {

asio::awaitable<std::int64_t> run_statements(postgres::connection& c, const plan::plan& p,
                                             std::vector<std::string> statements) {
  std::int64_t rows = 0;
  for (const auto& s : statements) rows += co_await plan::run_as_owner(c, p, s);
  co_return rows;
}

}  // namespace

// An upsert goes row by row: where a unique value moves from one key of the batch to another, it meets
// the value's stale holder. All keys out and all rows in has no such order.
asio::awaitable<std::int64_t> apply_in_transaction(postgres::connection& c, const plan::plan& p, std::string keys) {
  co_await c.script(raw(std::string{by_index} + "; SAVEPOINT apply"));
  std::optional<postgres::statement_error> conflict;
  std::int64_t rows = 0;
  try {
    rows = co_await run_statements(c, p, apply_keys(p, keys));
  } catch (const postgres::statement_error& e) {
    if (!is_conflict(e)) throw;
    conflict = e;
  }
  if (!conflict) co_return rows;
  co_await c.script(raw("ROLLBACK TO SAVEPOINT apply"));
  co_return co_await run_statements(c, p, replace_keys(p, keys));
}

asio::awaitable<applied> apply_batch(postgres::connection& c, const plan::plan& p, plan::fence f, dirty_keys keys) {
  auto body = [&p, f, &keys](postgres::connection& t) -> asio::awaitable<applied> {
    co_await plan::check_batch(t, p, f);
    applied done;
    done.seen = co_await count_entries(t, keys);
    const auto entries = std::accumulate(done.seen.begin(), done.seen.end(), std::int64_t{0});
    if (entries > 0) done.keys = co_await apply_in_transaction(t, p, all_of(keys));
    co_return done;
  };
  auto begin = plan::begin_batch(plan::isolation::repeatable_read, batch_locks(p, keys.logs));
  co_return co_await postgres::in_transaction(c, std::move(begin), body);
}

asio::awaitable<applied> set_aside(postgres::connection& c, const plan::plan& p, plan::fence f, dirty_keys keys,
                                   int active) {
  auto body = [&p, f, &keys, active](postgres::connection& t) -> asio::awaitable<applied> {
    co_await plan::check_batch(t, p, f);
    applied done;
    done.seen = co_await count_entries(t, keys);
    co_await t.script(raw(by_index));
    done.keys = co_await plan::run_as_owner(t, p, delete_keys(p, all_of(keys)));
    co_await plan::run_as_owner(t, p, log_keys(p, active, all_of(keys)));
    co_return done;
  };
  auto begin = plan::begin_batch(plan::isolation::repeatable_read, batch_locks(p, keys.logs));
  co_return co_await postgres::in_transaction(c, std::move(begin), body);
}

}  // namespace eidolon::copier
