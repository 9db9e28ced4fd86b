#include "plan/batch.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/replace.hpp>

#include "plan/catalog_query.hpp"
#include "plan/sql.hpp"
#include "postgres/pause.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {

namespace asio = boost::asio;
using postgres::identifier;

namespace {

postgres::statement_error fenced(fence f, const std::string& found) {
  postgres::statement_error::fields e;
  e.sqlstate = postgres::sqlstate::fenced;
  e.message = fmt::format("another leader has taken over (epoch {} here, {} in the database)", f.epoch, found);
  return postgres::statement_error{std::move(e)};
}

void check_epoch(fence f, std::optional<std::int64_t> found) {
  if (found != f.epoch) throw fenced(f, found ? std::to_string(*found) : "none");
}

std::string check_function(const plan& p) { return postgres::qualified(p.ghost_schema, "check_batch"); }
std::string partition_function(const plan& p) { return postgres::qualified(p.ghost_schema, "check_partition"); }

// A daemon that is stopped, or cut off, within a transaction loses its locks after a while.
postgres::raw_sql begin(isolation level, const std::vector<std::string>& locks, const char* nowait,
                        const char* before_locks = "", const char* after_locks = "") {
  std::string text = fmt::format(
      "BEGIN ISOLATION LEVEL {} READ WRITE; SET LOCAL idle_in_transaction_session_timeout = '10s'; "
      "LOCK TABLE eidolon.leader IN ROW SHARE MODE{}",
      level == isolation::repeatable_read ? "REPEATABLE READ" : "READ COMMITTED", nowait);
  text += before_locks;
  for (const auto& lock : locks) text += fmt::format("; LOCK TABLE {}{}", lock, nowait);
  text += after_locks;
  return postgres::raw(std::move(text));
}

}  // namespace

postgres::raw_sql begin_batch(isolation level, const std::vector<std::string>& locks) {
  return begin(level, locks, "");
}

postgres::raw_sql begin_beside(isolation level, const std::vector<std::string>& locks) {
  return begin(level, locks, " NOWAIT");
}

namespace {

std::string create_query(const plan& p, const std::string& signature, std::string query) {
  boost::replace_all(query, "{job_schema}", identifier(p.ghost_schema));
  return fmt::format("CREATE FUNCTION {} LANGUAGE plpgsql STABLE AS {}", signature,
                     postgres::literal("#variable_conflict use_column\nBEGIN RETURN QUERY\n" + query + ";\nEND"));
}

}  // namespace

std::string create_checks(const plan& p) {
  const auto whole = check_function(p) +
                     "(oid, text, text) RETURNS TABLE (epoch bigint, same_file boolean, same_triggers boolean, "
                     "same_definition boolean)";
  if (!p.forward.partitioned) return create_query(p, whole, catalog_query_of_plain_table(sql::batch_check));
  const auto one = partition_function(p) + "(oid, text) RETURNS TABLE (epoch bigint, state text)";
  return create_query(p, whole, catalog_query(sql::batch_check)) + "; " +
         create_query(p, one, catalog_query_of_plain_table(sql::partition_check));
}

namespace {

// Why the log has a gap.
asio::awaitable<source_changed> gap_of(postgres::connection& c, const plan& p) {
  const bool full = co_await has_full_log(c, p);
  const auto name = p.source.schema + "." + p.source.name;
  if (full)
    co_return source_changed{
        source_changed::kind::log,
        fmt::format("the change log of {} has reached max_log, and its triggers have stopped", name)};
  co_return source_changed{
      source_changed::kind::triggers,
      fmt::format("the triggers of the job on {} were disabled, replaced or dropped for a time", name)};
}

// Every argument has its exact type, so that no function the owner may put beside ours is preferred.
std::string check_query(const plan& p, std::string_view oid, std::string_view schema, std::string_view definition) {
  return fmt::format("SELECT * FROM {}({}::oid, {}::text, {}::text)", check_function(p), oid, schema, definition);
}

asio::awaitable<void> judge(postgres::connection& c, const plan& p, fence f, const postgres::result& rows) {
  if (rows.empty()) throw source_changed{source_changed::kind::triggers, "the triggers were never installed"};
  const auto r = rows.front();
  check_epoch(f, r.get<std::optional<std::int64_t>>("epoch"));
  const auto name = p.source.schema + "." + p.source.name;
  if (!r.get<bool>("same_definition"))
    throw source_changed{source_changed::kind::definition, fmt::format("somebody altered {} while the job ran", name)};
  if (!r.get<bool>("same_triggers")) {
    auto gap = co_await gap_of(c, p);
    throw gap;
  }
  if (!r.get<bool>("same_file"))
    throw source_changed{source_changed::kind::file,
                         fmt::format("{} was truncated or rewritten into another file", name)};
}

// Whether the partition is what it was; throws where the epoch is stale.
bool same_partition(fence f, const partition_mark& mark, const postgres::result& rows) {
  if (rows.empty()) return false;
  const auto r = rows.front();
  check_epoch(f, r.get<std::optional<std::int64_t>>("epoch"));
  return r.get<std::string>("state") == mark.state;
}

std::string partition_query(const plan& p, const partition_mark& mark) {
  return fmt::format("SELECT * FROM {}({}::oid, {}::text)", partition_function(p), mark.oid,
                     postgres::literal(p.ghost_schema));
}

// LOCK TABLE of a partitioned table has some of its locks while it waits for others: not for as long as session.sql
// allows, and less long than the application's sessions wait before they look for deadlocks.
std::string begin_at_partitions(const batch& b) {
  return begin(b.level, b.locks, "", "; SET LOCAL lock_timeout = '300ms'", "; SET LOCAL lock_timeout = '10s'").text;
}

}  // namespace

// The look at the whole opens the table itself. Who locks that one and its partitions begins with it, so the batch of a
// partition does so as well: otherwise the two would meet in a circle, and the application would be the one to find it.
asio::awaitable<void> open_batch(postgres::connection& c, const plan& p, fence f, batch b) {
  const auto root = source_name(p);
  const bool of_partition = p.forward.from != root;
  const bool whole = !b.only && (p.forward.partitioned || of_partition);
  if (whole && of_partition) b.locks.insert(b.locks.begin(), "ONLY " + root + " IN ACCESS SHARE MODE");
  auto text = (whole ? begin_at_partitions(b) : begin(b.level, b.locks, "").text) + "; ";
  if (!b.settings.empty()) text += b.settings + "; ";
  if (b.only) {
    text += partition_query(p, *b.only);
    const auto rows = co_await c.script(postgres::raw(std::move(text)));
    const bool same = same_partition(f, *b.only, rows);
    if (same) co_return;
    co_await c.script(postgres::raw("ROLLBACK"));
    b.only.reset();
    co_await open_batch(c, p, f, std::move(b));
    co_return;
  }
  text += check_query(p, std::to_string(p.source.oid), postgres::literal(p.ghost_schema),
                      postgres::literal(p.source.definition));
  const auto rows = co_await c.script(postgres::raw(std::move(text)));
  co_await judge(c, p, f, rows);
}

asio::awaitable<bool> has_full_log(postgres::connection& c, const plan& p) {
  auto query =
      fmt::format("SELECT FROM {} WHERE triggers = 'max_log'", postgres::qualified(p.ghost_schema, "eidolon source"));
  const auto rows = co_await c.script(postgres::raw(std::move(query)));
  co_return !rows.empty();
}

asio::awaitable<void> check_batch(postgres::connection& c, const plan& p, fence f) {
  const auto query = check_query(p, "$1", "$2", "$3");
  const auto rows =
      co_await c.execute(postgres::sql(postgres::raw(query), p.source.oid, p.ghost_schema, p.source.definition));
  co_await judge(c, p, f, rows);
}

asio::awaitable<void> check_before_long_work(postgres::connection& c, const plan& p, fence f) {
  constexpr int looks = 3;
  for (int look = 1;; ++look) {
    bool seems_altered = false;
    co_await c.script(postgres::raw("SAVEPOINT look"));
    try {
      co_await check_batch(c, p, f);
    } catch (const source_changed& e) {
      seems_altered = e.changed == source_changed::kind::definition && look < looks;
      if (!seems_altered) throw;
    }
    co_await c.script(postgres::raw("ROLLBACK TO look"));
    if (!seems_altered) co_return;
    co_await postgres::pause(std::chrono::milliseconds{200});
  }
}

asio::awaitable<std::vector<partition_mark>> mark_partitions(postgres::connection& c, const plan& p) {
  std::vector<partition_mark> marks;
  if (!p.forward.partitioned) co_return marks;
  // A job of an older version has none; one that somebody else put there is not asked.
  const auto function = co_await c.execute(postgres::sql(
      "SELECT FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace JOIN "
      "pg_catalog.pg_roles o "
      "ON o.oid = f.proowner WHERE n.nspname = $1 AND f.proname = 'check_partition' AND o.rolname = current_user AND "
      "f.pronargs = 2",
      p.ghost_schema));
  if (function.empty()) co_return marks;
  std::vector<std::string> leaves;
  for (const auto& x : p.partitions)
    if (x.leaf) leaves.push_back(std::to_string(x.oid));
  const auto query = fmt::format(
      "SELECT m.oid, s.state FROM unnest($1::oid[]) WITH ORDINALITY m(oid, n), LATERAL {}(m.oid, $2::text) s ORDER BY "
      "m.n",
      partition_function(p));
  const auto rows = co_await c.execute(postgres::sql(postgres::raw(query), leaves, p.ghost_schema));
  if (rows.size() != static_cast<int>(leaves.size()))
    throw source_changed{source_changed::kind::triggers, "the triggers were never installed"};
  for (const auto r : rows) marks.push_back({r.get<std::uint32_t>("oid"), r.get<std::string>("state")});
  co_return marks;
}

asio::awaitable<void> check_fence(postgres::connection& c, fence f) {
  const auto rows = co_await c.execute(postgres::sql("SELECT epoch FROM eidolon.leader"));
  check_epoch(f, rows.empty() ? std::nullopt : rows.front().get<std::optional<std::int64_t>>("epoch"));
}

}  // namespace eidolon::plan
