#include "cutover/cutover.hpp"

#include <fmt/format.h>

#include "cutover/job_triggers.hpp"
#include "cutover/lock_transaction.hpp"
#include "cutover/privileges.hpp"
#include "cutover/sql.hpp"
#include "cutover/swap.hpp"
#include "plan/as_owner.hpp"
#include "plan/facts.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::cutover {
namespace {

using postgres::raw;
using postgres::script_of;

// For what is known before: of prepared statements, the plan that was made when they were first run.
constexpr auto one_plan = "force_generic_plan";

std::string session(const plan::plan& p, const char* what) { return plan::session_name(p.job, what); }

// Something to commit.
std::string touch(const plan::plan& p) {
  return fmt::format(
      "INSERT INTO {}.\"eidolon step\" (name) VALUES ('cutover') ON CONFLICT (name) DO UPDATE SET name = excluded.name",
      postgres::identifier(p.ghost_schema));
}

// A synchronous commit just before: where a synchronous standby does not answer, the swap is not even tried.
asio::awaitable<void> show_that_standbys_follow(postgres::pool& pool, const plan::plan& p) {
  auto c = co_await pool.acquire(session(p, "cutover"));
  const auto rows =
      co_await c->execute(postgres::sql("SELECT current_setting('synchronous_standby_names') <> '' AS wanted"));
  if (!rows.front().get<bool>("wanted")) co_return;
  co_await c->script(raw(touch(p)), std::chrono::seconds{5});
}

// The swap's commit has not waited for the disk. What is committed after it and does wait comes after it in the log:
// once that is on the disk, so is the swap.
asio::awaitable<void> wait_for_the_disk(postgres::pool& pool, const plan::plan& p) {
  try {
    auto c = co_await pool.acquire(session(p, "cutover"));
    co_await c->script(raw("BEGIN; SET LOCAL synchronous_commit = local; " + touch(p) + "; COMMIT"));
  } catch (const postgres::error& e) {
    throw postgres::in_doubt{fmt::format("whether the swap is on the disk is not known: {}", e.what())};
  }
}

// What hangs on the source must be what was planned for: anything else would stay with the old table. false: it has
// changed in the last moment, and is planned anew before the next attempt.
asio::awaitable<bool> check_neighbours(postgres::connection& c, const plan::plan& p) {
  std::string came;
  const auto dependents = co_await plan::read_dependents(c, p.source.oid, p.ghost_schema);
  for (const auto& d : dependents)
    if (!d.carried && came.empty()) came = d.object + " came to depend on";
  const auto publications =
      co_await c.execute(postgres::sql("SELECT pubname::text AS name FROM pg_catalog.pg_publication "
                                       "WHERE puballtables AND pubname <> ALL ($1::text[])",
                                       p.published));
  if (!publications.empty()) came = "publication " + publications.front().get<std::string>("name") + " came to publish";
  if (!came.empty())
    throw plan::source_changed{plan::source_changed::kind::neighbours,
                               fmt::format("{} {}.{} while the job ran", came, p.source.schema, p.source.name)};
  const auto state = co_await plan::read_neighbourhood_state(c, p.source.oid, p.ghost_schema);
  co_return state == p.neighbours.state;
}

// All that the old table still has must be its own: what else depends on it would be lost, or keep it from being
// dropped.
asio::awaitable<void> check_nothing_stays(postgres::connection& c, const plan::plan& p) {
  const auto dependents = co_await plan::read_dependents(c, p.source.oid, p.old_schema);
  for (const auto& d : dependents)
    if (!d.own)
      throw plan::source_changed{
          plan::source_changed::kind::definition,
          fmt::format("{} would still depend on the old {}.{}", d.object, p.source.schema, p.source.name)};
}

// The owner's expressions, read again: as the owner.
asio::awaitable<void> add_late_constraints(postgres::connection& c, const plan::plan& p) {
  auto text = script_of(p.late_constraints);
  if (!text.empty()) co_await plan::run_as_owner(c, p, std::move(text), plan::settings::of_the_session);
}

// It is the owner's: a table that he puts in its place, partitioned by an expression, would have it evaluated for
// whoever creates a trigger there (CreateTriggerFiringOn in PostgreSQL's trigger.c). No table with a usable key is so.
asio::awaitable<void> check_ghost(postgres::connection& c, const plan::plan& p) {
  std::vector<std::string> names{plan::ghost_name(p)};
  for (const auto& x : p.partitions) names.push_back(plan::ghost_name(p, x));
  const auto rows = co_await c.execute(postgres::sql(
      "SELECT count(*) AS others FROM unnest($1::text[]) WITH ORDINALITY n(name, place) JOIN pg_catalog.pg_class c ON "
      "c.oid = n.name::regclass LEFT JOIN pg_catalog.pg_partitioned_table t ON t.partrelid = c.oid "
      "WHERE c.relkind NOT IN ('r', 'p') OR t.partexprs IS NOT NULL OR n.place = 1 AND (c.relkind = 'p') <> $2",
      names, p.forward.partitioned));
  if (rows.front().get<std::int64_t>("others") > 0)
    throw plan::source_changed{plan::source_changed::kind::definition,
                               fmt::format("somebody has put another table in the place of {}", plan::ghost_name(p))};
}

asio::awaitable<std::vector<std::uint32_t>> partitions_in_functions(postgres::connection& c, const plan::plan& p) {
  std::vector<std::uint32_t> named;
  if (p.partitions.empty()) co_return named;
  std::vector<std::string> partitions;
  for (const auto& x : p.partitions) partitions.push_back(std::to_string(x.oid));
  const auto rows = co_await c.execute(postgres::sql(
      "SELECT DISTINCT d.refobjid AS oid FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass "
      "AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = ANY ($1::oid[])",
      partitions));
  for (const auto r : rows) named.push_back(r.get<std::uint32_t>("oid"));
  co_return named;
}

// The grants on the old table, by which a change of them is seen. Whoever is about to change a column's is a blocker:
// he has no lock on the table.
asio::awaitable<std::string> read_grants(postgres::connection& c, const plan::plan& p,
                                         std::vector<postgres::blocker>& blockers) {
  std::vector<std::int64_t> tables{p.source.oid};
  for (const auto& x : p.partitions) tables.push_back(x.oid);
  const auto rows = co_await c.execute(postgres::sql(raw(sql::grants_state), tables));
  const auto by = rows.front().get<std::vector<std::string>>("changed_by");
  if (!by.empty()) {
    const auto who = co_await c.execute(postgres::sql(raw(sql::who_changes), by));
    blockers = snapshot_keepers(who);
    for (auto& x : blockers) x.snapshot = false;
    if (blockers.empty()) blockers.emplace_back().kind = "transaction with a GRANT or REVOKE on a column";
  }
  co_return rows.front().get<std::string>("state");
}

asio::awaitable<void> swap(postgres::connection& c, postgres::lock_deadline& deadline, const plan::plan& p) {
  // Those of a partitioned table are many. They log what nobody reads any more, and go with the old table.
  std::vector<std::string> triggers;
  if (!p.forward.partitioned) triggers = co_await drops_of_triggers(c, p);
  const auto named = co_await partitions_in_functions(c, p);
  const auto moves = move_tables(p);
  const auto& n = p.neighbours;
  co_await deadline.take(c, raw(script_of(triggers) + script_of(complete_ghost(p)) + "SELECT 1"));
  // Each may wait for a lock on some other table, and lock_timeout counts anew for every lock.
  for (const auto* list : {&n.release, &n.attach, &moves}) co_await deadline.take_each(c, *list);
  co_await deadline.take(c, raw(script_of(move_partitions(p)) + script_of(hand_over_sequences(p)) + "SELECT 1"));
  co_await deadline.take_each(c, n.settle);
  co_await c.script(raw(script_of(tripwire(p, named))));
  co_await hand_over_privileges(c, p);
  co_await deadline.take_each(c, n.drop);
  co_await check_nothing_stays(c, p);
}

// The catalog's pages and these queries' plans are known afterwards, which is most of what they take; and what they
// find wrong is found before anybody waits. false: something has changed, and is planned anew first.
asio::awaitable<bool> rehearse(postgres::connection& c, const plan::plan& p, plan::fence f, attempt_result& r) {
  // What another table's owner prepared in this session is neither in the way of this one's own nor taken for its.
  co_await c.script(raw(fmt::format("DEALLOCATE ALL; SET plan_cache_mode = {}", one_plan)));
  c.prepare_statements(true);
  co_await plan::check_batch(c, p, f);
  bool as_planned = co_await check_neighbours(c, p);
  co_await drops_of_triggers(c, p);
  co_await partitions_in_functions(c, p);
  co_await read_privileges(c, p, p.source.oid);
  co_await read_grants(c, p, r.blockers);
  c.prepare_statements(false);
  if (!r.blockers.empty()) as_planned = false;
  co_return as_planned;
}

// LOCK TABLE of the whole waits for each partition as long as for the table; but it asks for no right to them.
asio::awaitable<std::string> lock_of_partitioned(postgres::connection& c, const plan::cutover_lock& l) {
  const auto rows = co_await c.execute(postgres::sql(raw(sql::table_to_lock), l.partitioned));
  if (!rows.empty() && rows.front().get<bool>("may_lock_each"))
    co_return lock_tree_statement(l.partitioned, "ACCESS EXCLUSIVE");
  co_return fmt::format("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", l.partitioned);
}

asio::awaitable<std::vector<wanted_lock>> locks_of_cutover(postgres::pool& pool, const plan::plan& p) {
  std::vector<wanted_lock> locks;
  auto c = co_await pool.acquire(session(p, "cutover"));
  for (const auto& l : p.neighbours.locks) {
    auto statement = l.statement;
    if (!l.partitioned.empty()) statement = co_await lock_of_partitioned(*c, l);
    locks.push_back({{l.oid, "ACCESS EXCLUSIVE"}, std::move(statement)});
  }
  locks.push_back({{p.source.oid, "ACCESS EXCLUSIVE"}, lock_statement(p, plan::source_name(p), "ACCESS EXCLUSIVE")});
  co_return locks;
}

// Whoever calls nextval() has a lock on the sequence until his transaction ends. By default he has locked the table
// before; who fetches his numbers first waits for it after the swap has it, and the server's look for deadlocks ends
// the attempt. To the owner whose it is: the lock, and nothing else.
asio::awaitable<std::vector<wanted_lock>> locks_of_sequences(postgres::pool& pool, const plan::plan& p) {
  std::vector<std::string> names;
  for (const auto& s : p.sequences)
    if (s.ghost_column) names.push_back(s.sequence);
  for (const auto& i : p.identities)
    if (i.source_sequence) names.push_back(postgres::qualified(i.schema, *i.source_sequence));
  std::vector<wanted_lock> locks;
  if (names.empty()) co_return locks;
  auto c = co_await pool.acquire(session(p, "cutover"));
  // One that is gone is missed later, and the error says so.
  const auto found = co_await c->execute(
      postgres::sql("SELECT n.name, c.oid FROM unnest($1::text[]) n(name) JOIN pg_catalog.pg_class c ON c.oid = "
                    "to_regclass(n.name) WHERE c.relkind = 'S'",
                    names));
  for (const auto r : found)
    locks.push_back({{r.get<std::uint32_t>("oid"), "ACCESS EXCLUSIVE"},
                     fmt::format("ALTER SEQUENCE {} OWNER TO {}", r.get<std::string>("name"),
                                 postgres::identifier(p.source.owner))});
  co_return locks;
}

// PostgreSQL takes these for the statement, weak ones first and then ACCESS EXCLUSIVE: on the table that is referred
// to, the last, because the triggers there that served the partitions' own keys go (RemoveTriggerById in PostgreSQL's
// trigger.c), and where that is partitioned on the other one's partitions as well. A weaker lock first would make
// whoever has read such a table in his transaction, and writes to it next, fail: PostgreSQL finds the deadlock when he
// asks (ProcSleep in proc.c). The owner may refer from a table that the daemon's role may not lock: there the locks
// come with the statement, and holders are looked for all the same. A table that is gone is the statement's to tell.
asio::awaitable<std::vector<wanted_lock>> locks_of_foreign_key(postgres::pool& pool, std::string name,
                                                               std::vector<std::string> tables) {
  std::vector<wanted_lock> locks;
  bool strong = true;
  auto c = co_await pool.acquire(std::move(name));
  for (auto table = tables.rbegin(); table != tables.rend(); ++table) {
    const auto found = co_await c->execute(postgres::sql(raw(sql::table_to_lock), *table));
    if (found.empty()) continue;
    const auto r = found.front();
    const std::string mode = strong ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE";
    std::string statement = "SELECT 1";
    if (r.get<bool>("may_lock_each"))
      statement = lock_tree_statement(*table, mode);
    else if (r.get<bool>("may_lock"))
      statement = fmt::format("LOCK TABLE {} IN {} MODE", *table, mode);  // the right to the root is enough
    locks.insert(locks.begin(), {{r.get<std::uint32_t>("oid"), mode}, std::move(statement)});
    strong = r.get<bool>("is_partitioned");
  }
  co_return locks;
}

// Everything of the job's that the swap locks, so that none of it is waited for once the application's tables are
// locked: the ghost, its identities' sequences (to the owner whose they are) and materialized views (to the schema
// where they are). Not its record: an abort that comes meanwhile is to end it.
std::string lock_the_jobs_own(const plan::plan& p) {
  auto text = lock_statement(p, plan::ghost_name(p), "ACCESS EXCLUSIVE");
  for (const auto& i : p.identities)
    text += fmt::format("; ALTER SEQUENCE {} OWNER TO {}", postgres::qualified(p.ghost_schema, i.ghost_sequence),
                        postgres::identifier(p.source.owner));
  for (const auto& v : p.neighbours.rebuilt)
    text +=
        fmt::format("; ALTER MATERIALIZED VIEW {} SET SCHEMA {}", v.ghost_name, postgres::identifier(p.ghost_schema));
  return text;
}

}  // namespace

asio::awaitable<attempt_result> attempt(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                        postgres::lock_policy policy, postgres::force force, drain_function drain,
                                        record_function record) {
  locked_work work = [&](postgres::connection& c, postgres::lock_deadline& deadline,
                         attempt_result& r) -> asio::awaitable<bool> {
    co_await plan::check_batch(c, p, f);
    // What is left to apply deserves plans made for it.
    co_await c.script(raw(script_of(note_positions(p)) + "SET LOCAL plan_cache_mode = auto"));
    r.drained = co_await drain(c);
    if (!r.drained) co_return false;
    // Nothing of the owner's runs between the look at what hangs on the table and the reading of its texts.
    co_await add_late_constraints(c, p);
    co_await check_ghost(c, p);
    co_await c.script(raw(fmt::format("SET LOCAL plan_cache_mode = {}", one_plan)));
    // As late as can be: not all that hangs on the table waits for its lock.
    const bool as_planned = co_await check_neighbours(c, p);
    if (!as_planned) co_return false;
    const auto grants = co_await read_grants(c, p, r.blockers);
    if (!r.blockers.empty()) co_return false;
    co_await swap(c, deadline, p);
    const auto grants_then = co_await read_grants(c, p, r.blockers);
    if (!r.blockers.empty() || grants_then != grants) co_return false;
    co_await record(c);
    // Whoever looks at the sessions once more, in this transaction, sees them as they are now.
    co_await c.script(raw(script_of(keep_ahead(p)) + "SELECT pg_stat_clear_snapshot()"));
    co_return true;
  };
  auto locks = co_await locks_of_cutover(pool, p);
  lock_transaction what{.locks = std::move(locks),
                        .first = lock_the_jobs_own(p),
                        .session = session(p, "cutover"),
                        .settings = "SET LOCAL check_function_bodies = off",
                        .swaps = true,
                        .rehearse = [&](postgres::connection& c, attempt_result& r) { return rehearse(c, p, f, r); }};
  what.then = co_await locks_of_sequences(pool, p);
  co_await show_that_standbys_follow(pool, p);
  auto result = co_await run(pool, std::move(what), policy, force, work);
  if (result.what == attempt_result::outcome::swapped) co_await wait_for_the_disk(pool, p);
  co_return result;
}

asio::awaitable<attempt_result> attempt_triggers(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                                 postgres::lock_policy policy, postgres::force force,
                                                 record_function install) {
  locked_work work = [&](postgres::connection& c, postgres::lock_deadline&, attempt_result&) -> asio::awaitable<bool> {
    co_await install(c);
    co_await plan::check_batch(c, p, f);
    co_return true;
  };
  wanted_lock lock{{p.source.oid, "SHARE ROW EXCLUSIVE"},
                   lock_statement(p, plan::source_name(p), "SHARE ROW EXCLUSIVE")};
  lock_transaction what{.locks = {std::move(lock)}, .session = session(p, "triggers")};
  co_return co_await run(pool, std::move(what), policy, force, work);
}

asio::awaitable<attempt_result> attempt_foreign_key(postgres::pool& pool, const plan::plan& p, plan::fence f,
                                                    postgres::lock_policy policy, postgres::force force,
                                                    std::vector<std::string> tables, record_function add) {
  locked_work work = [&](postgres::connection& c, postgres::lock_deadline&, attempt_result&) -> asio::awaitable<bool> {
    co_await plan::check_fence(c, f);
    co_await add(c);
    co_return true;
  };
  auto locks = co_await locks_of_foreign_key(pool, session(p, "validate"), std::move(tables));
  lock_transaction what{.locks = std::move(locks), .session = session(p, "validate")};
  co_return co_await run(pool, std::move(what), policy, force, work);
}

}  // namespace eidolon::cutover
