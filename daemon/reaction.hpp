// What a job does when a phase fails: deciding, apart from doing. The failure is
// classified once, here; the runner carries the reaction out.
#pragma once
#include <boost/json/object.hpp>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/states.hpp"
#include "plan/refusal.hpp"

namespace eidolon::daemon {

// The plan cannot be made any more: what was accepted at submission is refused when it begins.
class job_refused : public std::runtime_error {
 public:
  explicit job_refused(std::vector<plan::refusal> r);
  std::vector<plan::refusal> refusals;
};

enum class failure_kind {
  cancelled,         // the daemon stops, or no longer leads
  connection,        // lost or fenced: what the server did last is not known
  transient,         // the same statement may succeed later
  source_rewritten,  // the copy must start again
  fatal,             // the job cannot succeed
};

struct failure {
  failure_kind kind{};
  std::string code;     // stable, snake_case
  std::string message;  // one sentence
  std::string constraint, key;
  int most_tries{};  // of the step, when each fails so; 0: any number
};

// Codes that are asked for.
inline constexpr std::string_view server_crashed = "server_crashed", log_is_full = "max_log",
                                  out_of_memory = "out_of_memory";

failure classify(const std::exception_ptr& e);
boost::json::object to_json(const failure& f);  // {code, message, constraint, key}, as clients see it

enum class reaction {
  stop,        // the job stays as it is; the next leader goes on
  take_stock,  // end what may still run of it, read the job's record, go on from its state
  retry,       // after a pause
  restart,     // back to preparing
  fail,        // remove everything, end in failed
  hold,        // nothing can be undone: the job pauses itself until someone looks at it
};

reaction react(failure_kind kind, state s);

// Before retry number `attempt` (1 is the first): doubles from half a second up to half a minute,
// times 0.5 to 1.0 from jitter (0 to 1).
std::chrono::milliseconds retry_pause(int attempt, double jitter);

// Whether a failed statement with this SQLSTATE may succeed when it is tried again.
bool is_transient(std::string_view sqlstate);
// Whether it means that there is no room on a disk, or no more may be taken: what was taken is given back, and would be
// taken again.
bool is_out_of_room(std::string_view sqlstate);
// Whether it means that the session has ended, or another leader has taken over.
bool ends_session(std::string_view sqlstate);

}  // namespace eidolon::daemon
