// The copy and what follows it, up to the swap: each phase takes the plan, a pool and the
// daemon's pace, and returns when it is done. Each may be run again after it was
// interrupted at any point; progress is in the job's schema.
//
// All throw: postgres::error; plan::source_changed; data_error when a row cannot take
// the new shape. Cancellation: between batches and inside them; a batch is rolled back.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "copier/apply.hpp"
#include "copier/convergence.hpp"
#include "copier/data_error.hpp"
#include "copier/key_cost.hpp"
#include "plan/batch.hpp"
#include "plan/pace.hpp"
#include "plan/plan.hpp"
#include "postgres/pool.hpp"

namespace eidolon::copier {

namespace asio = boost::asio;

struct copy_progress {
  std::int64_t blocks_total{}, blocks_done{}, rows{}, bytes{};
};
// From the job's schema; all zero before the copy began.
asio::awaitable<copy_progress> read_progress(postgres::connection& c, const plan::plan& p);
// How many entries the change log has, about: by the server's statistics, without reading it.
asio::awaitable<std::int64_t> estimate_backlog(postgres::connection& c, const plan::plan& p);

// All but exclusion constraints, on the empty ghost; nothing once the copy has begun.
asio::awaitable<void> build_indexes_first(postgres::pool& pool, const plan::plan& p, plan::fence f);
asio::awaitable<void> copy_rows(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace);
// Every block, as the server has it now: it may have lost the last chunks in a crash, for they do not wait for the
// disk.
asio::awaitable<bool> is_copied(postgres::pool& pool, const plan::plan& p);
asio::awaitable<void> build_indexes(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace);
// How much of them is built, 0 to 1, each index counted alike; none when there is none to build.
asio::awaitable<std::optional<double>> index_progress(postgres::connection& c, const plan::plan& p);
// between_ranges is called again and again while nothing is compared: what it applies need not be looked up in the log.
asio::awaitable<void> verify(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace,
                             std::function<asio::awaitable<void>()> between_ranges = {});

// A transaction of any length that locks tables of the application's; and how it is run: it may be broken off and begun
// anew. It is complete when run returns.
using long_transaction = std::function<asio::awaitable<void>(postgres::connection&)>;
using long_runner = std::function<asio::awaitable<void>(long_transaction)>;

// A row of the ghost that violates a foreign key which the job adds. While the ghost lags it may be one that is gone
// from the source: ask again after a catch-up.
struct foreign_key_violation {
  std::string constraint, key;  // key: "(5)", the referencing columns
};
asio::awaitable<std::optional<foreign_key_violation>> find_foreign_key_violation(const plan::plan& p, plan::fence f,
                                                                                 const long_runner& run);

// Both for the ghost's materialized views. build leaves alone what stands already; refresh gives them today's rows.
asio::awaitable<void> build_materialized_views(const plan::plan& p, plan::fence f, const long_runner& run);
asio::awaitable<void> refresh_materialized_views(const plan::plan& p, plan::fence f, const long_runner& run);

// Of the ghost, for the planner. Returns why it failed, where extended statistics have an expression that fails for a
// row; else an empty text.
asio::awaitable<std::string> analyze(postgres::pool& pool, const plan::plan& p);

// Makes a generation of the change log the active one, in the open transaction: triggers::switch_log.
using switch_function = std::function<asio::awaitable<void>(postgres::connection&, int generation)>;

// A way to empty a log.
struct emptying {
  plan::isolation level{};
  std::string lock;            // "ROW EXCLUSIVE MODE"
  std::string statement;       // "DELETE FROM "
  bool gives_blocks_back{};    // so that it is worth it for a log without entries
  std::string_view refused{};  // SQLSTATE
};

// Applies the backlog, pass by pass. What it knows of the logs is kept in memory only: a new one
// takes every log as unread, which costs time and nothing else. Lives as long as the job follows its source.
class backlog {
 public:
  backlog(const plan::plan& p, switch_function switch_log) : plan_{p}, switch_log_{std::move(switch_log)} {}

  // Returns when little remains, with the entries that may; closely: so little that a cutover can apply it.
  asio::awaitable<std::int64_t> catch_up(postgres::pool& pool, plan::fence f, plan::pace& pace, bool closely);

  // What the cutover does under its locks, in its own transaction, where nobody writes any more: applies
  // what remains. Returns the number of entries, or none without applying when they are likely to take longer than
  // this.
  asio::awaitable<std::optional<std::int64_t>> drain(postgres::connection& c, std::chrono::milliseconds time);

 private:
  struct log {
    std::optional<std::set<std::string>> writers;  // transactions that may still write to it; none while it is active
    std::int64_t entries{};                        // visible now
    std::int64_t read{};                           // of these, seen by batches that applied them
    bool closed{};                                 // nobody can write to it, and all of it was applied
  };
  // Of batches side by side.
  struct failed_beside {
    std::vector<dirty_keys> left;  // what was not applied
    std::exception_ptr why;        // what ends them all
  };

  asio::awaitable<void> look(postgres::connection& c);
  asio::awaitable<bool> apply_what_is_little(postgres::connection& c, plan::fence f, plan::pace& pace);
  asio::awaitable<void> switch_over(postgres::connection& c, plan::fence f);
  asio::awaitable<bool> can_share(postgres::connection& c);
  asio::awaitable<std::optional<postgres::statement_error>> apply_once(postgres::connection& c, dirty_keys& keys,
                                                                       plan::fence f, applied& total);
  asio::awaitable<void> apply_beside(postgres::pool& pool, dirty_keys keys, plan::fence f, applied& total,
                                     failed_beside& failed);
  asio::awaitable<void> apply_alone(postgres::pool& pool, dirty_keys keys, plan::fence f, applied& total);
  asio::awaitable<void> read_log(postgres::pool& pool, int generation, plan::fence f, plan::pace& pace);
  asio::awaitable<void> read_idle_logs(postgres::pool& pool, plan::fence f, plan::pace& pace);
  asio::awaitable<bool> empty_by(postgres::connection& c, int generation, plan::fence f, emptying how);
  asio::awaitable<void> empty(postgres::connection& c, int generation, plan::fence f, const plan::pace& pace);
  asio::awaitable<void> empty_closed_logs(postgres::connection& c, plan::fence f, const plan::pace& pace);
  asio::awaitable<void> apply_together(postgres::connection& c, std::vector<int> logs, plan::fence f, plan::pace& pace);
  std::int64_t unread() const;
  std::int64_t idle_entries() const;  // unread, in logs that are not active
  std::int64_t visible(const std::vector<int>& logs) const;
  std::int64_t switch_threshold() const;
  std::int64_t little() const;
  void learn(const applied& batch, bool shared);
  std::vector<int> open_logs() const;
  std::vector<int> unread_logs() const;

  const plan::plan& plan_;
  switch_function switch_log_;
  std::map<int, log> logs_;
  int active_{0};
  std::optional<double> weight_{};  // of the source's rows; asked once
  std::optional<bool> shares_{};    // whether keys can be told apart by a hash; asked once
  bool one_session_{};              // several at once took more of something than the server has
  convergence convergence_;
  stalemate stalemate_;
  key_cost cost_;
  bool closely_{};                               // as the last catch_up() was asked to
  std::int64_t pass_read_{}, pass_set_aside_{};  // entries, in this pass
  bool diverges_{};
  bool judged_{};  // everything was applied together once, so what the ghost holds violates nothing
};

}  // namespace eidolon::copier
