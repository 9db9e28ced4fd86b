// How the daemon steers a phase between its batches. The phases know nothing of lag,
// load, pauses or metrics: they ask to be admitted and report what they did.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <optional>

#include "config/settings.hpp"

namespace eidolon::plan {

struct batch_report {
  enum class kind { copy, vacuum, drop_dirty, apply, verify } what{};
  std::chrono::microseconds duration{};
  std::int64_t rows{};                    // copied or applied; or compared, about
  std::int64_t bytes{};                   // of source blocks read (copy)
  std::optional<std::int64_t> backlog{};  // change-log entries that are known to remain
  bool diverges{};                        // the backlog does not shrink from pass to pass (apply)
};

class pace {
 public:
  virtual ~pace() = default;
  // Returns when the next batch may start; each that is admitted is reported by done(). Cancelled when the job is
  // aborted or the daemon stops.
  virtual boost::asio::awaitable<void> admit() = 0;
  virtual void done(const batch_report&) = 0;
  // The settings as they are now; they may have changed since the last batch.
  virtual const config::job_settings& settings() const = 0;
  // The wall time that the copy sizes its next chunk for: the setting, or less while a standby is near its limit.
  virtual std::chrono::milliseconds chunk_target() const { return settings().chunk_target; }
};

}  // namespace eidolon::plan
