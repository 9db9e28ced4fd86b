// Watching a job: by polling, which survives a daemon that is restarted in between.
#pragma once
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>

#include "daemon/client/daemon_link.hpp"
#include "daemon/client/exit_status.hpp"
#include "daemon/client/options.hpp"

namespace eidolon::client {

// Reads one job again and again. Once it has been seen, a daemon that is away for a while is waited for.
class job_poll {
 public:
  job_poll(const daemon_link& link, std::int64_t id) : link_{link}, id_{id} {}

  // nullopt while the daemon is away; throws what the daemon_link threw when it stays away.
  // timed_out: no answer came within at_most.
  std::optional<json::value> next(std::chrono::milliseconds at_most = daemon_link::answer_timeout);

 private:
  const daemon_link& link_;
  std::int64_t id_;
  std::optional<std::chrono::steady_clock::time_point> last_seen_;
};

// Shows progress on `out` until the job's new shape is live or the job has failed: as a bar when it
// is a terminal, as JSON or as plain lines otherwise.
exit_status watch(const daemon_link& link, const options& o, std::int64_t id, std::FILE* out);

exit_status wait(const daemon_link& link, const options& o);
exit_status follow_events(const daemon_link& link, const options& o);

}  // namespace eidolon::client
