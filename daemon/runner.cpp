// What happens to a job, in order.
#include "daemon/runner.hpp"

#include <fmt/format.h>

#include "daemon/job_steps.hpp"
#include "daemon/lock_attempts.hpp"
#include "daemon/logging.hpp"
#include "daemon/sql.hpp"

namespace eidolon::daemon {

namespace {

// A failure after so long is a new one: its pauses begin short again.
constexpr std::chrono::minutes calm_after{2};
constexpr std::chrono::milliseconds look_at_queue_every{1000};
// PostgreSQL prints an index as it is now, beside rows of the catalog as the snapshot has them: in the moment in which
// REINDEX CONCURRENTLY exchanges one, the table seems to be altered. It is when it still seems so.
constexpr int altered_for_sure = 3;
// Of the server, in one state of a job: each is an outage for everybody, and the next one may be the job's doing, too.
constexpr int most_crashes = 2;
// Copies that end because of max_log: each has cost all that a copy costs, and the next one is no faster.
constexpr int most_full_logs = 2;
// A step that begins from nothing, and is broken off after so long, is worth a word; and is not tried for ever.
constexpr std::chrono::seconds worth_telling{10}, dear{60};
constexpr int most_dear_tries = 3;
constexpr std::chrono::minutes long_ago{10};

postgres::connect_options options_of_probe(const job& j, const job_surroundings& at) {
  auto options = at.control.options();
  options.application_name = plan::session_name(j.record.id, "load");
  return options;
}

}  // namespace

runner::runner(job& j, job_surroundings at)
    : j_{j},
      probe_{options_of_probe(j, at)},
      pace_{j, at.load, probe_.load()},
      job_{j, std::move(at), pace_, plan::fence{}} {
  job_.fence = job_.at.lead.current();
}

runner::~runner() { job_.at.slot.release(j_.record.id); }

asio::awaitable<void> runner::take_slot() {
  const auto describe = [this] {
    const auto& r = j_.record;
    const bool waits = r.paused || !job_.at.load.copy_denied.empty();
    return claim{r.id, r.settings.priority, r.state != state::queued, r.state == state::queued && waits};
  };
  if (job_.at.slot.holder() == j_.record.id) co_return;
  co_await beside(job_.at.slot.acquire(j_.record.id, describe), show_queue());
  pace_.waits_for({});
}

// Why it does not begin.
asio::awaitable<void> runner::show_queue() {
  const auto& slot = job_.at.slot;
  for (;;) {
    hold why;
    if (!job_.at.load.copy_denied.empty())
      why = {"window", job_.at.load.copy_denied};
    else if (const auto first = slot.holder())
      why = {"queue", fmt::format("one job copies at a time in a database, and job {} does", *first)};
    else if (const auto before = slot.expected(); before && j_.record.state == state::queued)
      why = {"queue", fmt::format("job {} has begun already, and goes first", *before)};
    if (j_.record.paused)
      pace_.show_pause();
    else
      pace_.waits_for(std::move(why));
    co_await j_.changed.wait(look_at_queue_every);
  }
}

// By now it is known what it came to. A note that cannot be written does not keep the job from going on.
asio::awaitable<void> runner::note_broken_attempt() {
  try {
    co_await note_attempt(job_);
  } catch (const postgres::statement_error& e) {
    if (postgres::may_pass(e) || e.sqlstate() == postgres::sqlstate::fenced) throw;
    log(spdlog::level::warn, fmt::format("an attempt could not be noted: {}", e.what()),
        {{"database", j_.database}, {"job", j_.record.id}});
    job_.attempts.unnoted.reset();
  }
}

// The story of a job: one step of it, and the state that follows.
asio::awaitable<state> runner::step() {
  co_await note_broken_attempt();
  if (j_.record.state == state::queued || needs_slot(j_.record.state)) co_await take_slot();
  switch (j_.record.state) {
    case state::queued:
      job_.at.attend();
      co_return state::preparing;
    case state::preparing:
      co_await prepare(job_);
      co_return state::copying;
    case state::copying:
      co_await copy(job_);
      co_return state::indexing;
    case state::indexing:
      co_await build_indexes(job_);
      co_return state::catching_up;
    case state::catching_up:
      co_await job_.catch_up();
      co_await check_new_foreign_keys(job_);
      co_await build_materialized_views(job_);
      co_return j_.record.settings.verify == config::verify_mode::full ? state::verifying : state::ready;
    case state::verifying:
      co_await verify(job_);
      co_return state::ready;
    case state::ready:
      co_await wait_until_wanted(job_);
      co_return state::cutting_over;
    case state::cutting_over:
      co_return co_await cut_over(job_);
    case state::validating:
      co_await validate(job_);
      co_return state::retaining;
    case state::retaining:
      co_await retain(job_);
      co_return state::done;
    case state::aborting:
      co_await clean_up(job_);
      co_return j_.record.end_state.value_or(state::aborted);
    case state::done:
    case state::failed:
    case state::aborted:
      break;
  }
  co_return j_.record.state;
}

asio::awaitable<void> runner::run() {
  while (!is_end(j_.record.state)) {
    std::exception_ptr failed;
    try {
      co_await act();
    } catch (...) {
      failed = std::current_exception();
    }
    pace_.end_phase();
    if (failed) co_await consider(failed);
  }
}

asio::awaitable<void> runner::act() {
  switch (next_) {
    case action::step:
      co_return co_await step_unless_aborted();
    case action::take_stock:
      co_return co_await take_stock();
    case action::clean_up:
      co_return co_await begin_clean_up();
    case action::restart:
      job_.attempts.of.clear();
      job_.attempts.looks = {};
      co_await begin_again(job_);
      co_await job_.note("source", reason_);
      co_await heed_full_logs();
      break;
    case action::hold:
      co_await job_.hold(reason_);
      held_ = true;
      break;
  }
  next_ = action::step;
}

asio::awaitable<void> runner::heed_full_logs() {
  if (!log_was_full_) co_return;
  const int times = j_.full_logs + 1;
  if (times >= most_full_logs) {
    co_await job_.hold(
        fmt::format("the copy has come to nothing {} times because the change log reached max_log; raise it, or let "
                    "the job copy faster; resume removes the full log and begins the copy again",
                    times));
    held_ = true;
  }
  j_.full_logs = times;
  log_was_full_ = false;
}

asio::awaitable<void> runner::step_and_record() {
  pace_.heed_pause(true);
  pace_.heed_hours(true);
  // Here, where the key and the load are still looked at.
  if (std::exchange(held_, false)) co_await job_.wait_while_paused();
  step_began_ = clock::now();
  const state next = co_await step();
  co_await job_.enter(next);
  failures_ = seems_altered_ = 0;
  trouble_ = {};
}

// A disk that is full would be filled again and again: the application's writes fail meanwhile.
bool runner::is_enough(const failure& f) {
  if (trouble_.code != f.code || trouble_.at != j_.record.state) trouble_ = {f.code, j_.record.state, 0};
  return f.most_tries > 0 && ++trouble_.times >= f.most_tries;
}

asio::awaitable<void> runner::step_unless_aborted() {
  error_.reset();
  const bool finished = co_await beside(step_beside_load(), abort_wanted());
  if (finished) co_return;
  // What the interrupted step did last is not known.
  unsure_ = true;
  next_ = action::take_stock;
  after_stock_ = action::clean_up;
}

asio::awaitable<void> runner::step_beside_load() { co_await beside(step_and_record(), watch_load()); }

bool runner::wants_abort() const { return j_.record.abort_requested && before_swap(j_.record.state); }

asio::awaitable<void> runner::abort_wanted() {
  while (!wants_abort() && !error_) co_await j_.changed.wait(std::chrono::hours{1});
}

// A command that is taken over while the record is on its way would be undone by it, as it was read before.
asio::awaitable<job_record> runner::load_record() {
  for (;;) {
    const int commands = j_.commands;
    auto record = co_await job_.at.store.load(j_.record.id);
    if (commands == j_.commands) co_return record;
  }
}

void runner::is_held_up(const std::string& why) {
  const auto& told = j_.live.held.entries();
  if (const auto found = told.find("retry"); found != told.end() && found->second.detail == why) return;
  log(spdlog::level::warn, why, {{"database", j_.database}, {"job", j_.record.id}});
  pace_.waits_for({"retry", why});
}

// What is known to be so: no transaction of this job is under way, and the record says how far it is.
asio::awaitable<void> runner::take_stock() {
  auto& lead = job_.at.lead;
  if (unsure_) co_await lead.settle(j_.record.id, [this](const std::string& why) { is_held_up(why); });
  job_.fence = lead.current();
  unsure_ = false;
  const auto before = j_.record.state;
  job_.known_backlog.reset();
  j_.record = co_await load_record();
  j_.read_at = clock::now();
  if (j_.record.state != before) job_.entered(j_.record.state);
  j_.live.progress = j_.record.progress;
  co_await read_progress(job_);
  next_ = std::exchange(after_stock_, action::step);
  if (next_ == action::hold && (j_.record.state != before || !may_hold())) next_ = action::step;  // it came through
  if (next_ == action::step && wants_abort()) next_ = action::clean_up;
  heed_crashes();
}

// Later a job cannot be held: it is about to remove what it made.
bool runner::may_hold() const { return before_swap(j_.record.state) || j_.record.state == state::validating; }

// An index build that takes more memory than there is takes it again, when it is begun again.
void runner::heed_crashes() {
  auto& c = j_.crashes;
  if (next_ != action::step || !may_hold() || c.at != j_.record.state || c.times < most_crashes) return;
  reason_ = fmt::format(
      "the server crashed {} times while this job was in state {}; look at the server's log; "
      "resume goes on",
      c.times, name_of(c.at));
  c = {};
  next_ = action::hold;
}

asio::awaitable<void> runner::begin_clean_up() {
  if (before_swap(j_.record.state)) {
    const auto end = error_ ? state::failed : state::aborted;
    co_await daemon::begin_clean_up(job_, end, error_);
  }
  next_ = action::step;
}

namespace {

// Its work is lost when it is broken off, or what of it is under way: it may be an index build of hours.
bool begins_from_nothing(state s) { return s == state::indexing || s == state::verifying; }

// So does a validation, but past the swap there is no way back, and a key is looked at again for days where a row
// violates it.
bool is_worth_telling(state s) { return begins_from_nothing(s) || s == state::validating; }

}  // namespace

// A step that is broken off again and again, by a watchdog, for want of memory, is not tried for ever where each try is
// dear. Where little is lost, and the log is to be applied, it is.
failure runner::judged_by_its_cost(failure f) const {
  const auto s = j_.record.state;
  if (f.code == out_of_memory && !works_hard(s)) f.most_tries = 0;
  const bool broken_off = f.kind == failure_kind::transient || f.kind == failure_kind::connection;
  if (broken_off && begins_from_nothing(s) && f.most_tries == 0 && clock::now() - step_began_ >= dear)
    f.most_tries = most_dear_tries;
  return f;
}

// A note that cannot be written does not keep the job from going on.
asio::awaitable<void> runner::tell_what_was_broken_off(const failure& f) {
  const std::chrono::duration<double> took = clock::now() - step_began_;
  if (!is_worth_telling(j_.record.state) || took < worth_telling) co_return;
  auto what = fmt::format("{} was broken off after {:.0f} s: {}", name_of(j_.record.state), took.count(), f.message);
  try {
    co_await job_.note("warning", std::move(what));
  } catch (const postgres::error&) {
  }
}

asio::awaitable<void> runner::consider(std::exception_ptr failed) {
  auto f = judged_by_its_cost(classify(failed));
  co_await recognise_the_source(f);
  auto r = react(f.kind, j_.record.state);
  if (r == reaction::stop) std::rethrow_exception(failed);
  const auto now = clock::now();
  if (now - last_failure_ > calm_after) failures_ = seems_altered_ = 0;
  const bool copies = j_.record.state == state::copying;  // chunk by chunk: one that failed long ago is done by now
  if (copies && now - last_failure_ > long_ago) trouble_ = {};
  last_failure_ = now;
  if (f.code == "source_altered" && ++seems_altered_ < altered_for_sure) r = reaction::retry;
  ++failures_;
  log(spdlog::level::warn, f.message,
      {{"database", j_.database}, {"job", j_.record.id}, {"state", name_of(j_.record.state)}, {"code", f.code}});
  // What is done about a failure may fail in its turn: that is tried again, whatever it was.
  const bool stepping = next_ == action::step;
  const bool enough = stepping && may_hold() && (r == reaction::retry || r == reaction::take_stock) && is_enough(f);
  if (enough && r == reaction::retry) r = reaction::hold;
  if (stepping || r == reaction::take_stock) decide(r, f);
  if (enough && r == reaction::take_stock) {
    give_reason_to_hold(f);
    after_stock_ = action::hold;
  }
  if (stepping && (r == reaction::retry || r == reaction::take_stock)) co_await tell_what_was_broken_off(f);
  if (!stepping || r == reaction::retry || (r == reaction::take_stock && failures_ > 1)) co_await wait_before_retry(f);
}

void runner::give_reason_to_hold(const failure& f) {
  reason_ = f.message;
  if (f.most_tries > 0) reason_ += fmt::format("; after {} attempts; resume tries again", f.most_tries);
  trouble_ = {};
}

void runner::decide(reaction r, const failure& f) {
  switch (r) {
    case reaction::take_stock:
      unsure_ = true;
      if (next_ != action::take_stock) after_stock_ = next_;
      next_ = action::take_stock;
      break;
    case reaction::fail:
      error_ = to_json(f);
      next_ = action::clean_up;
      break;
    case reaction::restart:
      reason_ = f.message;
      log_was_full_ = f.code == log_is_full;
      next_ = action::restart;
      break;
    case reaction::hold:
      give_reason_to_hold(f);
      next_ = action::hold;
      break;
    case reaction::retry:
    case reaction::stop:
      break;
  }
}

asio::awaitable<void> runner::wait_before_retry(const failure& f) {
  pace_.waits_for({"retry", f.message});
  co_await j_.changed.wait(retry_pause(failures_, jitter()));
}

}  // namespace eidolon::daemon
