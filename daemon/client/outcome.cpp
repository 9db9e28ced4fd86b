#include "daemon/client/outcome.hpp"

#include <algorithm>
#include <array>

#include "daemon/client/job_reader.hpp"

namespace eidolon::client {
namespace {

// The first eleven in the order in which a job that succeeds goes through them; some may be left out.
constexpr std::array<std::string_view, 14> states{"queued",    "preparing", "copying",      "indexing",   "catching_up",
                                                  "verifying", "ready",     "cutting_over", "validating", "retaining",
                                                  "done",      "failed",    "aborting",     "aborted"};
constexpr auto last_of_success = 10;

std::ptrdiff_t place_of(std::string_view state) {
  return std::find(states.begin(), states.end(), state) - states.begin();
}

}  // namespace

std::span<const std::string_view> state_names() { return states; }

outcome toward(std::string_view target, std::string_view present) {
  if (target == present) return outcome::reached;
  if (present == "done" || present == "failed" || present == "aborted") {
    const bool passed = present == "done" && place_of(target) < last_of_success;
    const bool was_aborting = target == "aborting" && present == "aborted";
    return passed || was_aborting ? outcome::reached : outcome::impossible;
  }
  if (present == "aborting") return target == "aborted" || target == "failed" ? outcome::possible : outcome::impossible;
  const bool passed = place_of(target) <= last_of_success && place_of(present) > place_of(target);
  return passed ? outcome::reached : outcome::possible;
}

outcome toward_the_end(const boost::json::value& job) {
  const auto state = text_at(job, "/state");
  if (state == "retaining") return text_at(job, "/settings/keep_old") == "0s" ? outcome::possible : outcome::reached;
  if (state == "aborting") return outcome::possible;  // what the job made is still being removed
  return toward("done", state);
}

}  // namespace eidolon::client
