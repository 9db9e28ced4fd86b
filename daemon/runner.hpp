// Runs one job from the state it is in to its end. The only writer of states.
//
// The story is runner::step; the rest carries out what reaction.hpp decides when a step fails.
#pragma once
#include <optional>
#include <string>

#include "daemon/job_context.hpp"
#include "daemon/job_probe.hpp"
#include "daemon/reaction.hpp"

namespace eidolon::daemon {

class runner {
 public:
  // The job and its surroundings must outlive the runner.
  runner(job& j, job_surroundings at);
  ~runner();

  // Returns when the job has ended. Throws operation_aborted when it is cancelled: the job stays as it is.
  asio::awaitable<void> run();

 private:
  enum class action { step, take_stock, clean_up, restart, hold };

  asio::awaitable<void> note_broken_attempt();
  asio::awaitable<void> act();
  asio::awaitable<void> take_slot();
  asio::awaitable<void> show_queue();
  asio::awaitable<state> step();
  asio::awaitable<void> step_and_record();
  asio::awaitable<void> step_unless_aborted();
  asio::awaitable<void> abort_wanted();
  asio::awaitable<void> step_beside_load();
  asio::awaitable<void> tell_news();
  asio::awaitable<void> act_on_load();
  enum class source_state { unchanged, altered, dropped, renamed };
  asio::awaitable<source_state> look_at_source();
  failure source_is(source_state now) const;
  asio::awaitable<void> look_at_key();
  asio::awaitable<void> recognise_the_source(failure& f);
  asio::awaitable<void> watch_load();
  asio::awaitable<job_record> load_record();
  asio::awaitable<void> take_stock();
  void is_held_up(const std::string& why);
  asio::awaitable<void> begin_clean_up();
  asio::awaitable<void> consider(std::exception_ptr failed);
  asio::awaitable<void> wait_before_retry(const failure& f);
  void decide(reaction r, const failure& f);
  bool is_enough(const failure& f);
  bool may_hold() const;
  void heed_crashes();
  asio::awaitable<void> heed_full_logs();
  failure judged_by_its_cost(failure f) const;
  asio::awaitable<void> tell_what_was_broken_off(const failure& f);
  void give_reason_to_hold(const failure& f);
  bool wants_abort() const;

  job& j_;
  job_probe probe_;
  load_alarm alarm_;
  hold_news news_;
  bool told_diverging_{};
  job_pace pace_;
  job_context job_;
  action next_{action::take_stock};
  action after_stock_{action::step};
  bool unsure_{};        // a transaction of this job may still be under way, or its COMMIT unanswered
  int failures_{};       // in a row
  int seems_altered_{};  // times in a row that the source's definition was another one
  clock::time_point last_failure_{};
  struct {
    std::string code;
    state at{};
    int times{};
  } trouble_;  // of which there may be only so much in one state, whatever time there is between
  clock::time_point step_began_{};
  bool log_was_full_{};                // so the copy starts again
  bool held_{};                        // by itself: the next step begins when somebody resumes it
  std::string reason_;                 // of what is done next: to hold, or to start again
  std::optional<json::object> error_;  // why the job fails; none: it is aborted
};

}  // namespace eidolon::daemon
