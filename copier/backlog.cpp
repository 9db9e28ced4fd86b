// Catch-up. A pass makes another log the active one and applies those that are idle; a log is
// emptied once all of its entries were applied (log_generations.cpp). When little is left, everything
// visible in any log is applied in one transaction with one snapshot: there a unique violation is no
// artefact of the order any more.
#include <fmt/format.h>

#include <chrono>
#include <numeric>

#include "copier/apply.hpp"
#include "copier/chunk_size.hpp"
#include "copier/parallel.hpp"
#include "copier/phases.hpp"
#include "copier/row_weight.hpp"
#include "copier/sql.hpp"
#include "copier/statements.hpp"
#include "plan/change_log.hpp"

namespace eidolon::copier {
namespace {

using postgres::raw;
using std::chrono::microseconds;
using clock = std::chrono::steady_clock;
using kind = plan::batch_report::kind;

constexpr std::int64_t small = 2'000;       // entries that one transaction mostly applies in some tens of milliseconds
constexpr std::int64_t worth_sharing = 16;  // blocks of a log, some thousand entries
constexpr std::int64_t most_together = 20'000;        // entries that one transaction may apply at all
constexpr std::int64_t least_to_switch = 100;         // entries: each switch replaces the triggers' functions
constexpr int most_unexplained = 3;                   // failures of which no row could be found guilty
constexpr std::chrono::milliseconds short_time{200};  // for a cutover, too, if it must be

std::string session(const plan::plan& p) { return plan::session_name(p.job, "apply"); }

struct attempted {
  applied done;
  std::optional<postgres::statement_error> error;
};

// Of what the server has for all sessions together, such as room in its table of locks, where batches side by side
// lock every partition each: the application is refused the same meanwhile.
bool is_shortage(const postgres::statement_error& e) { return e.sqlstate().starts_with("53"); }

asio::awaitable<attempted> try_batch(postgres::connection& c, const plan::plan& p, plan::fence f, dirty_keys keys) {
  attempted a;
  try {
    a.done = co_await apply_batch(c, p, f, std::move(keys));
  } catch (const postgres::statement_error& e) {
    a.error = e;
  }
  co_return a;
}

// A row that does not fit: throws data_error with its key. Returns when it has changed meanwhile.
asio::awaitable<void> explain(postgres::connection& c, const plan::plan& p, plan::fence f, postgres::statement_error e,
                              dirty_keys keys) {
  if (!is_data_error(e)) throw e;
  if (is_conflict(e)) throw to_data_error(e, "");
  const auto bad = co_await find_bad_row(c, p, f, all_of(keys));
  if (bad) throw to_data_error(bad->error, bad->key);
}

}  // namespace

// Logs that cannot be emptied, because of an old writer or a dump that holds a lock on them, must not multiply.
std::int64_t backlog::switch_threshold() const {
  for (const auto& [generation, l] : logs_)
    if (l.closed ? l.entries > 0 : l.writers && !l.writers->empty()) return most_together / 2;
  return std::max(little() / 2, least_to_switch);
}

// Rows can be large, and expressions slow.
std::int64_t backlog::little() const { return closely_ ? cost_.keys_in(short_time, small) : small; }

// Beside others a batch takes longer than it would alone, and one that was set aside says nothing.
void backlog::learn(const applied& batch, bool shared) {
  if (!shared && batch.took.count() > 0) cost_.learn(batch.took, batch.looked_up);
}

// Whether dirty keys can be divided among sessions, and counted: the daemon's role evaluates hash and =, so the types'
// functions must be PostgreSQL's own.
asio::awaitable<bool> backlog::can_share(postgres::connection& c) {
  const auto types = co_await c.execute(
      postgres::sql("SELECT bool_and(a.atttypid < 12000) AS built_in FROM pg_catalog.pg_attribute a WHERE a.attrelid = "
                    "to_regclass($1) AND a.attnum > 0",
                    plan::log_name(plan_, active_)));
  if (!types.front().get<std::optional<bool>>("built_in").value_or(false)) co_return false;
  std::string nulls;
  for (const auto& k : plan_.forward.key) nulls += fmt::format("{}NULL::{}", nulls.empty() ? "" : ", ", k.source_type);
  auto question = fmt::format("SELECT pg_catalog.hash_record_extended(ROW({}), 0) AS hash", nulls);
  try {
    co_await c.script(raw(question));
    co_return true;
  } catch (const postgres::statement_error& e) {
    if (e.sqlstate() != postgres::sqlstate::undefined_function) throw;
  }
  co_return false;
}

// One batch; what conflicts is set aside. Returns why it was not applied, if it was not.
asio::awaitable<std::optional<postgres::statement_error>> backlog::apply_once(postgres::connection& c, dirty_keys& keys,
                                                                              plan::fence f, applied& total) {
  keys.countable = !keys.shared && shares_.value_or(false);  // nothing is learnt beside others
  auto batch = co_await try_batch(c, plan_, f, keys);
  if (batch.error && is_conflict(*batch.error)) {
    keys.logs.push_back(active_);
    batch.done = co_await set_aside(c, plan_, f, keys, active_);
    batch.error.reset();
    pass_set_aside_ += batch.done.seen.front();
  }
  if (batch.error) co_return std::move(batch.error);
  learn(batch.done, keys.shared);
  total.keys += batch.done.keys;
  total.seen.front() += batch.done.seen.front();
  pass_read_ += batch.done.seen.front();
  co_return std::nullopt;
}

// Beside others, which have no key in common with it. They can still be in each other's way at a unique value, in a
// circle too: who has waited there for a moment, or has failed for whatever other reason, is left for later. No failure
// is thrown before all have ended: of one that is given up the COMMIT may be under way, and whoever applies the same
// keys meanwhile would not see what it does.
asio::awaitable<void> backlog::apply_beside(postgres::pool& pool, dirty_keys keys, plan::fence f, applied& total,
                                            failed_beside& failed) {
  try {
    auto c = co_await pool.acquire(session(plan_));
    const auto problem = co_await apply_once(*c, keys, f, total);
    if (problem && is_shortage(*problem)) one_session_ = true;
    if (problem) failed.left.push_back(std::move(keys));
  } catch (const boost::system::system_error&) {
    throw;  // cancelled, all of them
  } catch (...) {
    failed.why = std::current_exception();
  }
}

// Whatever that takes.
asio::awaitable<void> backlog::apply_alone(postgres::pool& pool, dirty_keys keys, plan::fence f, applied& total) {
  auto c = co_await pool.acquire(session(plan_));
  keys.shared = false;
  for (int unexplained = 0;; ++unexplained) {
    const auto problem = co_await apply_once(*c, keys, f, total);
    if (!problem) co_return;
    co_await explain(*c, plan_, f, *problem, keys);
    if (unexplained >= most_unexplained) throw to_data_error(*problem, "");
  }
}

// In ranges of the log's blocks, each of them by as many sessions as there are workers, unless that was too much for
// the server before.
asio::awaitable<void> backlog::read_log(postgres::pool& pool, int generation, plan::fence f, plan::pace& pace) {
  std::int64_t blocks = 0;
  {
    auto c = co_await pool.acquire(session(plan_));
    blocks = co_await blocks_of(*c, plan::log_name(plan_, generation));
    if (!weight_) weight_ = co_await weight_of_rows(*c, plan_);
  }
  auto size = lighter(32, *weight_);
  const auto least = lighter(worth_sharing, *weight_);
  applied total{{0}, 0};
  for (std::int64_t first = 0; first < blocks;) {
    co_await pace.admit();
    const auto last = std::min(blocks, first + size);
    const auto before = total.keys;
    const auto began = clock::now();
    share s{0, 1};
    if (*shares_ && !one_session_ && last - first >= least) s.of = std::max(1, pace.settings().workers);
    std::vector<asio::awaitable<void>> batches;
    failed_beside failed;
    for (; s.number < s.of; ++s.number)
      batches.push_back(apply_beside(pool, in_blocks(plan_, generation, first, last, s), f, total, failed));
    co_await run_all(std::move(batches));
    if (failed.why) std::rethrow_exception(failed.why);
    for (auto& keys : failed.left) co_await apply_alone(pool, std::move(keys), f, total);
    const auto took = std::chrono::duration_cast<microseconds>(clock::now() - began);
    const auto left = std::max<std::int64_t>(0, unread() - total.seen.front());
    pace.done(
        {.what = kind::apply, .duration = took, .rows = total.keys - before, .backlog = left, .diverges = diverges_});
    size = next_size(size, took, pace.settings().chunk_target, {least, 4'096});
    first = last;
  }
  logs_[generation].read = total.seen.front();
}

// Whatever is visible in these logs, in one snapshot. When they are all the logs, a violation is real.
asio::awaitable<void> backlog::apply_together(postgres::connection& c, std::vector<int> logs, plan::fence f,
                                              plan::pace& pace) {
  auto keys = in_logs(plan_, logs);
  keys.countable = shares_.value_or(false);
  const auto began = clock::now();
  auto batch = co_await try_batch(c, plan_, f, keys);
  if (batch.error && is_conflict(*batch.error) && logs != open_logs()) {
    if (std::find(logs.begin(), logs.end(), active_) == logs.end()) keys.logs.push_back(active_);
    batch.done = co_await set_aside(c, plan_, f, keys, active_);
  } else if (batch.error) {
    co_await explain(c, plan_, f, *batch.error, keys);
    co_return;
  }
  for (std::size_t i = 0; i < logs.size(); ++i) logs_[logs[i]].read = batch.done.seen[i];
  judged_ = judged_ || logs == open_logs();
  const auto took = std::chrono::duration_cast<microseconds>(clock::now() - began);
  learn(batch.done, false);
  pace.done({.what = kind::apply, .duration = took, .rows = batch.done.keys, .backlog = 0, .diverges = diverges_});
}

asio::awaitable<void> backlog::read_idle_logs(postgres::pool& pool, plan::fence f, plan::pace& pace) {
  pass_read_ = pass_set_aside_ = 0;
  for (const int g : open_logs()) {
    if (g == active_) continue;
    const bool final_reading = logs_[g].writers->empty();
    if (logs_[g].entries != logs_[g].read) co_await read_log(pool, g, f, pace);
    if (!final_reading && logs_[g].read == 0) continue;
    auto c = co_await pool.acquire(session(plan_));
    co_await empty(*c, g, f, pace);
  }
}

// What is applied here. false: what is left is in logs that are not active, and too much to be judged together.
asio::awaitable<bool> backlog::apply_what_is_little(postgres::connection& c, plan::fence f, plan::pace& pace) {
  co_await empty_closed_logs(c, f, pace);
  co_await look(c);
  if (active_ == 0 || logs_[active_].entries > switch_threshold()) {
    co_await switch_over(c, f);
    co_await look(c);
  }
  if (!shares_) shares_ = co_await can_share(c);
  if (unread() > small && idle_entries() > 0 && !stalemate_.reached()) co_return false;
  // Little is left, or what is left can only be in the active log, or is in its own way. Best judged all together;
  // with old, large logs that cannot be emptied yet, only the new entries are.
  auto logs = open_logs();
  if (visible(logs) > most_together && !stalemate_.reached()) logs = unread_logs();
  stalemate_ = {};
  if (unread() > 0 || !judged_) co_await apply_together(c, std::move(logs), f, pace);
  co_return true;
}

// A connection is given back before the next one is asked for: jobs that hold one each and wait for another would wait
// for one another.
asio::awaitable<std::int64_t> backlog::catch_up(postgres::pool& pool, plan::fence f, plan::pace& pace, bool closely) {
  closely_ = closely;
  std::optional<std::int64_t> before;
  for (;;) {
    co_await pace.admit();
    bool was_little = false;
    {
      auto c = co_await pool.acquire(session(plan_));
      was_little = co_await apply_what_is_little(*c, f, pace);
    }
    if (!was_little) diverges_ = convergence_.diverges(unread());
    co_await read_idle_logs(pool, f, pace);
    if (!was_little) {
      stalemate_.passed(pass_read_, pass_set_aside_);
      continue;
    }
    {
      auto c = co_await pool.acquire(session(plan_));
      co_await look(*c);
    }
    const auto left = unread();
    if (left > small || (left > little() && left < before.value_or(small + 1))) {
      before = std::min(before.value_or(left), left);
      continue;
    }
    diverges_ = false;
    convergence_.caught_up();
    co_return left;
  }
}

asio::awaitable<std::optional<std::int64_t>> backlog::drain(postgres::connection& c, std::chrono::milliseconds time) {
  co_await look(c);
  const auto logs = unread_logs();
  if (visible(logs) > small) co_return std::nullopt;
  if (!logs.empty()) {
    const auto keys = all_of(in_logs(plan_, logs));
    auto n = visible(logs);
    if (shares_.value_or(false)) {
      std::vector<std::string> distinct{without_duplicates(plan_, keys)};
      const auto counts = co_await count_rows(c, std::move(distinct));
      n = counts.front();
    }
    if (n > cost_.keys_in(time, small)) co_return std::nullopt;
    co_await apply_in_transaction(c, plan_, keys);
  }
  co_await c.script(raw("SET LOCAL enable_seqscan = on"));
  co_return visible(logs);
}

}  // namespace eidolon::copier
