// Materialized views of the table, made anew on the ghost: with rows and indexes before the cutover, in which they only
// change places with those in use.
#include <fmt/format.h>

#include "copier/phases.hpp"
#include "plan/as_owner.hpp"
#include "plan/neighbourhood.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::copier {
namespace {

using postgres::raw;

std::string session(const plan::plan& p) { return plan::session_name(p.job, "materialized views"); }

// PostgreSQL itself runs the query, and the expressions of indexes, as the view's owner in a restricted context.
std::string settings_of(const plan::rebuilt_view& v) {
  return fmt::format("SET LOCAL lock_timeout = 0; {}; {}", plan::set_role_output, v.settings);
}

asio::awaitable<void> build(postgres::connection& c, const plan::plan& p, plan::fence f, const plan::rebuilt_view& v) {
  auto body = [&](postgres::connection& t) -> asio::awaitable<void> {
    co_await plan::check_before_long_work(t, p, f);
    const auto state = co_await plan::read_neighbourhood_state(t, p.source.oid, p.ghost_schema);
    if (state != p.neighbours.state)
      throw plan::source_changed{plan::source_changed::kind::neighbours, "what hangs on the table has changed"};
    const auto found = co_await t.execute(postgres::sql("SELECT to_regclass($1) IS NOT NULL AS there", v.ghost_name));
    if (found.front().get<bool>("there")) co_return;
    auto text = settings_of(v) + ";\n" + postgres::script_of(v.build);
    if (!v.refresh.empty()) text += v.refresh + ";\n";
    text += postgres::script_of(v.indexes) + v.revokes;
    co_await t.script(raw(text + "SELECT 1"));
  };
  co_await postgres::in_transaction(c, plan::begin_batch(plan::isolation::read_committed, {}), body);
}

asio::awaitable<void> refresh(postgres::connection& c, plan::fence f, const plan::rebuilt_view& v) {
  auto body = [&](postgres::connection& t) -> asio::awaitable<void> {
    co_await plan::check_fence(t, f);
    co_await t.script(raw(settings_of(v) + "; " + v.refresh + ";\n" + v.revokes + "SELECT 1"));
  };
  co_await postgres::in_transaction(c, plan::begin_batch(plan::isolation::read_committed, {}), body);
}

}  // namespace

asio::awaitable<void> build_materialized_views(postgres::pool& pool, const plan::plan& p, plan::fence f) {
  for (const auto& v : p.neighbours.rebuilt) {
    auto c = co_await pool.acquire(session(p));
    co_await build(*c, p, f, v);
  }
}

asio::awaitable<void> refresh_materialized_views(postgres::pool& pool, const plan::plan& p, plan::fence f) {
  for (const auto& v : p.neighbours.rebuilt) {
    if (v.refresh.empty()) continue;
    auto c = co_await pool.acquire(session(p));
    co_await refresh(*c, f, v);
  }
}

}  // namespace eidolon::copier
