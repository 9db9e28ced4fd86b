#include "cutover/lock_transaction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>

#include "cutover/sql.hpp"
#include "postgres/catalog_race.hpp"
#include "postgres/pause.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::cutover {
namespace {

using outcome = attempt_result::outcome;
using clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::milliseconds;

// A holder whose transaction is older than this is not queued behind: everyone else would queue behind us.
constexpr std::chrono::duration<double> patience{1.0};

bool is_long(const postgres::blocker& b) { return b.seconds >= patience.count(); }

// An ordinary autovacuum gives way as soon as the deadlock check finds it, so it is no reason not to try.
bool gives_way(const postgres::blocker& b) { return b.kind == "autovacuum worker" && !b.anti_wraparound; }

bool have_a_session_in_common(const std::vector<postgres::blocker>& a, const std::vector<postgres::blocker>& b) {
  const auto is_in = [](const auto& list, int pid) {
    return std::any_of(list.begin(), list.end(), [&](const auto& x) { return x.pid == pid; });
  };
  return std::any_of(a.begin(), a.end(), [&](const auto& x) { return is_in(b, x.pid); });
}

// Whoever began a statement after `at` with a snapshot older than `oldest` had it before.
struct moments {
  std::vector<std::string> at, oldest;  // parallel; as old_snapshots.sql takes them
};

asio::awaitable<void> note_moment(postgres::connection& c, moments& m) {
  const auto rows = co_await c.execute(postgres::sql(postgres::raw(sql::moment)));
  m.at.push_back(rows.front().get<std::string>("at"));
  m.oldest.push_back(rows.front().get<std::string>("oldest"));
}

struct snapshot_rule {
  moments before;  // the locks were asked for
  bool young{};    // those of young transactions count
};

// but_for: who has a lock on this table is left out.
asio::awaitable<std::vector<postgres::blocker>> find_old_snapshots(postgres::connection& c, const snapshot_rule& rule,
                                                                   std::optional<std::int64_t> but_for) {
  const auto rows =
      co_await c.execute(postgres::sql(postgres::raw(sql::old_snapshots), rule.before.at, rule.before.oldest, but_for));
  auto found = snapshot_keepers(rows);
  if (!rule.young) std::erase_if(found, [](const auto& b) { return !is_long(b); });
  co_return found;
}

// A transaction that is young may be over in a moment, and nobody waits for this attempt yet.
asio::awaitable<std::vector<postgres::blocker>> find_lasting_snapshots(postgres::connection& c,
                                                                       const snapshot_rule& rule,
                                                                       std::int64_t but_for) {
  const auto end = clock::now() + milliseconds{300};
  for (;;) {
    auto found = co_await find_old_snapshots(c, rule, but_for);
    if (found.empty() || is_long(found.front()) || clock::now() >= end) co_return found;
    co_await postgres::pause(milliseconds{10});
  }
}

// Under the locks. What the server tells of a session is not of one moment: who is found must be found twice.
asio::awaitable<std::vector<postgres::blocker>> find_late_snapshots(postgres::connection& c,
                                                                    const snapshot_rule& rule) {
  auto found = co_await find_old_snapshots(c, rule, std::nullopt);
  if (found.empty()) co_return found;
  co_await c.script(postgres::raw("SELECT pg_stat_clear_snapshot()"));
  const auto again = co_await find_old_snapshots(c, rule, std::nullopt);
  std::erase_if(found, [&](const auto& b) { return !have_a_session_in_common({b}, again); });
  co_return found;
}

asio::awaitable<std::vector<postgres::blocker>> find_all_blockers(postgres::connection& c,
                                                                  const lock_transaction& what) {
  std::vector<postgres::lock_target> wanted;
  for (const auto* list : {&what.locks, &what.then})
    for (const auto& lock : *list) wanted.push_back(lock.target);
  co_return co_await postgres::find_blockers(c, wanted);
}

// rule: where old snapshots are in the way.
asio::awaitable<std::vector<postgres::blocker>> look(postgres::connection& c, const lock_transaction& what,
                                                     const std::optional<snapshot_rule>& rule) {
  std::vector<postgres::blocker> snapshots;
  if (rule) snapshots = co_await find_lasting_snapshots(c, *rule, what.locks.back().target.table);
  auto blockers = co_await find_all_blockers(c, what);
  std::erase_if(blockers, [](const auto& b) { return !is_long(b) && !b.anti_wraparound; });
  for (const auto& s : snapshots)
    if (!have_a_session_in_common({s}, blockers)) blockers.push_back(s);
  co_return blockers;
}

// Who has been cancelled or terminated is given a moment to go. One who may not be signalled, or has nothing to cancel
// because he is idle, is still in the way afterwards.
asio::awaitable<std::vector<postgres::blocker>> in_the_way(postgres::connection& c, const lock_transaction& what,
                                                           postgres::force force,
                                                           const std::optional<snapshot_rule>& rule) {
  auto blockers = co_await look(c, what, rule);
  std::vector<postgres::blocker> cleared;
  // Where somebody stays in the way all the same, nobody else has to go for it.
  const bool in_vain = std::any_of(blockers.begin(), blockers.end(),
                                   [](const auto& b) { return !b.waiting && !postgres::may_be_cleared(b); });
  if (force != postgres::force::none && !in_vain)
    std::copy_if(blockers.begin(), blockers.end(), std::back_inserter(cleared),
                 [](const auto& b) { return is_long(b) && postgres::may_be_cleared(b); });
  co_await postgres::clear_blockers(c, cleared, force);
  for (int looks = 0; looks < 10 && have_a_session_in_common(blockers, cleared); ++looks) {
    co_await postgres::pause(milliseconds{20});
    blockers = co_await look(c, what, rule);
  }
  std::erase_if(blockers, gives_way);
  co_return blockers;
}

struct under_way {
  attempt_result result;
  clock::time_point granted{};
  std::optional<clock::time_point> end{};    // when it is given up
  std::optional<snapshot_rule> snapshots{};  // where they are in the way
  bool begun{};                              // the lock on what is the job's own is there
};

microseconds held_so_far(const under_way& u) {
  if (u.granted == clock::time_point{}) return {};
  return std::chrono::duration_cast<microseconds>(clock::now() - u.granted);
}

// A table or view that was to be locked has gone, or is called something else, since it was looked for; or something
// else is called so.
bool names_what_is_gone(const postgres::statement_error& e) {
  namespace code = postgres::sqlstate;
  const auto s = e.sqlstate();
  return s == code::undefined_table || s == code::undefined_schema || s == code::undefined_object ||
         s == code::wrong_object_type;
}

// nullopt: it failed for another reason than the time, or what others did in the last moment.
std::optional<outcome> outcome_of_failure(const std::exception_ptr& failure, const lock_transaction& what,
                                          under_way& u) {
  const bool over = u.end && clock::now() >= *u.end;
  try {
    std::rethrow_exception(failure);
  } catch (const postgres::timeout_error&) {
    if (over) return outcome::held_too_long;
  } catch (const postgres::statement_error& e) {
    u.result.deadlocked = e.sqlstate() == postgres::sqlstate::deadlock_detected;
    if (over && e.sqlstate() == postgres::sqlstate::query_canceled) return outcome::held_too_long;
    const bool locking = u.begun && u.granted == clock::time_point{};
    if ((what.swaps || what.finds_anew) && locking && names_what_is_gone(e)) {
      u.result.gone = e.what();
      return outcome::backlog;
    }
    if (u.result.deadlocked || e.sqlstate() == postgres::sqlstate::lock_not_available || postgres::is_catalog_race(e))
      return outcome::timed_out;
  } catch (...) {
  }
  return std::nullopt;
}

void give_up_after(postgres::connection& c, under_way& u, std::optional<milliseconds> left) {
  u.end.reset();
  if (left) u.end = clock::now() + *left;
  c.limit(u.end);
}

// Should the connection be lost: the server ends a statement by itself when the client would have given up long ago.
std::string end_statements_after(milliseconds left) {
  constexpr std::chrono::hours most{24};  // the setting has a largest value
  return fmt::format("SET LOCAL statement_timeout = '{}ms'",
                     std::min<milliseconds>(left + std::chrono::seconds{1}, most).count());
}

asio::awaitable<void> work_under_locks(postgres::connection& c, const lock_transaction& what,
                                       const postgres::lock_policy& policy, postgres::lock_deadline& deadline,
                                       locked_work& work, under_way& u) {
  std::vector<std::string> statements;
  for (const auto* list : {&what.locks, &what.then})
    for (const auto& lock : *list)
      if (!lock.statement.empty()) statements.push_back(lock.statement);
  const auto longest = postgres::hold_left(policy, milliseconds{0});
  if (longest) {
    const auto whole = deadline.left() + *longest;
    give_up_after(c, u, policy.together > milliseconds{0} ? std::min(whole, policy.together) : whole);
    statements.push_back(end_statements_after(*longest));
  }
  co_await deadline.take_each(c, statements);
  u.granted = clock::now();
  u.result.waited = deadline.waited();
  const auto at_most = u.end;
  give_up_after(c, u, postgres::hold_left(policy, std::chrono::ceil<milliseconds>(u.result.waited)));
  if (at_most && *at_most < *u.end) c.limit(u.end = at_most);
  const bool done = co_await work(c, deadline, u.result);
  if (!done)
    u.result.what = outcome::backlog;
  else if (u.snapshots)
    u.result.blockers = co_await find_late_snapshots(c, *u.snapshots);
  if (!u.result.blockers.empty()) u.result.what = outcome::blocked;
  if (u.result.what == outcome::swapped)
    co_await c.commit();
  else
    co_await c.rollback();
  u.result.held = held_so_far(u);
}

// Of a daemon that is stopped, or cut off, between two statements under the locks: the server ends its transaction.
constexpr const char* longest_silence = "2s";

// The deadline begins when the first locks are there: only then does anybody queue behind this transaction. Neither the
// disk nor a standby prolongs the locks: COMMIT does not wait for them.
asio::awaitable<void> transact(postgres::connection& c, const lock_transaction& what, postgres::lock_policy policy,
                               milliseconds budget, locked_work& work, under_way& u) {
  auto begin = plan::begin_batch(plan::isolation::read_committed, {});
  begin.text += fmt::format(
      "; SET LOCAL synchronous_commit = off; SET LOCAL backend_flush_after = 0; "
      "SET LOCAL idle_in_transaction_session_timeout = '{}'",
      longest_silence);
  if (!what.settings.empty()) begin.text += "; " + what.settings;
  if (!what.first.empty()) begin.text += "; SET LOCAL lock_timeout = '1s'; " + what.first;
  co_await c.script(begin);
  u.begun = true;
  postgres::lock_deadline deadline{budget};
  std::exception_ptr failure;
  try {
    co_await work_under_locks(c, what, policy, deadline, work, u);
  } catch (...) {
    failure = std::current_exception();
  }
  if (u.granted == clock::time_point{}) u.result.waited = deadline.waited();
  if (failure) std::rethrow_exception(failure);
}

// A rehearsal leaves its prepared statements and settings in the session.
struct close_if_rehearsed {
  postgres::connection& c;
  const lock_transaction& what;
  ~close_if_rehearsed() {
    if (what.rehearse) c.close();
  }
};

}  // namespace

std::string lock_statement(const plan::plan& p, const std::string& table, const std::string& mode, below which) {
  if (!p.forward.partitioned) return fmt::format("LOCK TABLE ONLY {} IN {} MODE", table, mode);
  return lock_tree_statement(table, mode, which);
}

std::string lock_tree_statement(const std::string& table, const std::string& mode, below which) {
  const auto* condition =
      which == below::everything
          ? "true"
          : "has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')";
  return "DO " + postgres::literal(fmt::format(fmt::runtime(sql::lock_tree), fmt::arg("table", table),
                                               fmt::arg("name", postgres::literal(table)), fmt::arg("mode", mode),
                                               fmt::arg("which", condition)));
}

std::vector<postgres::blocker> snapshot_keepers(const postgres::result& rows) {
  std::vector<postgres::blocker> found;
  for (const auto r : rows)
    found.push_back({.pid = r.get<int>("pid"),
                     .kind = r.get<std::string>("kind"),
                     .application_name = r.get<std::string>("application_name"),
                     .query = r.get<std::string>("query"),
                     .seconds = r.get<double>("seconds"),
                     .snapshot = true});
  return found;
}

asio::awaitable<attempt_result> run(postgres::pool& pool, lock_transaction what, postgres::lock_policy policy,
                                    postgres::force force, locked_work work) {
  auto c = co_await pool.acquire(what.session);
  const close_if_rehearsed end{*c, what};
  under_way u;
  if (what.rehearse) {
    const bool as_planned = co_await what.rehearse(*c, u.result);
    if (!as_planned) {
      u.result.what = u.result.blockers.empty() ? outcome::backlog : outcome::blocked;
      co_return u.result;
    }
  }
  if (what.swaps) {
    u.snapshots.emplace().young = policy.young_snapshots;
    co_await note_moment(*c, u.snapshots->before);
  }
  c->prepare_statements(static_cast<bool>(what.rehearse));
  u.result.blockers = co_await in_the_way(*c, what, force, u.snapshots);
  c->prepare_statements(false);
  if (!u.result.blockers.empty()) {
    u.result.what = outcome::blocked;
    co_return u.result;
  }
  const auto deadlock_timeout = co_await postgres::server_deadlock_timeout(*c);
  const auto budget = postgres::attempt_budget(policy, deadlock_timeout);
  const auto backend = c->backend_pid();
  if (u.snapshots) co_await note_moment(*c, u.snapshots->before);
  std::exception_ptr failure;
  try {
    co_await transact(*c, what, policy, budget, work, u);
  } catch (...) {
    failure = std::current_exception();
  }
  if (!failure) co_return u.result;
  const auto came_to = outcome_of_failure(failure, what, u);
  co_await c->rollback();
  if (!came_to) std::rethrow_exception(failure);
  u.result.what = *came_to;
  // The next attempt, and the job's record, wait for what was given up here.
  if (*came_to == outcome::held_too_long && !c->usable()) co_await postgres::end_backend(pool, what.session, backend);
  u.result.held = held_so_far(u);
  if (*came_to == outcome::timed_out) {
    u.result.blockers = co_await find_all_blockers(*c, what);
    // Most of them have queued behind this attempt.
    std::erase_if(u.result.blockers, [](const auto& b) { return b.waiting; });
  }
  co_return u.result;
}

}  // namespace eidolon::cutover
