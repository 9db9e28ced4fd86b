#include "copier/visibility.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <vector>

#include "postgres/statement.hpp"

namespace eidolon::copier {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t small_rest = 8'192;  // blocks; VACUUM needs some 30 ms for them
constexpr std::int64_t least_step = 1'024;

std::string session(const plan::plan& p) { return fmt::format("eidolon job {} vacuum", p.job); }

asio::awaitable<std::int64_t> blocks_in_memory(postgres::connection& c) {
  const auto rows =
      co_await c.execute(postgres::sql("SELECT setting::bigint AS n FROM pg_settings WHERE name = 'shared_buffers'"));
  co_return rows.front().get<std::int64_t>("n");
}

// What VACUUM could not mark, because somebody may still see the table without it, and will look at again.
asio::awaitable<std::int64_t> blocks_left(postgres::connection& c, std::vector<std::string> tables) {
  const auto rows = co_await c.execute(postgres::sql(
      "SELECT coalesce(sum(c.relpages - c.relallvisible), 0)::bigint AS n FROM unnest($1::text[]) t(name) "
      "JOIN pg_catalog.pg_class c ON c.oid = t.name::regclass",
      std::move(tables)));
  co_return rows.front().get<std::int64_t>("n");
}

asio::awaitable<void> until(const copy_extent& extent, std::int64_t done) {
  asio::steady_timer timer{co_await asio::this_coro::executor};
  while (extent.done < done) {
    timer.expires_after(20ms);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

}  // namespace

asio::awaitable<void> set_visibility(postgres::pool& pool, const plan::plan& p) {
  auto c = co_await pool.acquire(session(p));
  co_await c->script(postgres::raw("VACUUM " + p.forward.to));
}

// VACUUM reads what is not in memory through a small ring of buffers (PostgreSQL's storage/buffer/README): each page
// that it marks is read and written once more, and the log before it. So it follows the copy closely; the source's
// pages take a part of the memory as well (5 million rows, shared_buffers 128MB: 167,000 pages written instead of
// 227,000). Where an old snapshot keeps pages from being marked it looks at all of them again, so it waits until as
// many have come.
asio::awaitable<void> set_visibility_beside(postgres::pool& pool, const plan::plan& p, plan::pace& pace,
                                            copy_extent& extent) {
  std::int64_t step = 0;
  {
    auto c = co_await pool.acquire(session(p));
    step = std::max(least_step, co_await blocks_in_memory(*c) / 4);
  }
  std::int64_t left = 0;
  while (extent.total - extent.done > small_rest) {
    const auto rest = extent.total - extent.done;
    co_await until(extent, extent.done + std::min(rest / 2, std::max(step, left)));
    co_await pace.admit();
    const auto written = std::exchange(extent.written, {});
    const std::vector<std::string> tables(written.begin(), written.end());
    if (tables.empty()) continue;
    auto c = co_await pool.acquire(session(p));
    // Without giving back empty blocks at the end of the file, for which the copy is just about to find a use.
    co_await c->script(postgres::raw(fmt::format("VACUUM (TRUNCATE false) {}", fmt::join(tables, ", "))));
    left = co_await blocks_left(*c, tables);
  }
}

}  // namespace eidolon::copier
