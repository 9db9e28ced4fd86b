#include "cutover/cutover.hpp"

#include <fmt/format.h>

#include "cutover/job_triggers.hpp"
#include "cutover/lock_transaction.hpp"
#include "cutover/privileges.hpp"
#include "cutover/swap.hpp"
#include "plan/facts.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::cutover {
namespace {

using postgres::raw;

std::string session(const plan::plan& p, const char* what) { return fmt::format("eidolon job {} {}", p.job, what); }

std::string script_of(const std::vector<std::string>& statements) {
  std::string text;
  for (const auto& s : statements) text += s + ";\n";
  return text;
}

std::string lock_of(const std::string& table, const char* mode) {
  return fmt::format("LOCK TABLE ONLY {} IN {} MODE", table, mode);
}

// A synchronous commit just before: where a synchronous standby does not answer, the swap is not even tried.
asio::awaitable<void> show_that_standbys_follow(postgres::pool& pool, const plan::plan& p) {
  auto c = co_await pool.acquire(session(p, "cutover"));
  const auto rows =
      co_await c->execute(postgres::sql("SELECT current_setting('synchronous_standby_names') <> '' AS wanted"));
  if (!rows.front().get<bool>("wanted")) co_return;
  co_await c->script(raw(fmt::format("UPDATE {}.step SET name = name", postgres::identifier(p.ghost_schema))),
                     std::chrono::seconds{5});
}

// Nothing may have come to hang on the source since it was planned: it would stay with the old table.
asio::awaitable<void> check_dependents(postgres::connection& c, const plan::plan& p) {
  auto dependents = co_await plan::read_dependents(c, p.source.oid, p.ghost_schema);
  const auto publications = co_await c.execute(
      postgres::sql("SELECT pubname::text AS name FROM pg_catalog.pg_publication WHERE puballtables"));
  for (const auto r : publications) dependents.push_back({"publication", "publication " + r.get<std::string>("name")});
  if (dependents.empty()) co_return;
  throw plan::source_changed{plan::source_changed::what::definition,
                             fmt::format("{} came to depend on {}.{} while the job ran", dependents.front().object,
                                         p.source.schema, p.source.name)};
}

asio::awaitable<void> swap(postgres::connection& c, postgres::lock_deadline& deadline, const plan::plan& p) {
  const auto triggers = co_await drops_of_triggers(c, p);
  const auto moves = move_tables(p);
  co_await c.script(raw(script_of(triggers) + script_of(complete_ghost(p)) + "SELECT 1"));
  for (const auto& statement : moves) co_await deadline.take(c, raw(statement));
  co_await c.script(raw(script_of(hand_over_sequences(p)) + script_of(tripwire(p))));
  co_await hand_over_privileges(c, p);
}

}  // namespace

asio::awaitable<attempt_result> attempt(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                        postgres::lock_policy policy, postgres::force force, drain_function drain,
                                        record_function record) {
  locked_work work = [&](postgres::connection& c, postgres::lock_deadline& deadline,
                         attempt_result& r) -> asio::awaitable<bool> {
    co_await plan::check_batch(c, p, f);
    co_await check_dependents(c, p);
    r.drained = co_await drain(c);
    if (r.drained < 0) co_return false;
    co_await swap(c, deadline, p);
    co_await record(c);
    co_return true;
  };
  // The standbys may follow in their own time: what they must not do is hold the lock.
  lock_transaction what{p.source.oid,
                        "ACCESS EXCLUSIVE",
                        lock_of(plan::source_name(p), "ACCESS EXCLUSIVE"),
                        lock_of(plan::ghost_name(p), "ACCESS EXCLUSIVE"),
                        session(p, "cutover"),
                        "SET LOCAL synchronous_commit = local",
                        postgres::identifier(p.ghost_schema)};
  co_await show_that_standbys_follow(pool, p);
  co_return co_await run(pool, std::move(what), policy, force, work);
}

asio::awaitable<attempt_result> attempt_triggers(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                                 postgres::lock_policy policy, postgres::force force,
                                                 record_function install) {
  locked_work work = [&](postgres::connection& c, postgres::lock_deadline&, attempt_result&) -> asio::awaitable<bool> {
    co_await install(c);
    co_await plan::check_batch(c, p, f);
    co_return true;
  };
  lock_transaction what{p.source.oid, "SHARE ROW EXCLUSIVE",  lock_of(plan::source_name(p), "SHARE ROW EXCLUSIVE"),
                        "",           session(p, "triggers"), ""};
  co_return co_await run(pool, std::move(what), policy, force, work);
}

}  // namespace eidolon::cutover
