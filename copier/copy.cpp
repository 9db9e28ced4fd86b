// The copy: the source's heap blocks, as many as there were when the triggers had been committed, in
// lanes that several sessions work through.
#include <fmt/format.h>

#include <chrono>

#include "copier/chunk_size.hpp"
#include "copier/lane_table.hpp"
#include "copier/lanes.hpp"
#include "copier/parallel.hpp"
#include "copier/phases.hpp"
#include "copier/row_weight.hpp"
#include "copier/sql.hpp"
#include "copier/statements.hpp"
#include "copier/stream.hpp"
#include "copier/turns.hpp"
#include "copier/visibility.hpp"
#include "plan/as_owner.hpp"
#include "plan/change_log.hpp"
#include "plan/direction.hpp"
#include "plan/streaming.hpp"
#include "postgres/pause.hpp"

namespace eidolon::copier {
namespace {

using postgres::raw;
using std::chrono::microseconds;
using clock = std::chrono::steady_clock;

constexpr int most_unexplained = 3;  // failures of a lane of which no row could be found guilty

// What went wrong in a lane so far.
struct lane_trouble {
  bool conflicts{};  // rows meet unique values in the ghost: chunks are copied passing over them
  bool alone{};      // the next chunk is copied while no other lane copies
  int unexplained{};
};

// A partition's chunk looks at its partition alone (see plan::batch). Somebody may attach, detach or alter
// others meanwhile: that shows within this time, and not at the end of the copy.
constexpr std::chrono::seconds whole_every{2};

struct work {
  const plan::plan& p;
  plan::fence f;
  plan::pace& pace;
  postgres::pool& pool;
  std::vector<plan::plan> leaves;  // the tables whose blocks are copied: the source itself, or its leaves
  lanes open{};
  copy_extent extent{};
  std::int64_t first_blocks{};                // of a session's first chunk
  size_limits blocks{};                       // of one chunk
  bool insert_only{};                         // streaming is not possible, or was found not to be
  int log{};                                  // the generation that takes keys which are passed over
  std::vector<plan::partition_mark> marks{};  // of the leaves, where chunks may look at one alone
  clock::time_point whole_looked_at{};
  bool indexed{};  // the ghost: chunks can be in each other's way at a unique value
  turns chunks{}, splits{};

  std::optional<plan::partition_mark> only(std::size_t leaf) {
    if (marks.empty()) return std::nullopt;
    const auto now = clock::now();
    if (now - whole_looked_at < whole_every) return marks[leaf];
    whole_looked_at = now;
    return std::nullopt;
  }

  int sessions() const { return p.in_order ? 1 : std::max(1, pace.settings().workers); }
  bool streams() const { return !insert_only && pace.settings().method == config::copy_method::stream; }
  std::string session() const { return plan::session_name(p.job, "copy"); }
};

std::vector<std::string> locks(const plan::plan& p) {
  return {plan::source_table_of(p.forward) + " IN ACCESS SHARE MODE",
          plan::ghost_table_of(p.forward) + " IN ROW EXCLUSIVE MODE"};
}

asio::awaitable<void> divide(postgres::connection& c, const work& w) {
  std::vector<std::string> tables;
  for (const auto& leaf : w.leaves) tables.push_back(leaf.forward.from);
  auto body = [&w, &tables](postgres::connection& t) { return make_lanes(t, w.p, tables); };
  plan::batch b{plan::isolation::read_committed, locks(w.p)};
  co_await plan::in_batch(c, w.p, w.f, std::move(b), body);
}

asio::awaitable<std::vector<plan::partition_mark>> mark_partitions(postgres::connection& c, const work& w) {
  auto body = [&p = w.p](postgres::connection& t) { return plan::mark_partitions(t, p); };
  plan::batch b{plan::isolation::repeatable_read, {plan::source_table_of(w.p.forward) + " IN ACCESS SHARE MODE"}};
  co_return co_await plan::in_batch(c, w.p, w.f, std::move(b), body);
}

// A setting that the server counts in blocks.
asio::awaitable<std::int64_t> setting_in_blocks(postgres::connection& c, std::string setting) {
  const auto rows =
      co_await c.execute(postgres::sql("SELECT setting::bigint AS n FROM pg_settings WHERE name = $1", setting));
  co_return rows.front().get<std::int64_t>("n");
}

// Whether something is evaluated for each row: a USING expression (or a rename, which shows in the same place), or a
// stored generated column. It may be slow, so the copy begins with small chunks.
asio::awaitable<bool> computes_values(postgres::connection& c, const plan::plan& p) {
  const auto rows = co_await c.execute(postgres::sql(
      "SELECT EXISTS (SELECT FROM pg_catalog.pg_attribute WHERE attrelid = $1::regclass AND attgenerated = 's' AND NOT "
      "attisdropped) AS generated",
      p.forward.to));
  co_return !p.forward.stages.empty() || rows.front().get<bool>("generated");
}

// They are there before the copy where that was asked for when it began.
asio::awaitable<bool> has_indexes(postgres::connection& c, const plan::plan& p) {
  const auto rows = co_await c.execute(postgres::sql(
      "SELECT EXISTS (SELECT FROM pg_catalog.pg_index WHERE indrelid = $1::regclass AND indisunique) AS indexed",
      p.forward.to));
  co_return rows.front().get<bool>("indexed");
}

// A chunk writes about as much log as it has blocks. While it fits into a quarter of the log's buffers, the log writer
// keeps up between two commits; when the buffers are full, each page of log is written by the session that needs the
// room, and two sessions were no faster than one (2.9 s against 2.2 s, 5 million rows, wal_buffers 16MB).
std::int64_t most_blocks(std::int64_t log_buffers) { return std::max<std::int64_t>(256, log_buffers / 4); }

struct chunk_outcome {
  enum class what { copied, overtaken, gave_way } is{};
  std::int64_t rows{};
  std::optional<postgres::statement_error> error;
};

// How a chunk is copied: `passing` over rows that meet a unique value in the ghost. Only where indexes came before the
// copy can there be any. A row that moved, or took over another's value, while the copy went on meets what was copied
// of it, or of the other one, before; but whatever was passed over and is not in the ghost is logged here, so that it
// is applied later, and a true violation shows then. A row whose key is in the ghost has changed, and so is logged,
// already.
asio::awaitable<streamed> pass_over_conflicts(postgres::connection& c, work& w, const plan::plan& leaf,
                                              std::int64_t first, std::int64_t last) {
  const auto rows = plan::rows_where(leaf.forward, plan::block_range(leaf.forward.alias, first, last));
  const auto copied = co_await plan::run_as_owner(c, leaf, insert_rows_without_conflict(leaf, rows));
  co_await c.script(raw(by_index));
  co_await plan::run_as_owner(c, leaf, log_keys(leaf, w.log, keys_not_copied(leaf, first, last)));
  co_return streamed{streamed::what::done, copied};
}

// The rows by the method of the day, in the open transaction.
asio::awaitable<streamed> copy_blocks(postgres::connection& c, postgres::connection* reader, work& w,
                                      const plan::plan& leaf, std::int64_t first, std::int64_t last) {
  if (reader) {
    const auto done = co_await stream_blocks(*reader, c, leaf, w.f, w.pace, first, last);
    if (done.outcome != streamed::what::no_longer_possible) co_return done;
    w.insert_only = true;
  }
  const auto rows = plan::rows_where(leaf.forward, plan::block_range(leaf.forward.alias, first, last));
  const auto copied = co_await plan::run_as_owner(c, leaf, insert_rows(leaf, rows));
  co_return streamed{streamed::what::done, copied};
}

// Copies [lane.next, upto) and records it in the same transaction. Overtaken: another backend of ours, believed lost,
// had done it already, or the lane's end has become another session's; its position is read anew.
asio::awaitable<chunk_outcome> copy_chunk(postgres::connection& c, postgres::connection* reader, work& w, lane l,
                                          std::int64_t upto, lane_trouble trouble) {
  using what = chunk_outcome::what;
  const auto& leaf = w.leaves[l.leaf];
  const bool passing = trouble.conflicts;
  auto body = [&w, &leaf, reader, l, upto, passing](postgres::connection& t) -> asio::awaitable<chunk_outcome> {
    const auto at = co_await lock_lane(t, w.p, l.id);
    chunk_outcome out;
    if (at.next != l.next || at.end < upto) {
      out.is = what::overtaken;
      co_return out;
    }
    streamed done;
    if (passing)
      done = co_await pass_over_conflicts(t, w, leaf, l.next, upto);
    else
      done = co_await copy_blocks(t, reader, w, leaf, l.next, upto);
    if (done.outcome == streamed::what::gave_way) {
      out.is = what::gave_way;
      co_return out;
    }
    co_await advance_lane(t, w.p, l.id, upto, done.rows);
    out.rows = done.rows;
    co_return out;
  };
  plan::batch b{plan::isolation::read_committed, locks(leaf), "", w.only(l.leaf)};
  if (passing) b.locks.push_back(plan::log_name(leaf, w.log) + " IN ROW EXCLUSIVE MODE");
  // Rows and record are lost together or not at all, and whatever comes later is written later: nothing needs to
  // wait for the disk here.
  b.settings = fmt::format("SET LOCAL synchronous_commit = off; SET LOCAL statement_timeout = {}",
                           time_limit(upto - l.next, w.pace.settings().chunk_target).count());
  if (w.indexed && !trouble.alone) b.settings += "; " + wait_for_sisters();
  co_return co_await plan::in_batch(c, leaf, w.f, std::move(b), body);
}

// The server objected to a row: says which one. Returns when the row has changed meanwhile.
asio::awaitable<void> explain(work& w, postgres::statement_error e, lane l, std::int64_t upto) {
  if (!is_data_error(e)) throw e;
  auto c = co_await w.pool.acquire(w.session());
  const auto bad = co_await find_bad_row_in_blocks(*c, w.leaves[l.leaf], w.f, l.next, upto);
  if (bad) throw to_data_error(bad->error, bad->key);
}

asio::awaitable<void> reread(work& w, lane& l) {
  auto c = co_await w.pool.acquire(w.session());
  const auto at = co_await read_position(*c, w.p, l.id);
  l.next = at.next;
  l.end = at.end;
}

// Both sessions are there before the first of them begins.
asio::awaitable<chunk_outcome> try_chunk(work& w, lane l, std::int64_t upto, lane_trouble trouble) {
  chunk_outcome out;
  try {
    auto c = co_await w.pool.acquire(w.session());
    postgres::pool::lease reader;
    if (w.streams() && !trouble.conflicts) reader = co_await w.pool.acquire(w.session());
    out = co_await copy_chunk(*c, reader.operator->(), w, l, upto, trouble);
  } catch (const postgres::statement_error& e) {
    out.error = e;
  }
  co_return out;
}

// What a chunk's failure means for the next try; throws when there is none.
asio::awaitable<void> learn(work& w, const postgres::statement_error& e, lane l, std::int64_t upto, bool streamed,
                            std::int64_t& size, lane_trouble& t) {
  const auto blocks = upto - l.next;
  // Its rows took too long, or somebody cancelled it; one that was streamed is inserted first.
  if (e.sqlstate() == postgres::sqlstate::query_canceled && !streamed && blocks > 1) {
    size = size_after_cut(blocks, w.blocks);
    w.first_blocks = std::min(w.first_blocks, size);
    co_return;
  }
  // It may have waited for another lane, in a circle even; what goes wrong alone is its own fault.
  const bool first_conflict = is_conflict(e) && !t.conflicts;
  t.alone = w.indexed && !t.alone && !first_conflict;
  t.conflicts = t.conflicts || first_conflict;
  if (t.alone || first_conflict) co_return;
  if (!streamed || !may_be_streams_own(e)) co_await explain(w, e, l, upto);
  if (!streamed && ++t.unexplained > most_unexplained) throw to_data_error(e, "");
  w.insert_only = w.insert_only || streamed;
}

// As far as it comes while so many sessions are wanted.
asio::awaitable<void> copy_lane(work& w, lane& l, std::int64_t& size, int sessions) {
  lane_trouble trouble;
  // Of a lane that was split off, the chunks were perhaps made small because its rows take long.
  if (l.chunk > 0) size = std::min(size, l.chunk);
  while (l.next < l.end && sessions == w.sessions()) {
    const auto turn = co_await w.chunks.take(trouble.alone);
    co_await w.pace.admit();
    const auto upto = l.next + even_part(l.end - l.next, size);
    l.under_way = upto;
    l.chunk = upto - l.next;
    const auto began = clock::now();
    const bool streamed = w.streams() && !trouble.conflicts;
    const auto chunk = co_await try_chunk(w, l, upto, trouble);
    const auto took = std::chrono::duration_cast<microseconds>(clock::now() - began);
    const bool copied = !chunk.error && chunk.is == chunk_outcome::what::copied;
    w.pace.done({.what = plan::batch_report::kind::copy,
                 .duration = took,
                 .rows = chunk.rows,
                 .bytes = copied ? (upto - l.next) * block_size : 0});
    if (chunk.error) {
      co_await learn(w, *chunk.error, l, upto, streamed, size, trouble);
      continue;
    }
    trouble.alone = false;
    // Who was given way to has the lock, or is before the next attempt in its queue.
    if (chunk.is == chunk_outcome::what::gave_way) continue;
    if (chunk.is == chunk_outcome::what::overtaken) {
      const auto before = l.next;
      co_await reread(w, l);
      w.extent.done += l.next - before;
      continue;
    }
    // A short one, of a lane that is nearly done, says nothing about the size.
    if (const auto blocks = upto - l.next; blocks > size / 2)
      size = next_size(blocks, took, w.pace.chunk_target(), w.blocks);
    w.extent.done += upto - l.next;
    w.extent.written.insert(w.leaves[l.leaf].forward.to);
    l.next = upto;
  }
}

// Half of what another session has before it, where that is worth it; or none, for now.
asio::awaitable<lane*> steal(work& w, std::int64_t size) {
  const auto turn = co_await w.splits.take(true);
  if (auto* const l = w.open.take()) co_return l;
  const auto* const victim = w.open.longest(size);
  if (!victim) co_return nullptr;
  const auto id = victim->id;
  const auto at = lanes::middle(*victim);
  auto c = co_await w.pool.acquire(w.session());
  const auto rest = co_await split_lane(*c, w.p, w.f, id, at);
  if (rest)
    w.open.split(id, at, *rest);
  else
    w.open.refuse(id);
  co_return w.open.take();
}

asio::awaitable<void> worker(work& w, int sessions) {
  std::int64_t size = w.first_blocks;
  while (sessions == w.sessions()) {
    auto* l = w.open.take();
    if (!l && !w.open.may_be_split(size)) co_return;
    if (!l) l = co_await steal(w, size);
    if (!l) co_await postgres::pause(std::chrono::milliseconds{20});
    if (!l) continue;
    co_await copy_lane(w, *l, size, sessions);
    w.open.leave(*l);
  }
}

// When another number of sessions is wanted, each ends after the chunk that it is at, and as many begin as are wanted.
asio::awaitable<void> copy_lanes(work& w) {
  while (!w.open.empty()) {
    std::vector<asio::awaitable<void>> workers;
    for (int i = 0; i < w.sessions(); ++i) workers.push_back(worker(w, w.sessions()));
    co_await run_all(std::move(workers));
    if (!w.open.empty()) continue;
    // What a backend of ours, believed lost, has split off.
    auto c = co_await w.pool.acquire(w.session());
    w.open = co_await read_lanes(*c, w.p);
  }
}

}  // namespace

asio::awaitable<std::int64_t> estimate_backlog(postgres::connection& c, const plan::plan& p) {
  const auto rows = co_await c.execute(postgres::sql(raw(sql::estimate_backlog), p.ghost_schema));
  co_return rows.front().get<std::int64_t>("entries");
}

asio::awaitable<bool> is_copied(postgres::pool& pool, const plan::plan& p) {
  auto c = co_await pool.acquire(plan::session_name(p.job, "copy"));
  const auto open = co_await read_lanes(*c, p);
  co_return open.empty();
}

asio::awaitable<void> copy_rows(postgres::pool& pool, const plan::plan& p, plan::fence f, plan::pace& pace) {
  work w{p, f, pace, pool, plan::leaf_plans(p)};
  if (pace.settings().indexes == config::index_order::before) co_await build_indexes_first(pool, p, f);
  std::int64_t memory = 0;
  {
    auto c = co_await pool.acquire(w.session());
    co_await divide(*c, w);
    w.open = co_await read_lanes(*c, p);
    if (p.forward.partitioned) w.marks = co_await mark_partitions(*c, w);
    const auto weight = co_await weight_of_rows(*c, p);
    const bool may_be_slow = co_await computes_values(*c, p);
    w.first_blocks = lighter(may_be_slow ? 16 : 128, weight);
    w.blocks.least = lighter(16, weight);
    w.blocks.most = most_blocks(co_await setting_in_blocks(*c, "wal_buffers"));
    memory = co_await setting_in_blocks(*c, "shared_buffers");
    w.indexed = co_await has_indexes(*c, p);
    const auto generations = co_await plan::log_generations(*c, p);
    w.log = generations.back();
    w.insert_only = p.forward.partitioned || !plan::stream_obstacle(p.forward).empty();
  }
  w.extent.total = w.open.blocks();
  std::vector<asio::awaitable<void>> both;
  // VACUUM makes known where pages have room, and a later row that fits goes there. It comes when the copy is done.
  if (!p.in_order) both.push_back(set_visibility_beside(pool, p, pace, w.extent, memory));
  both.push_back(copy_lanes(w));
  co_await run_all(std::move(both));
}

}  // namespace eidolon::copier
