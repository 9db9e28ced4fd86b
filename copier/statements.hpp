// The SQL of copy, apply and verification. Pure builders with exact-text tests.
#pragma once
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace eidolon::copier {

// A part of all possible keys, by their hash. Keys that are equal are in the same part, whatever they look like.
struct share {
  int number{0}, of{1};
};

// Keys to work on: SELECT of the key columns, of log entries.
std::string keys_in_blocks(const plan::plan& p, int generation, std::int64_t first, std::int64_t last, share s = {});
std::string keys_in_logs(const plan::plan& p, const std::vector<int>& generations);

// SELECT of the same keys, each once. Evaluates = of the key's types.
std::string without_duplicates(const plan::plan& p, const std::string& keys);

// The condition on the source's rows that their key is among the keys.
std::string rows_of(const plan::plan& p, const std::string& keys);

// INSERT INTO ghost … SELECT of rows of the source (plan::rows_where, plan::rows_with_keys).
std::string insert_rows(const plan::plan& p, const std::string& rows);

// The same, passing over rows that meet a unique value in the ghost.
std::string insert_rows_without_conflict(const plan::plan& p, const std::string& rows);

// Keys to work on: of the source's rows in blocks [first, last) that are not in the ghost.
std::string keys_not_copied(const plan::plan& p, std::int64_t first, std::int64_t last);

// For a transaction that looks up some keys in large tables with indexes on them: always by index, whatever the
// statistics of a table that is never analyzed may suggest.
inline constexpr const char* by_index =
    "SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_seqscan = off; "
    "SET LOCAL max_parallel_workers_per_gather = 0";

// Settings of a transaction beside which others of the job write to the ghost. Where it meets a unique value of one
// that has not committed it waits a moment, and less long than the server does before it looks for deadlocks: a circle
// of the job's own sessions ends as a wait that took too long (SQLSTATE 55P03), after which one of them is to go on
// alone, and not as a deadlock, on which operators have alarms (pg_stat_database.deadlocks).
std::string wait_for_sisters();

// Apply by state, statement by statement: what is gone, then the rest.
std::vector<std::string> apply_keys(const plan::plan& p, const std::string& keys);

// The same by taking all the keys out of the ghost and putting the source's rows in.
std::vector<std::string> replace_keys(const plan::plan& p, const std::string& keys);

// DELETE the keys from the ghost, through its key's index.
std::string delete_keys(const plan::plan& p, const std::string& keys);

// The same before the ghost has an index: in its blocks [first, last).
std::string delete_keys_in_blocks(const plan::plan& p, const std::string& keys, std::int64_t first, std::int64_t last);

// INSERT the keys into a log.
std::string log_keys(const plan::plan& p, int generation, const std::string& keys);

// Where a range of keys ends: the key `rows` after `after` (values of the key's columns as
// literals; empty: from the start) in the source's order; no row: the range is the last one.
std::string range_end(const plan::plan& p, const std::vector<std::string>& after, std::int64_t rows);

// How many rows of source and ghost in (after, upto] differ, or are missing on one side, and have a key that is in no
// log: "differences" (bigint), and one of them as "example" (text). Both sides come in the order of the key where their
// types have the same, and are merged.
std::string compare_range(const plan::plan& p, const std::vector<int>& generations,
                          const std::vector<std::string>& after, const std::vector<std::string>& upto);

}  // namespace eidolon::copier
