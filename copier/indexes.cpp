// Indexing: every dirty key leaves the ghost, so that what remains is a subset of one state
// of the source and a unique index can only fail on data that truly violates it; then the
// indexes are built, and what hangs on them.
#include <fmt/format.h>

#include <chrono>
#include <deque>
#include <exception>

#include "copier/chunk_size.hpp"
#include "copier/index_builds.hpp"
#include "copier/parallel.hpp"
#include "copier/phases.hpp"
#include "copier/row_weight.hpp"
#include "copier/sql.hpp"
#include "copier/statements.hpp"
#include "copier/visibility.hpp"
#include "plan/as_owner.hpp"
#include "plan/change_log.hpp"
#include "plan/direction.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::copier {
namespace {

using postgres::identifier;
using postgres::raw;
using std::chrono::microseconds;
using clock = std::chrono::steady_clock;

struct work {
  const plan::plan& p;
  plan::fence f;
  plan::pace& pace;
  postgres::pool& pool;
  std::vector<int> generations{};
  std::vector<std::int64_t> log_blocks{};             // of each, when rows of logged keys began to be removed
  std::deque<const plan::deferred_index*> waiting{};  // to be built
  int unfinished{};                                   // those, and what is being built
  std::exception_ptr failure{};                       // of one index, thrown when the others that were begun are done

  int sessions() const { return std::max(1, pace.settings().workers); }
};

std::string session(const work& w, const char* what) { return plan::session_name(w.p.job, what); }

// Those that were logged before rows were removed: what is left in the ghost is of that moment, and so of one; the log
// goes on growing meanwhile, and is not read for it.
std::string keys_then_in_logs(const work& w, const plan::plan& leaf) {
  std::string keys;
  for (std::size_t i = 0; i < w.generations.size(); ++i)
    keys += (i == 0 ? "" : " UNION ALL ") + keys_in_blocks(leaf, w.generations[i], 0, w.log_blocks[i]);
  return keys;
}

asio::awaitable<bool> any_dirty(postgres::connection& c, const work& w) {
  const auto rows =
      co_await c.script(raw(fmt::format("SELECT EXISTS ({}) AS dirty", keys_in_logs(w.p, w.generations))));
  co_return rows.front().get<bool>("dirty");
}

// Nothing of the source's is read, and no lock of it kept: a range may take long.
asio::awaitable<std::int64_t> drop_dirty_in(postgres::connection& c, work& w, const plan::plan& leaf,
                                            std::int64_t first, std::int64_t last) {
  auto body = [&w, &leaf, first, last](postgres::connection& t) -> asio::awaitable<std::int64_t> {
    co_await plan::check_before_long_work(t, leaf, w.f);
    const auto keys = keys_then_in_logs(w, leaf);
    co_return co_await plan::run_as_owner(t, leaf, delete_keys_in_blocks(leaf, keys, first, last));
  };
  const std::vector<std::string> locks{plan::ghost_table_of(leaf.forward) + " IN ROW EXCLUSIVE MODE"};
  co_return co_await postgres::in_transaction(c, plan::begin_batch(plan::isolation::read_committed, locks), body);
}

// In ranges of the ghost's blocks. Every range reads the whole log, so ranges start large, and however long that takes,
// there are some 64 of them and not thousands.
asio::awaitable<void> drop_dirty_of_leaf(postgres::connection& c, work& w, const plan::plan& leaf, std::int64_t& size) {
  const auto blocks = co_await blocks_of(c, leaf.forward.to);
  const auto least = std::max<std::int64_t>(4'096, blocks / 64);
  size = std::max(size, least);
  for (std::int64_t first = 0; first < blocks;) {
    co_await w.pace.admit();
    const auto began = clock::now();
    const auto last = std::min(blocks, first + size);
    const auto gone = co_await drop_dirty_in(c, w, leaf, first, last);
    const auto took = std::chrono::duration_cast<microseconds>(clock::now() - began);
    w.pace.done({.what = plan::batch_report::kind::drop_dirty, .duration = took, .rows = gone});
    size = next_size(size, took, w.pace.settings().chunk_target * 4, {least, std::max<std::int64_t>(least, 1 << 24)});
    first = last;
  }
}

asio::awaitable<void> drop_dirty(work& w) {
  auto c = co_await w.pool.acquire(session(w, "index"));
  w.generations = co_await plan::log_generations(*c, w.p);
  const bool dirty = co_await any_dirty(*c, w);
  if (!dirty) co_return;
  w.log_blocks.clear();
  for (const int g : w.generations) {
    const auto blocks = co_await blocks_of(*c, plan::log_name(w.p, g));
    w.log_blocks.push_back(blocks);
  }
  const auto leaves = plan::leaf_plans(w.p);
  std::int64_t size = 65'536;
  for (const auto& leaf : leaves) co_await drop_dirty_of_leaf(*c, w, leaf, size);
}

asio::awaitable<bool> exists(postgres::connection& c, const plan::plan& p, std::string name) {
  const auto found = co_await c.execute(
      postgres::sql("SELECT to_regclass($1) IS NOT NULL AS there", postgres::qualified(p.ghost_schema, name)));
  co_return found.front().get<bool>("there");
}

// What the server allows would come on top of the sessions that the job may have.
std::string no_more_workers_than(int number) {
  return fmt::format(
      "SELECT set_config('max_parallel_maintenance_workers', "
      "least(current_setting('max_parallel_maintenance_workers')::integer, {})::text, true); ",
      number);
}

// What the job says about an index build. What the role may not set stays as the server has it.
std::string build_settings(const config::job_settings& s, int workers_left) {
  std::string text = "SET LOCAL lock_timeout = 0; ";
  text += s.index_workers < 0 ? no_more_workers_than(workers_left)
                              : fmt::format("SET LOCAL max_parallel_maintenance_workers = {}; ", s.index_workers);
  if (s.index_memory > 0) text += fmt::format("SET LOCAL maintenance_work_mem = {}; ", s.index_memory);
  if (s.compress_index_log) text += sql::compress_log;
  return text;
}

// PostgreSQL itself evaluates an index's expressions as the table's owner, in a restricted context, but reads their
// text as whoever makes it. Text of a float or an interval counts as immutable: it is what the application's sessions
// look for.
std::string build_text(const plan::deferred_index& i) {
  return fmt::format("{}; SET LOCAL default_tablespace = {}; {};\n", plan::set_role_output,
                     i.tablespace.empty() ? "''" : i.tablespace, i.create);
}

// One index in one transaction: the only one of the daemon's that may be long.
asio::awaitable<void> build(postgres::connection& c, work& w, const plan::deferred_index& i) {
  auto body = [&w, &i](postgres::connection& t) -> asio::awaitable<void> {
    co_await plan::check_before_long_work(t, w.p, w.f);
    const bool there = co_await exists(t, w.p, i.name);
    if (there) co_return;
    const auto settings = build_settings(w.pace.settings(), parallel_workers(w.sessions(), w.unfinished));
    co_await t.script(raw(settings + "SELECT 1"));
    co_await plan::run_as_owner(t, w.p, build_text(i), plan::settings::of_the_session);
  };
  co_await postgres::in_transaction(c, plan::begin_batch(plan::isolation::read_committed, {}), body);
}

asio::awaitable<void> find_what_is_missing(work& w) {
  auto c = co_await w.pool.acquire(session(w, "index"));
  for (const auto& i : w.p.indexes) {
    if (i.create.empty()) continue;
    const bool there = co_await exists(*c, w.p, i.name);
    if (!there) w.waiting.push_back(&i);
  }
  w.unfinished = static_cast<int>(w.waiting.size());
}

asio::awaitable<void> builder(work& w, int number) {
  auto c = co_await w.pool.acquire(session(w, "index"));
  while (!w.waiting.empty() && number < w.sessions() && !w.failure) {
    // Taken before anything is awaited: the other builders look at the same list.
    const auto& i = *w.waiting.front();
    w.waiting.pop_front();
    co_await w.pace.admit();
    if (w.failure) co_return;
    std::optional<postgres::statement_error> error;
    try {
      co_await build(*c, w, i);
    } catch (const postgres::statement_error& e) {
      error = e;
    } catch (const postgres::error&) {
      w.failure = std::current_exception();
    }
    if (error && is_data_error(*error)) throw to_data_error(*error, "");
    if (error && ends_other_builds(*error)) throw *error;
    if (error) w.failure = std::make_exception_ptr(*error);
    --w.unfinished;
  }
}

// Constraints, comments and marks: all or none, once. As the owner: where an index is attached to that of a partitioned
// table, or a key's column becomes NOT NULL, PostgreSQL evaluates expressions of the table's as whoever alters it.
asio::awaitable<void> finish_indexes(work& w) {
  auto body = [&w](postgres::connection& t) -> asio::awaitable<void> {
    co_await plan::check_batch(t, w.p, w.f);
    const auto step = co_await t.script(
        raw(fmt::format("INSERT INTO {}.\"eidolon step\" (name) VALUES ('indexes finished') ON CONFLICT DO NOTHING",
                        identifier(w.p.ghost_schema))));
    if (step.affected_rows() == 0) co_return;
    std::string text;
    for (const auto& i : w.p.indexes) text += postgres::script_of(i.then);
    if (!text.empty()) co_await plan::run_as_owner(t, w.p, std::move(text), plan::settings::of_the_session);
  };
  auto c = co_await w.pool.acquire(session(w, "index"));
  co_await postgres::in_transaction(*c, plan::begin_batch(plan::isolation::read_committed, {}), body);
}

}  // namespace

asio::awaitable<void> build_indexes_first(postgres::pool& pool, const plan::plan& p, plan::fence f) {
  auto c = co_await pool.acquire(plan::session_name(p.job, "index"));
  auto body = [&p, f](postgres::connection& t) -> asio::awaitable<void> {
    co_await plan::check_batch(t, p, f);
    const auto lanes =
        co_await t.script(raw(fmt::format("SELECT FROM {}.\"eidolon lane\" LIMIT 1", identifier(p.ghost_schema))));
    if (!lanes.empty()) co_return;  // the copy has begun
    std::string text;
    for (const auto& i : p.indexes) {
      // Rows that meet one another under an exclusion constraint, which may be deferrable, cannot be passed over.
      if (!i.create.starts_with("CREATE ")) continue;
      const bool there = co_await exists(t, p, i.name);
      if (!there) text += build_text(i);
    }
    if (!text.empty()) co_await plan::run_as_owner(t, p, std::move(text), plan::settings::of_the_session);
  };
  co_await postgres::in_transaction(*c, plan::begin_batch(plan::isolation::read_committed, {}), body);
}

asio::awaitable<void> build_indexes(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace) {
  work w{p, f, pace, pool};
  co_await find_what_is_missing(w);
  if (!w.waiting.empty()) co_await drop_dirty(w);
  co_await pace.admit();
  co_await set_visibility(pool, p);
  std::vector<asio::awaitable<void>> builders;
  for (int i = 0; i < w.sessions(); ++i) builders.push_back(builder(w, i));
  co_await run_all(std::move(builders));
  if (w.failure) std::rethrow_exception(w.failure);
  co_await finish_indexes(w);
}

asio::awaitable<std::optional<double>> index_progress(postgres::connection& c, const plan::plan& p) {
  std::vector<std::string> names;
  for (const auto& i : p.indexes)
    if (!i.create.empty()) names.push_back(postgres::qualified(p.ghost_schema, i.name));
  if (names.empty()) co_return std::nullopt;
  const auto rows =
      co_await c.execute(postgres::sql(raw(sql::index_progress), p.ghost_schema, postgres::array_literal(names)));
  co_return std::min(1.0, rows.front().get<double>("built") / static_cast<double>(names.size()));
}

asio::awaitable<std::string> analyze(postgres::pool& pool, const plan::plan& p) {
  auto c = co_await pool.acquire(plan::session_name(p.job, "analyze"));
  // Of indexes' expressions too.
  auto text = fmt::format("SET search_path = {}; ANALYZE {}; SET search_path = pg_catalog, pg_temp", p.trusted_path,
                          p.forward.to);
  std::string why;
  try {
    co_await c->script(raw(std::move(text)));
  } catch (const postgres::statement_error& e) {
    if (!is_data_error(e)) throw;
    why = e.what();
  }
  co_return why;
}

}  // namespace eidolon::copier
