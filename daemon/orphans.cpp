// The copy of a database carries the jobs of its original: their records say where they belong.
#include "daemon/orphans.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <functional>
#include <set>
#include <stdexcept>

#include "cutover/lock_transaction.hpp"
#include "daemon/job_context.hpp"
#include "daemon/job_store.hpp"
#include "daemon/leadership.hpp"
#include "daemon/logging.hpp"
#include "daemon/sql.hpp"
#include "postgres/pause.hpp"
#include "triggers/triggers.hpp"

namespace eidolon::daemon {

using postgres::connection;
using postgres::raw;

namespace {

constexpr int most_attempts = 30;                     // within some two minutes
constexpr std::chrono::duration<double> patience{1};  // with who holds a lock

postgres::lock_policy policy() {
  postgres::lock_policy p;
  p.longest_pause = std::chrono::seconds{5};
  return p;
}

// false: others hold a lock that it needs, and nothing is done yet.
using step = std::function<asio::awaitable<bool>(connection&)>;

// Nobody is to wait behind it for long, and it holds no lock while it waits for another one for long.
asio::awaitable<bool> attempt(connection& c, step what) {
  try {
    // COMMIT waits for no standby with the locks: that of a copy may not even be there.
    auto begin =
        raw(fmt::format("BEGIN; SET LOCAL lock_timeout = '{}ms'; SET LOCAL synchronous_commit = local; "
                        "SET LOCAL idle_in_transaction_session_timeout = '2s'",
                        policy().timeout.count()));
    co_return co_await postgres::in_transaction(c, std::move(begin), std::move(what));
  } catch (const postgres::statement_error& e) {
    namespace code = postgres::sqlstate;
    if (e.sqlstate() != code::lock_not_available && e.sqlstate() != code::deadlock_detected) throw;
  }
  co_return false;
}

asio::awaitable<void> until_done(connection& c, std::string purpose, step what) {
  for (int made = 1;; ++made) {
    const bool done = co_await attempt(c, what);
    if (done) co_return;
    if (made == most_attempts)
      throw std::runtime_error{purpose + ": others hold a lock that it needs; run it again once they have let go"};
    if (made == 1) log(spdlog::level::info, purpose + ": waits for others who hold a lock that it needs");
    co_await postgres::pause(postgres::pause_before(policy(), made, jitter()));
  }
}

asio::awaitable<void> run_each(connection& c, std::string query, std::int64_t job) {
  auto question = postgres::sql(raw(std::move(query)), job);
  const auto statements = co_await c.execute(std::move(question));
  for (const auto& s : statements) {
    auto text = s.get<std::string>("statement");
    co_await c.script(raw(std::move(text)));
  }
}

asio::awaitable<bool> stop_triggers(connection& c, std::int64_t job) {
  plan::plan of_job;
  of_job.job = job;
  auto take = triggers::take_functions(of_job);
  co_await c.script(raw(std::move(take)));
  co_await run_each(c, std::string{sql::orphan_functions}, job);
  co_return true;
}

// Everybody would queue behind whoever queues behind a lock that is held for long.
asio::awaitable<bool> are_held_for_long(connection& c, const postgres::result& triggers) {
  std::vector<postgres::lock_target> wanted;
  for (const auto& t : triggers) wanted.push_back({t.get<std::uint32_t>("oid"), "ACCESS EXCLUSIVE"});
  const auto blockers = co_await postgres::find_blockers(c, wanted);
  co_return std::any_of(blockers.begin(), blockers.end(), [](const auto& b) {
    return b.seconds >= patience.count() && (b.kind != "autovacuum worker" || b.anti_wraparound);
  });
}

// They are the only ones of its things that hang on the application's tables.
asio::awaitable<bool> drop_triggers(connection& c, std::int64_t job) {
  auto question = postgres::sql(raw(sql::orphan_triggers), job);
  const auto found = co_await c.execute(std::move(question));
  const bool held = co_await are_held_for_long(c, found);
  if (held) co_return false;
  const auto deadlock_timeout = co_await postgres::server_deadlock_timeout(c);
  postgres::lock_deadline deadline{postgres::attempt_budget(policy(), deadlock_timeout)};
  std::set<std::string> locked;
  for (const auto& t : found) {
    const auto table = t.get<std::string>("table");
    auto lock = cutover::lock_tree_statement(table, "ACCESS EXCLUSIVE", cutover::below::what_the_role_may_lock);
    auto drop = t.get<std::string>("drop");
    if (locked.insert(table).second) co_await deadline.take(c, raw(std::move(lock)));
    co_await c.script(raw(std::move(drop)));
  }
  co_return true;
}

asio::awaitable<bool> drop_the_rest(connection& c, std::int64_t job) {
  co_await run_each(c, std::string{sql::orphan_statements}, job);
  co_await c.execute(postgres::sql("DELETE FROM eidolon.job WHERE id = $1", job));
  co_return true;
}

// Nobody else knows of them once the record is gone: the keys stay NOT VALID, or are missing.
asio::awaitable<void> tell_what_is_left(connection& c, const job_record& r) {
  if (r.state != state::validating) co_return;
  auto question = postgres::sql(raw(sql::orphan_validations), r.id);
  const auto left = co_await c.execute(std::move(question));
  for (const auto& v : left)
    log(spdlog::level::warn,
        "a foreign key of a job is not finished, to be run by its owner: " + v.get<std::string>("statement"),
        {{"job", r.id}, {"table", r.relation}, {"owner", v.get<std::string>("owner")}});
}

asio::awaitable<void> remove(connection& c, const job_record& r) {
  const auto job = r.id;
  const auto of_job = fmt::format(" of job {}", job);
  const step first = [job](connection& t) { return stop_triggers(t, job); };
  const step second = [job](connection& t) { return drop_triggers(t, job); };
  const step third = [job](connection& t) { return drop_the_rest(t, job); };
  co_await until_done(c, "stopping the triggers" + of_job, first);
  co_await until_done(c, "dropping the triggers" + of_job, second);
  co_await tell_what_is_left(c, r);
  co_await until_done(c, "dropping the schemas" + of_job, third);
}

// Of a daemon that has worked on these jobs.
asio::awaitable<void> shut_out_late_batches(leadership& lead) {
  std::function<void(const std::string&)> give_up = [](const std::string& why) { throw std::runtime_error{why}; };
  co_await lead.raise_epoch(std::move(give_up));
}

constexpr auto may_be_a_copy =
    "a job of this very database stays; where the database is a physical copy of another one (base backup, snapshot), "
    "--clean-orphans --all-jobs removes it";

}  // namespace

asio::awaitable<void> clean_orphans(config::database_config d, which_jobs which) {
  leadership lead{d.dsn};
  const auto facts = co_await lead.open();
  co_await lead.prepare();  // which also sees to it that the control schema is the daemon's own
  const bool leads = co_await lead.try_lead();
  if (!leads) throw std::runtime_error{"a daemon leads database " + d.name + ": stop it first"};
  if (which == which_jobs::all) co_await shut_out_late_batches(lead);
  postgres::connect_options options;
  options.conninfo = d.dsn;
  options.application_name = "eidolon clean-orphans";
  postgres::pool pool{co_await asio::this_coro::executor, options, 2};
  job_store store{pool};
  const auto records = co_await store.load_all();
  auto lease = co_await pool.acquire("eidolon clean-orphans");
  for (const auto& r : records) {
    const json::object fields{{"database", d.name}, {"job", r.id}, {"table", r.relation}, {"state", name_of(r.state)}};
    const bool at_home = r.home == facts.identity;
    if (at_home && is_end(r.state)) continue;
    if (at_home && which != which_jobs::all) {
      log(spdlog::level::warn, may_be_a_copy, fields);
      continue;
    }
    co_await remove(*lease, r);
    log(spdlog::level::info, at_home ? "removed what a job left" : "removed what a job of another database left",
        fields);
  }
}

}  // namespace eidolon::daemon
