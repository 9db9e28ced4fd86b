// Foreign keys after the swap.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "daemon/fenced.hpp"
#include "daemon/giving_way.hpp"
#include "daemon/job_steps.hpp"
#include "daemon/lock_attempts.hpp"
#include "daemon/sql.hpp"
#include "plan/as_owner.hpp"
#include "plan/sql_text.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::daemon {

using postgres::connection;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr seconds first_look{15}, rarest_look{600};
constexpr int enough_violations = 10;

// To be seen with the job, and not only among its events.
asio::awaitable<void> warn(job_context& job, std::string text) {
  auto updated = job.plan();
  updated.warnings.push_back(text);
  co_await replace_plan(job, std::move(updated));
  co_await job.note("warning", std::move(text));
}

// That of a partitioned table, which is without it until then.
bool adds_foreign_key(const plan::validation& v) {
  return v.statement.starts_with("ALTER TABLE ") && v.statement.find(" ADD CONSTRAINT ") != std::string::npos;
}

// Which ones the statements validate, by their numbers.
asio::awaitable<std::map<std::size_t, std::uint32_t>> find_by_name(job_context& job,
                                                                   std::vector<std::string> statements) {
  auto c = co_await job.at.pool.acquire(job.session("validate"));
  const auto rows = co_await c->execute(postgres::sql(postgres::raw(sql::named_constraints), statements));
  std::map<std::size_t, std::uint32_t> found;
  for (const auto r : rows)
    found.emplace(static_cast<std::size_t>(r.get<std::int64_t>("n") - 1), r.get<std::uint32_t>("oid"));
  co_return found;
}

// Recorded before the first is run: from then on their names, and their tables', do not matter.
asio::awaitable<void> find_constraints(job_context& job) {
  std::vector<std::string> statements;
  for (const auto& v : job.plan().neighbours.validate) statements.push_back(v.statement);
  const auto found = co_await find_by_name(job, statements);
  auto updated = job.plan();
  bool news = false;
  for (const auto& [n, constraint] : found) {
    auto& v = updated.neighbours.validate[n];
    news = news || v.constraint == 0;
    if (v.constraint == 0) v.constraint = constraint;
  }
  if (news) co_await replace_plan(job, std::move(updated));
}

struct foreign_key_now {
  plan::validation how;
  bool valid{};
};

asio::awaitable<std::optional<foreign_key_now>> look_at(job_context& job, plan::validation v) {
  auto c = co_await job.at.pool.acquire(job.session("validate"));
  const auto rows = co_await c->execute(postgres::sql(postgres::raw(sql::foreign_key_now), v.constraint));
  if (rows.empty()) co_return std::nullopt;
  const auto r = rows.front();
  v.statement = r.get<std::string>("statement");
  v.owner = r.get<std::string>("owner");
  co_return foreign_key_now{std::move(v), r.get<bool>("valid")};
}

// As it is to be validated now. One that is gone may have been made anew, NOT VALID, under its name: by another job
// that swapped the table at its other end, or by a restore. nullopt: there is nothing left to validate.
asio::awaitable<std::optional<plan::validation>> as_it_is_now(job_context& job, plan::validation v) {
  if (v.constraint == 0) co_return v;
  auto now = co_await look_at(job, v);
  if (!now) {
    std::vector<std::string> statements{v.statement};
    const auto found = co_await find_by_name(job, std::move(statements));
    if (found.empty()) co_return std::nullopt;
    v.constraint = found.begin()->second;
    now = co_await look_at(job, v);
  }
  if (!now || now->valid) co_return std::nullopt;
  co_return now->how;
}

// locked_out: others hold its locks; violated: once, which may pass; failed: for a reason that somebody can remove.
enum class validated { done, locked_out, violated, failed, given_up };

// Row by row, as PostgreSQL checks for a role that may not read both tables, a violation may be a row that is just
// being deleted together with its partner: a few times more, then.
validated judge(std::string_view sqlstate, int attempt) {
  namespace code = postgres::sqlstate;
  if (sqlstate == code::lock_not_available) return validated::locked_out;
  if (sqlstate == code::foreign_key_violation)
    return attempt < enough_violations ? validated::violated : validated::failed;
  if (sqlstate == code::duplicate_object) return validated::done;  // somebody, or an attempt of ours, has put it there
  return sqlstate == code::insufficient_privilege ? validated::failed : validated::given_up;
}

// Or dropped, between the look at its name and the statement. Whatever else it names may be missing, too.
bool was_renamed(std::string_view sqlstate) {
  namespace code = postgres::sqlstate;
  return sqlstate == code::undefined_table || sqlstate == code::undefined_schema || sqlstate == code::undefined_object;
}

// Otherwise another attempt follows, or it is done.
bool is_final(validated v) { return v == validated::failed || v == validated::given_up; }

asio::awaitable<void> run_statement(connection& c, const plan::plan& p, const plan::validation& v) {
  // PostgreSQL itself looks past row-level security here, but not where the session forbids it to decide.
  co_await c.script(postgres::raw("SET LOCAL row_security = on"));
  if (v.owner.empty())
    co_await c.script(postgres::raw(v.statement));
  else
    co_await plan::run_as(c, p, v.owner, v.statement);
}

// The locks are weak, but nobody is to wait behind them, neither while it waits for them nor while it has them.
asio::awaitable<void> under_weak_locks(job_context& job, const plan::validation& v) {
  auto body = [&job, &v](connection& c) -> asio::awaitable<void> {
    co_await c.script(postgres::raw("SET LOCAL lock_timeout = '300ms'"));
    co_await run_statement(c, job.plan(), v);
  };
  copier::long_transaction work = [&job, &body](connection& c) { return fenced(c, job.fence, body); };
  co_await run_giving_way(job, "validate", "\"" + v.statement + "\"", work);
}

// No writer passes the locks under which a key is added, so they are attempted like those of the cutover.
asio::awaitable<void> add_foreign_key(job_context& job, const plan::validation& v) {
  std::vector<std::string> tables;
  plan::replace_tables(v.statement,
                       [&](const std::string& schema, const std::string& name) -> std::optional<std::string> {
                         auto table = postgres::qualified(schema, name);
                         if (std::find(tables.begin(), tables.end(), table) == tables.end())
                           tables.push_back(std::move(table));
                         return std::nullopt;
                       });
  cutover::record_function add = [&](connection& c) {
    job.attempts.now.locked = clock::now();
    return run_statement(c, job.plan(), v);
  };
  attempt_function attempt = [&](postgres::lock_policy policy, postgres::force force) {
    return cutover::attempt_foreign_key(job.at.pool, job.plan(), job.fence, policy, force, tables, add);
  };
  const attempt_series series{.purpose = "adding a foreign key of " + tables.front(), .gives_way = true};
  try {
    co_await attempt_until_done(job, series, attempt);
  } catch (const postgres::statement_error& e) {
    if (!postgres::may_pass(e)) job.attempts.of.erase(series.purpose);  // the next one is another key's, perhaps
    throw;
  }
}

asio::awaitable<validated> validate_once(job_context& job, plan::validation planned, int attempt) {
  const auto now = co_await as_it_is_now(job, planned);
  if (!now) co_return validated::done;
  const auto& v = *now;
  std::optional<postgres::statement_error> objection;
  try {
    if (adds_foreign_key(v)) {
      co_await add_foreign_key(job, v);
    } else {
      co_await under_weak_locks(job, v);
    }
  } catch (const postgres::statement_error& e) {
    objection = e;
  }
  if (!objection) co_return validated::done;
  const auto verdict = judge(objection->sqlstate(), attempt);
  if (!is_final(verdict)) co_return verdict;
  if (was_renamed(objection->sqlstate())) {
    const auto again = co_await as_it_is_now(job, planned);
    if (!again) co_return validated::done;
    if (again->statement != v.statement || again->owner != v.owner) co_return validated::locked_out;
  }
  // Trouble with the server or the connection passes; what is wrong with the key or with what evaluates it does not,
  // and nobody gains from a job that waits for it: the key holds for every new row, and somebody has to look.
  if (postgres::may_pass(*objection)) throw *objection;
  const char* left = adds_foreign_key(v) ? "the foreign key is missing" : "the foreign key stays NOT VALID";
  auto text = fmt::format("\"{}\" failed, and {}: {}", v.statement, left, objection->what());
  if (plan::names_nothing(*objection)) text += std::string{". "} + plan::only_trusted_schemas;
  const auto told = job.plan().warnings;
  if (std::find(told.begin(), told.end(), text) == told.end()) co_await warn(job, std::move(text));
  // What takes a right away can give it back, and asking costs nothing.
  if (objection->sqlstate() == postgres::sqlstate::insufficient_privilege && adds_foreign_key(v))
    co_return validated::locked_out;
  co_return verdict;
}

asio::awaitable<validated> validate_one(job_context& job, const plan::validation& v, int first_attempt = 1) {
  auto policy = lock_policy_of(job.j.record);
  policy.longest_pause = seconds{10};
  for (int attempt = first_attempt;; ++attempt) {
    const auto outcome = co_await validate_once(job, v, attempt);
    if (outcome == validated::done || is_final(outcome)) co_return outcome;
    milliseconds pause = seconds{1};
    if (outcome == validated::locked_out) pause = std::max(pause, postgres::pause_before(policy, attempt, jitter()));
    co_await job.j.changed.wait(pause);
  }
}

// What a table's own key stands on must be valid, or PostgreSQL would look at all rows while nobody can write.
// Each look reads a partition, and keeps autovacuum from it meanwhile: fewer and fewer.
asio::awaitable<void> await_validity(job_context& job, const plan::validation& v) {
  auto outcome = validated::failed;
  for (seconds pause = first_look; outcome == validated::failed; pause = std::min(2 * pause, rarest_look)) {
    job.pace.waits_for({"retry", fmt::format("\"{}\" fails while rows violate it", v.statement)});
    co_await job.j.changed.wait(pause);
    outcome = co_await validate_one(job, v, enough_violations);
  }
}

}  // namespace

asio::awaitable<void> validate(job_context& job) {
  job.at.slot.release(job.j.record.id);
  co_await find_constraints(job);
  const auto validations = job.plan().neighbours.validate;  // a warning replaces the plan
  std::vector<plan::validation> failed;
  for (const auto& v : validations) {
    if (adds_foreign_key(v)) {
      for (const auto& x : failed) co_await await_validity(job, x);
      failed.clear();
    }
    const auto outcome = co_await validate_one(job, v);
    if (outcome == validated::failed && !adds_foreign_key(v)) failed.push_back(v);
  }
}

}  // namespace eidolon::daemon
