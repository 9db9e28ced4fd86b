// How every transaction of the daemon that touches a job's tables begins: fence, lock,
// then snapshot.
//
// ROW SHARE on eidolon.leader is taken first (a new leader takes EXCLUSIVE on it to raise
// the epoch, so it waits for the transactions of the old one, and later ones see the new
// epoch); then the tables; only then comes the first query, which takes the snapshot and
// checks the epoch and that the source is what it was.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "postgres/connection.hpp"
#include "postgres/statement.hpp"

namespace eidolon::plan {

// The leader's epoch under which a phase works. A stale one fails with SQLSTATE EI001.
struct fence {
  std::int64_t epoch{};
};

// The source is not what it was.
class source_changed : public std::runtime_error {
 public:
  enum class kind {
    file,  // VACUUM FULL, CLUSTER, TRUNCATE, pg_repack, …: block numbers mean nothing any more; the copy starts again
    triggers,    // the sync triggers were disabled, replaced or dropped: the log has a gap; the copy starts again
    log,         // the change log has reached max_log, and the triggers have stopped; the copy starts again
    definition,  // somebody altered the table: the job fails
    neighbours,  // something has come to hang on it that cannot be carried over: the swap waits until it is gone
  };
  source_changed(kind k, const std::string& message) : std::runtime_error{message}, changed{k} {}
  kind changed;
};

enum class isolation { read_committed, repeatable_read };

// "BEGIN …; LOCK TABLE eidolon.leader IN ROW SHARE MODE; LOCK TABLE …": the text that opens a batch.
// locks are "ONLY \"s\".\"t\" IN ACCESS SHARE MODE" and the like, taken in order.
postgres::raw_sql begin_batch(isolation, const std::vector<std::string>& locks);

// The same for a second session that works with one in a batch. It does not wait for a lock (SQLSTATE 55P03): who is in
// its way may be queued behind the first session, which waits for this one, and no deadlock check would find that.
postgres::raw_sql begin_beside(isolation, const std::vector<std::string>& locks);

// The functions that these first queries call, for the job's schema. They are functions so that each
// session plans its query once (2 ms a batch otherwise); prepared statements would not do, because an owner's function
// could replace them. To be made together with the schema: the owner may put functions there afterwards.
std::string create_checks(const plan& p);

// What a partition was while the whole source was what the job recorded.
struct partition_mark {
  std::uint32_t oid{};
  std::string state;  // opaque
};

// How a batch begins: the locks it takes, in this order, and settings ("SET LOCAL …"), if any. only: the partition that
// it keeps to. Its first query compares that one with its mark, then, and looks at the whole only if it differs: a look
// at 300 partitions of 21 columns takes as long as a chunk (38 ms). What becomes of the others meanwhile shows in the
// batches that read them, and in the cutover.
struct batch {
  isolation level{};
  std::vector<std::string> locks;
  std::string settings{};
  std::optional<partition_mark> only{};
};

// Begins it and makes its first query, in one round trip; throws what check_batch does.
boost::asio::awaitable<void> open_batch(postgres::connection& c, const plan& p, fence f, batch b);

// Whether the change log has reached max_log, so that nothing is logged any more.
boost::asio::awaitable<bool> has_full_log(postgres::connection& c, const plan& p);

// Runs body(connection&) between open_batch and COMMIT. p outlives it.
template <class Body>
auto in_batch(postgres::connection& c, const plan& p, fence f, batch b, Body body) {
  auto open = [&p, f, b = std::move(b)](postgres::connection& t) { return open_batch(t, p, f, b); };
  return postgres::in_transaction(c, std::move(open), std::move(body));
}

// The first query of a batch: throws postgres::statement_error EI001 when the epoch is stale,
// source_changed when the source's file, triggers or definition differ from what the job recorded.
boost::asio::awaitable<void> check_batch(postgres::connection& c, const plan& p, fence f);
// The same in a READ COMMITTED transaction that will be long: keeps none of the locks that looking takes, on catalogs
// that somebody may want to rewrite meanwhile; and looks again before it says that the definition is another one, for
// it seems so in the moment in which REINDEX CONCURRENTLY exchanges an index.
boost::asio::awaitable<void> check_before_long_work(postgres::connection& c, const plan& p, fence f);

// The marks of p's partitions that hold rows, in the order of leaf_plans. In a REPEATABLE READ batch that has locked
// and checked the whole. Empty where nothing is partitioned, and where the job's schema has not the function: every
// batch looks at the whole then.
boost::asio::awaitable<std::vector<partition_mark>> mark_partitions(postgres::connection& c, const plan& p);

// Only the fence, for transactions that do not read the source.
boost::asio::awaitable<void> check_fence(postgres::connection& c, fence f);

// Runs body(connection&), a coroutine, between BEGIN with the fence and COMMIT, so that a transaction of an earlier
// leader changes nothing. Throws statement_error EI001 when the epoch is not the leader's, in_doubt, and what body
// throws.
template <class Body>
auto fenced(postgres::connection& session, fence f, Body body)
    -> decltype(body(std::declval<postgres::connection&>())) {
  auto guarded = [f, &body](postgres::connection& c) -> decltype(body(c)) {
    co_await check_fence(c, f);
    co_return co_await body(c);
  };
  const std::vector<std::string> no_further_locks;
  auto begin = begin_batch(isolation::read_committed, no_further_locks);
  co_return co_await postgres::in_transaction(session, std::move(begin), guarded);
}

}  // namespace eidolon::plan
