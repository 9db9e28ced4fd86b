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

// It reads several tables: who has one of them is not waited for for long while others wait for what is locked already.
// PostgreSQL itself runs the query, and the expressions of indexes, as the view's owner in a restricted context.
std::string settings_of(const plan::rebuilt_view& v) {
  return fmt::format("SET LOCAL lock_timeout = '300ms'; {}; {}", plan::set_role_output, v.settings);
}

asio::awaitable<void> build(postgres::connection& c, const plan::plan& p, plan::fence f, const plan::rebuilt_view& v) {
  auto body = [&](postgres::connection& t) -> asio::awaitable<void> {
    co_await plan::check_before_long_work(t, p, f);
    // The locks that looking takes, on catalogs, are not kept.
    co_await t.script(raw("SAVEPOINT look"));
    const auto state = co_await plan::read_neighbourhood_state(t, p.source.oid, p.ghost_schema);
    co_await t.script(raw("ROLLBACK TO look"));
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
    co_await t.script(raw(settings_of(v) + "; " + v.refresh + ";\n" + v.revokes + "SELECT 1"));
  };
  co_await plan::fenced(c, f, body);
}

}  // namespace

asio::awaitable<void> build_materialized_views(const plan::plan& p, plan::fence f, const long_runner& run) {
  for (const auto& v : p.neighbours.rebuilt) {
    long_transaction one = [&](postgres::connection& c) { return build(c, p, f, v); };
    co_await run(std::move(one));
  }
}

asio::awaitable<void> refresh_materialized_views(const plan::plan& p, plan::fence f, const long_runner& run) {
  for (const auto& v : p.neighbours.rebuilt) {
    if (v.refresh.empty()) continue;
    long_transaction one = [&](postgres::connection& c) { return refresh(c, f, v); };
    co_await run(std::move(one));
  }
}

}  // namespace eidolon::copier
