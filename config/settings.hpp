// The settings of one job: what a submission, the file's [defaults] or a PATCH may say.
#pragma once
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>

namespace eidolon::config {

enum class verify_mode { full, off };
enum class copy_method { insert, stream };
enum class index_order { after, before };  // the copy

// How much of each kind of load is borne: a job waits above it, or pauses itself, or gives up, by where the limits
// stand. What is not limited is off: 0, and for the first and the last what nothing is above.
struct load_limits {
  std::chrono::milliseconds max_lag{std::chrono::milliseconds::max()};  // of a replica behind its primary
  std::int64_t max_lag_bytes{};                                         // the same in log that it has not replayed
  std::int64_t max_slot_wal{};                                          // bytes of log that a slot retains
  int max_archive_backlog{};                                            // files of log that wait for the archiver
  int max_active{};                                                     // active backends
  int max_lock_waits{};                                                 // sessions that wait for a lock on the table
  std::int64_t min_free_space{};                                        // bytes; below it
  std::chrono::milliseconds max_transaction_age{};                      // of the server's oldest open transaction
  int max_xid_age{};                                                    // transactions since the oldest freeze
  double throttle_threshold{std::numeric_limits<double>::infinity()};   // of what throttle_query answers
  std::string throttle_file;                                            // an absolute path, while something is there

  friend bool operator==(const load_limits&, const load_limits&) = default;
};

struct job_settings : load_limits {
  job_settings() {
    max_lag = std::chrono::milliseconds{1500};
    throttle_threshold = 0;
  }
  std::chrono::milliseconds chunk_target{500};  // wall time of one chunk or batch
  copy_method method{copy_method::insert};      // of the copy
  int workers{2};                               // sessions that copy, or build indexes, at once
  index_order indexes{index_order::after};      // when they are built, by and large
  int index_workers{-1};                        // parallel workers of one index build; -1: what workers leaves
  std::int64_t index_memory{0};                 // kilobytes for one index build; 0: as the server has it
  bool compress_index_log{true};                // wal_compression by lz4 while indexes are built
  double copy_ratio{1.0};                       // share of time spent copying, 0 < r <= 1 (0 stands still)
  std::chrono::milliseconds lock_timeout{300};  // for all the locks of one attempt together
  int lock_retries{100};                        // failed attempts after which the job pauses itself
  int force_after{0};                // failed attempts after which blockers are cancelled, then terminated; 0: off
  bool waits_for_young_snapshots{};  // the swap, however often it has found some
  verify_mode verify{verify_mode::full};
  std::chrono::milliseconds keep_old{std::chrono::hours{24}};  // how long the old table is kept; 0: dropped at once
  bool all_tables_allowed{};                                   // FOR ALL TABLES publications publish the ghost as well
  int priority{0};                                             // among queued jobs of one database; higher goes first
  load_limits critical;                                        // above these it pauses itself
  load_limits abort_at;                                        // above these, for some seconds, it gives up
  std::string throttle_query;                                  // answers a number; empty: none
  std::chrono::milliseconds lock_budget{0};  // for which the application may wait for the job's locks in all; 0: any
  std::chrono::milliseconds max_hold{3000};  // for which one attempt may hold its locks; 0: any
  std::int64_t max_log{std::int64_t{10} << 30};  // bytes of one change log, at which its triggers stop; 0: any

  friend bool operator==(const job_settings&, const job_settings&) = default;
};

}  // namespace eidolon::config
