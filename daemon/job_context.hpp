// What the steps of one job work with: references to things that belong to its database, and a
// few ways to wait and to record that all steps share. Only the runner creates it.
#pragma once
#include <functional>
#include <memory>
#include <string>

#include "copier/phases.hpp"
#include "daemon/attempts.hpp"
#include "daemon/copy_slot.hpp"
#include "daemon/job.hpp"
#include "daemon/job_store.hpp"
#include "daemon/leadership.hpp"
#include "postgres/pool.hpp"

namespace eidolon::daemon {

// Everything outlives the job's runner.
struct job_surroundings {
  postgres::pool& pool;     // for the phases
  postgres::pool& control;  // for records and short questions
  job_store& store;
  leadership& lead;
  copy_slot& slot;
  const load_report& load;
  std::function<void()> attend;  // the job is at work: the server is to be watched closely
};

struct job_context {
  job& j;
  job_surroundings at;
  job_pace& pace;
  plan::fence fence;
  std::unique_ptr<copier::backlog> known_backlog{};  // of the plan that the record holds now
  attempt_history attempts{};
  std::optional<std::int64_t> max_log{};  // that the triggers of the first log keep to; none: not known

  const plan::plan& plan() const { return j.record.plan.value(); }
  // Applies the backlog; what is known of the logs is kept from one time to the next.
  // closely: as far as a cutover that is about to come wants it.
  asio::awaitable<void> catch_up(bool closely = false);
  std::string session(std::string_view activity) const;  // "eidolon job 42 copy"

  // The mirror of a change of state that is committed: record, metrics, log.
  void entered(state s);
  // Records the change, unless the step has done so in its own transaction.
  asio::awaitable<void> enter(state s);
  asio::awaitable<void> note(std::string kind, std::string message, json::object detail = {});
  // The job pauses itself until someone resumes it, unless it has come into another state meanwhile.
  asio::awaitable<void> hold(std::string reason);
  // Returns when the job is not paused.
  asio::awaitable<void> wait_while_paused();
  // The change that the runner is about to make, with what is known of the copy.
  state_change change_to(state s) const;
};

double jitter();  // 0 to 1

// Runs `work` with `companion` beside it, which is cancelled when the work ends. Returns once both have
// ended; rethrows what the first of them threw. A companion that ends first cancels the work: then it returns false.
asio::awaitable<bool> beside(asio::awaitable<void> work, asio::awaitable<void> companion);

}  // namespace eidolon::daemon
