// Removing what a job built: its triggers, the old table, the ghost. Always RESTRICT: whatever else came
// to live in the job's schemas is not ours to drop, and is reported instead.
#include <fmt/format.h>

#include "cutover/cutover.hpp"
#include "cutover/job_triggers.hpp"
#include "cutover/lock_transaction.hpp"
#include "cutover/sql.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::cutover {
namespace {

using postgres::identifier;
using postgres::raw;

std::string session(const plan::plan& p) { return plan::session_name(p.job, "clean-up"); }

asio::awaitable<std::vector<std::string>> drops_of_schema(postgres::connection& c, std::string schema) {
  std::vector<std::string> drops;
  const auto rows = co_await c.execute(postgres::sql(raw(sql::schema_contents), schema));
  for (const auto r : rows) drops.push_back(r.get<std::string>("drop"));
  co_return drops;
}

asio::awaitable<void> drop_schema(postgres::connection& c, std::string schema) {
  const auto drops = co_await drops_of_schema(c, schema);
  co_await c.script(raw(postgres::script_of(drops) + "DROP SCHEMA IF EXISTS " + identifier(schema) + " RESTRICT"));
}

// Who reads one of the tables, a dump, is not waited for with the locks of the others held: the next dump would wait
// for them.
asio::awaitable<void> drop_schemas(postgres::connection& c, const plan::plan& p) {
  co_await c.script(raw("SET LOCAL lock_timeout = '100ms'"));
  co_await drop_schema(c, p.old_schema);
  co_await drop_schema(c, p.ghost_schema);
}

asio::awaitable<attempt_result> nothing_to_do() {
  attempt_result r;
  r.what = attempt_result::outcome::swapped;
  r.needless = true;
  co_return r;
}

asio::awaitable<std::optional<std::uint32_t>> oid_of(postgres::pool& pool, const plan::plan& p, std::string table) {
  auto c = co_await pool.acquire(session(p));
  const auto rows = co_await c->execute(postgres::sql("SELECT to_regclass($1)::oid AS oid", table));
  co_return rows.front().get<std::optional<std::uint32_t>>("oid");
}

// The job's own, which the drop itself locks. nullopt: its schemas are not there.
asio::awaitable<std::optional<std::vector<wanted_lock>>> tables_of_job(postgres::pool& pool, const plan::plan& p) {
  auto c = co_await pool.acquire(session(p));
  const auto rows = co_await c->execute(
      postgres::sql("SELECT coalesce(c.oid, 0) AS oid FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_class c "
                    "ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'm') WHERE n.nspname IN ($1, $2)",
                    p.ghost_schema, p.old_schema));
  if (rows.empty()) co_return std::nullopt;
  std::vector<wanted_lock> locks;
  for (const auto r : rows) locks.push_back({{r.get<std::uint32_t>("oid"), "ACCESS EXCLUSIVE"}, {}});
  co_return locks;
}

// A dump whose snapshot is from before the swap has found the old table's indexes and constraints in the catalog, and
// asks for their definitions when they may be gone, without a lock on the table.
asio::awaitable<std::vector<postgres::blocker>> find_who_may_know_it(postgres::pool& pool, const plan::plan& p,
                                                                     std::chrono::duration<double> since_swap) {
  auto c = co_await pool.acquire(session(p));
  const auto rows = co_await c->execute(postgres::sql(raw(sql::since_before_the_swap), since_swap.count()));
  co_return snapshot_keepers(rows);
}

// The source by its OID, whatever it is called now; nullopt: dropped, or without triggers of the job.
asio::awaitable<std::optional<std::string>> table_with_triggers(postgres::pool& pool, const plan::plan& p) {
  auto c = co_await pool.acquire(session(p));
  const auto rows = co_await c->execute(postgres::sql(raw(sql::job_triggers), p.ghost_schema));
  if (rows.empty()) co_return std::nullopt;
  co_return rows.front().get<std::string>("table");
}

}  // namespace

asio::awaitable<attempt_result> attempt_removal(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                                postgres::lock_policy policy, postgres::force force) {
  const auto table = co_await table_with_triggers(pool, p);
  if (!table) co_return co_await nothing_to_do();
  locked_work work = [&](postgres::connection& c, postgres::lock_deadline&, attempt_result&) -> asio::awaitable<bool> {
    co_await plan::check_fence(c, f);
    const auto drops = co_await drops_of_triggers(c, p);
    co_await c.script(raw(postgres::script_of(drops) + "SELECT 1"));
    co_return true;
  };
  policy.hold = policy.together = {};  // there is no way back
  // A partition may have come from somebody else, or gone to him: the drop needs no right on it.
  wanted_lock lock{{p.source.oid, "ACCESS EXCLUSIVE"},
                   lock_statement(p, *table, "ACCESS EXCLUSIVE", below::what_the_role_may_lock)};
  lock_transaction what{.locks = {std::move(lock)}, .session = session(p), .finds_anew = true};
  co_return co_await run(pool, std::move(what), policy, force, work);
}

asio::awaitable<attempt_result> attempt_drop_old(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                                 std::optional<std::chrono::duration<double>> since_swap,
                                                 postgres::lock_policy policy, postgres::force force,
                                                 decide_function decide) {
  attempt_result not_yet;
  not_yet.what = attempt_result::outcome::blocked;
  if (since_swap) not_yet.blockers = co_await find_who_may_know_it(pool, p, *since_swap);
  if (!not_yet.blockers.empty()) co_return not_yet;
  const auto old = plan::old_name(p);
  const auto oid = co_await oid_of(pool, p, old);
  locked_work work = [&](postgres::connection& c, postgres::lock_deadline&,
                         attempt_result& r) -> asio::awaitable<bool> {
    co_await plan::check_fence(c, f);
    const bool still = co_await decide(c);
    if (still)
      co_await drop_schemas(c, p);
    else
      r.gone = "how long the old table is kept has been changed";
    co_return still;
  };
  policy.hold = policy.together = {};
  auto locks = (co_await tables_of_job(pool, p)).value_or(std::vector<wanted_lock>{});
  wanted_lock first{{oid.value_or(0), "ACCESS EXCLUSIVE"},
                    oid ? lock_statement(p, old, "ACCESS EXCLUSIVE") : std::string{}};
  locks.insert(locks.begin(), std::move(first));
  lock_transaction what{.locks = std::move(locks), .session = session(p), .finds_anew = true};
  co_return co_await run(pool, std::move(what), policy, force, work);
}

asio::awaitable<attempt_result> attempt_drop_ghost(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                                   postgres::lock_policy policy) {
  auto tables = co_await tables_of_job(pool, p);
  if (!tables) co_return co_await nothing_to_do();
  locked_work work = [&](postgres::connection& c, postgres::lock_deadline&, attempt_result&) -> asio::awaitable<bool> {
    co_await plan::check_fence(c, f);
    co_await drop_schemas(c, p);
    co_return true;
  };
  policy.hold = policy.together = {};
  lock_transaction what{.locks = std::move(*tables), .session = session(p)};
  co_return co_await run(pool, std::move(what), policy, postgres::force::none, work);
}

}  // namespace eidolon::cutover
