#include "copier/visibility.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "postgres/pause.hpp"
#include "postgres/statement.hpp"

namespace eidolon::copier {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t small_rest = 8'192;  // blocks; VACUUM needs some 30 ms for them
constexpr std::int64_t least_step = 1'024;

// Empty blocks at the end of the file are not given back: the copy is just about to find a use for them. Nor are
// indexes looked through, where they came before the copy: some kinds are read whole each time. Who has the table to
// himself, an administrator's VACUUM for instance, is not waited for: the copy would have to stop.
std::string vacuum_beside(const std::vector<std::string>& tables) {
  return fmt::format("VACUUM (SKIP_LOCKED, TRUNCATE false, INDEX_CLEANUP false) {}", fmt::join(tables, ", "));
}

std::string session(const plan::plan& p) { return plan::session_name(p.job, "vacuum"); }

// As VACUUM has left them.
struct vacuumed {
  std::int64_t blocks{};
  std::int64_t unmarked{};  // somebody may still see the table without what is in them: VACUUM will look at them again
};

asio::awaitable<vacuumed> read_vacuumed(postgres::connection& c, std::vector<std::string> tables) {
  const auto rows = co_await c.execute(postgres::sql(
      "SELECT coalesce(sum(c.relpages), 0)::bigint AS blocks, coalesce(sum(c.relpages - c.relallvisible), 0)::bigint "
      "AS unmarked FROM unnest($1::text[]) t(name) JOIN pg_catalog.pg_class c ON c.oid = t.name::regclass",
      std::move(tables)));
  const auto r = rows.front();
  co_return vacuumed{r.get<std::int64_t>("blocks"), r.get<std::int64_t>("unmarked")};
}

asio::awaitable<void> until(const copy_extent& extent, std::int64_t done) {
  while (extent.done < done) co_await postgres::pause(20ms);
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
// many have come. Each time it asks the visibility map for every block there is (some 15 ns), so a step is no less than
// a part of these. So the whole stays linear.
asio::awaitable<void> set_visibility_beside(postgres::pool& pool, const plan::plan& p, plan::pace& pace,
                                            copy_extent& extent, std::int64_t memory) {
  const auto step = std::max(least_step, memory / 4);
  vacuumed last;
  for (;;) {
    const auto rest = extent.total - extent.done;
    if (rest <= std::max(small_rest, last.unmarked)) co_return;
    const auto wanted = std::max({step, last.unmarked, last.blocks / 256});
    co_await until(extent, extent.done + std::min(rest / 2, wanted));
    co_await pace.admit();
    const auto began = std::chrono::steady_clock::now();
    const auto written = std::exchange(extent.written, {});
    const std::vector<std::string> tables(written.begin(), written.end());
    auto c = co_await pool.acquire(session(p));
    if (!tables.empty()) co_await c->script(postgres::raw(vacuum_beside(tables)));
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
    pace.done({.what = plan::batch_report::kind::vacuum, .duration = took});
    last = co_await read_vacuumed(*c, tables);
  }
}

}  // namespace eidolon::copier
