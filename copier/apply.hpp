// Apply by state: one batch of dirty keys, in one transaction and one snapshot.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "copier/statements.hpp"
#include "plan/batch.hpp"
#include "plan/plan.hpp"
#include "postgres/connection.hpp"

namespace eidolon::copier {

struct applied {
  std::vector<std::int64_t> seen;    // log entries in the batch's snapshot, one number per SELECT of keys
  std::int64_t keys{};               // rows written or deleted in the ghost
  std::int64_t looked_up{};          // distinct keys where they are countable, else entries
  std::chrono::microseconds took{};  // the applying alone
};

// The dirty keys of one batch: SELECTs of the key columns, and the logs they read.
struct dirty_keys {
  std::vector<std::string> selects;
  std::vector<int> logs;  // locked before the snapshot is taken
  bool shared{};          // other sessions apply other keys at the same time
  bool countable{};       // the daemon's role may evaluate = of the key's types
};
dirty_keys in_blocks(const plan::plan& p, int generation, std::int64_t first, std::int64_t last, share s = {});
dirty_keys in_logs(const plan::plan& p, const std::vector<int>& generations);
std::string all_of(const dirty_keys& keys);  // one SELECT

// How many rows each of the queries returns, in one snapshot; `then`, a script without rows, runs in the same round
// trip.
boost::asio::awaitable<std::vector<std::int64_t>> count_rows(postgres::connection& c, std::vector<std::string> selects,
                                                             std::string then = std::string{});

// Makes the ghost hold, for every dirty key, what the source holds now. Opens and commits a transaction of its own.
// Throws statement_error when a row does not fit, or would have to wait for another session's, with
// the transaction rolled back.
boost::asio::awaitable<applied> apply_batch(postgres::connection& c, const plan::plan& p, plan::fence f,
                                            dirty_keys keys);

// For a batch that met a unique value which a stale row of another key still holds: removes its
// keys from the ghost and logs them again. Each such row is dirty itself, so it will go or change.
boost::asio::awaitable<applied> set_aside(postgres::connection& c, const plan::plan& p, plan::fence f, dirty_keys keys,
                                          int active);

// Runs the apply statements in the open transaction, as the owner; returns the rows written.
boost::asio::awaitable<std::int64_t> apply_in_transaction(postgres::connection& c, const plan::plan& p,
                                                          std::string keys);

}  // namespace eidolon::copier
