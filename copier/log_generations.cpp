// The generations of the change log: which of them hold what, which one the triggers write to, and how one is emptied.
#include <fmt/format.h>

#include <numeric>

#include "copier/apply.hpp"
#include "copier/phases.hpp"
#include "copier/row_weight.hpp"
#include "copier/sql.hpp"
#include "plan/change_log.hpp"

namespace eidolon::copier {
namespace {

using postgres::raw;

// Blocks of a log that is emptied by DELETE, which leaves them as they are: few to look past, and few of what the
// triggers may fill before they stop.
std::int64_t most_deleted(const config::job_settings& s) {
  constexpr std::int64_t most = 512, block = 8'192;
  return s.max_log > 0 ? std::min(most, s.max_log / block / 2) : most;
}

const emptying by_delete{plan::isolation::repeatable_read, "ROW EXCLUSIVE MODE", "DELETE FROM ", false,
                         postgres::sqlstate::object_not_in_prerequisite_state};
const emptying by_truncate{plan::isolation::read_committed, "ACCESS EXCLUSIVE MODE NOWAIT", "TRUNCATE ", true,
                           postgres::sqlstate::lock_not_available};

// Transactions that hold the lock of a writer on the source: only these can be inside a trigger function.
asio::awaitable<std::set<std::string>> writers_of(postgres::connection& c, const plan::plan& p) {
  std::set<std::string> found;
  const auto rows = co_await c.execute(postgres::sql(raw(sql::writers), p.source.oid));
  for (const auto r : rows) found.insert(r.get<std::string>("transaction"));
  co_return found;
}

}  // namespace

std::vector<int> backlog::open_logs() const {
  std::vector<int> open;
  for (const auto& [generation, l] : logs_)
    if (!l.closed) open.push_back(generation);
  return open;
}

std::vector<int> backlog::unread_logs() const {
  std::vector<int> found;
  for (const auto& [generation, l] : logs_)
    if (!l.closed && l.entries != l.read) found.push_back(generation);
  return found;
}

std::int64_t backlog::unread() const {
  std::int64_t n = 0;
  for (const auto& [generation, l] : logs_)
    if (!l.closed) n += std::max<std::int64_t>(0, l.entries - l.read);
  return n;
}

std::int64_t backlog::idle_entries() const {
  std::int64_t n = 0;
  for (const auto& [generation, l] : logs_)
    if (!l.closed && generation != active_) n += std::max<std::int64_t>(0, l.entries - l.read);
  return n;
}

std::int64_t backlog::visible(const std::vector<int>& logs) const {
  return std::accumulate(logs.begin(), logs.end(), std::int64_t{0},
                         [this](auto n, int g) { return n + logs_.at(g).entries; });
}

// What is in the logs now, and which of the old writers are still there.
asio::awaitable<void> backlog::look(postgres::connection& c) {
  const auto generations = co_await plan::log_generations(c, plan_);
  const auto now = co_await writers_of(c, plan_);
  for (const int g : generations) logs_[g];
  const auto open = open_logs();
  auto keys = in_logs(plan_, open);
  const auto counts = co_await count_rows(c, std::move(keys.selects));
  for (std::size_t i = 0; i < open.size(); ++i) {
    auto& l = logs_[open[i]];
    l.entries = counts[i];
    if (l.writers) std::erase_if(*l.writers, [&](const auto& w) { return !now.contains(w); });
  }
}

asio::awaitable<void> backlog::switch_over(postgres::connection& c, plan::fence f) {
  // Any that is empty will do: who may still write to it writes to the active one, then.
  int next = 0;
  for (const auto& [generation, l] : logs_)
    if (generation != active_ && l.entries == 0) next = generation;
  if (next == 0) next = logs_.empty() ? 1 : logs_.rbegin()->first + 1;
  auto body = [this, next](postgres::connection& t) -> asio::awaitable<void> { co_await switch_log_(t, next); };
  co_await plan::fenced(c, f, body);
  logs_[next] = {};
  active_ = next;
  // Who writes to the source now may have begun with the old functions. Whoever comes later
  // sees the new ones: taking the lock on the source reads the invalidations.
  const auto writers = co_await writers_of(c, plan_);
  for (auto& [generation, l] : logs_)
    if (generation != active_ && !l.closed && !l.writers) l.writers = writers;
}

// Only if nothing was written since it was read. false: that is not to be had this way now.
asio::awaitable<bool> backlog::empty_by(postgres::connection& c, int generation, plan::fence f, emptying how) {
  auto& l = logs_[generation];
  const auto name = plan::log_name(plan_, generation);
  const std::vector<std::string> locks{fmt::format("{} IN {}", name, how.lock)};
  const auto keys = in_logs(plan_, {generation});
  bool emptied = false;
  auto body = [&, f](postgres::connection& t) -> asio::awaitable<void> {
    co_await plan::check_fence(t, f);
    const auto counts = co_await count_rows(t, keys.selects);
    l.entries = counts.front();
    emptied = l.entries == l.read;
    if (emptied && (l.entries > 0 || how.gives_blocks_back)) co_await t.script(raw(how.statement + name));
  };
  try {
    co_await postgres::in_transaction(c, plan::begin_batch(how.level, locks), body);
  } catch (const postgres::statement_error& e) {
    if (e.sqlstate() != how.refused) throw;
    co_return false;
  }
  if (emptied) l.entries = l.read = 0;
  co_return true;
}

// DELETE takes no lock that a dump, or a session of a standby, holds up or is cancelled for; and leaves dead entries,
// which are few enough to be looked past until the log is large enough for the other way. A publication of all tables
// lets nothing be deleted here. The lock for TRUNCATE is not waited for. Whoever may still write to it, or has done so
// and not committed, comes to an empty log, and is found there as anywhere; a log is closed when nobody is left.
asio::awaitable<void> backlog::empty(postgres::connection& c, int generation, plan::fence f, const plan::pace& pace) {
  auto& l = logs_[generation];
  const bool nobody_writes = l.writers && l.writers->empty();
  const auto blocks = co_await blocks_of(c, plan::log_name(plan_, generation));
  bool deleted = false;
  if (blocks < most_deleted(pace.settings()) && plan_.published.empty())
    deleted = co_await empty_by(c, generation, f, by_delete);
  if (!deleted) co_await empty_by(c, generation, f, by_truncate);
  l.closed = nobody_writes && l.entries == l.read;
}

// A log that could not be emptied, because somebody held a lock on it, may be free by now.
asio::awaitable<void> backlog::empty_closed_logs(postgres::connection& c, plan::fence f, const plan::pace& pace) {
  for (auto& [generation, l] : logs_)
    if (l.closed && l.entries > 0) co_await empty(c, generation, f, pace);
}

}  // namespace eidolon::copier
