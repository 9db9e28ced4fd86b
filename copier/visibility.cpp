#include "copier/visibility.hpp"

#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "postgres/statement.hpp"

namespace eidolon::copier {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t small_rest = 8'192;  // blocks; VACUUM needs some 30 ms for them

// Without giving back empty blocks at the end of the file, for which the copy is just about to find a use.
asio::awaitable<void> vacuum(postgres::pool& pool, const plan::plan& p, const char* options) {
  auto c = co_await pool.acquire(fmt::format("eidolon job {} vacuum", p.job));
  co_await c->script(postgres::raw(fmt::format("VACUUM {} {}", options, p.forward.to)));
}

asio::awaitable<void> until(const copy_extent& extent, std::int64_t done) {
  asio::steady_timer timer{co_await asio::this_coro::executor};
  while (extent.done < done) {
    timer.expires_after(20ms);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

}  // namespace

asio::awaitable<void> set_visibility(postgres::pool& pool, const plan::plan& p) { return vacuum(pool, p, ""); }

asio::awaitable<void> set_visibility_beside(postgres::pool& pool, const plan::plan& p, plan::pace& pace,
                                            const copy_extent& extent) {
  while (extent.total - extent.done > small_rest) {
    co_await until(extent, extent.done + (extent.total - extent.done) / 2);
    co_await pace.admit();
    co_await vacuum(pool, p, "(TRUNCATE false)");
  }
}

}  // namespace eidolon::copier
