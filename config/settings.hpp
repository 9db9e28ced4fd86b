// The settings of one job: what a submission, the file's [defaults] or a PATCH may say.
#pragma once
#include <chrono>
#include <string>

namespace eidolon::config {

enum class verify_mode { full, off };

struct job_settings {
  std::chrono::milliseconds chunk_target{500};  // wall time of one chunk or batch
  int workers{2};                               // sessions that copy, or build indexes, at once
  std::chrono::milliseconds max_lag{1500};      // replicas further behind than this hold the job back
  double copy_ratio{1.0};                       // share of time spent copying, 0 < r <= 1 (0 stands still)
  int max_active{0};                            // active backends above which it waits; 0: off
  std::chrono::milliseconds lock_timeout{300};  // for all the locks of one attempt together
  int lock_retries{100};                        // failed attempts after which the job pauses itself
  int force_after{0};  // failed attempts after which blockers are cancelled, then terminated; 0: off
  verify_mode verify{verify_mode::full};
  std::chrono::milliseconds keep_old{std::chrono::hours{24}};  // how long the old table is kept; 0: dropped at once
  bool all_tables_allowed{};                                   // FOR ALL TABLES publications publish the ghost as well
  int priority{0};                                             // among queued jobs of one database; higher goes first

  friend bool operator==(const job_settings&, const job_settings&) = default;
};

}  // namespace eidolon::config
