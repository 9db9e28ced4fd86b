// Waiting and recording, as every step of a job does it.
#include "daemon/job_context.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <random>

#include "daemon/logging.hpp"
#include "triggers/triggers.hpp"

namespace eidolon::daemon {

namespace {

// The outcome as a value: a parallel group waits on for its other members when one throws.
asio::awaitable<std::exception_ptr> caught(asio::awaitable<void> work) {
  try {
    co_await std::move(work);
  } catch (...) {
    co_return std::current_exception();
  }
  co_return nullptr;
}

}  // namespace

double jitter() {
  static std::minstd_rand engine{std::random_device{}()};
  return std::uniform_real_distribution<double>{0, 1}(engine);
}

asio::awaitable<bool> beside(asio::awaitable<void> work, asio::awaitable<void> companion) {
  using namespace asio::experimental::awaitable_operators;
  const auto first = co_await (caught(std::move(work)) || caught(std::move(companion)));
  const auto* failure = first.index() == 0 ? &std::get<0>(first) : &std::get<1>(first);
  if (*failure) std::rethrow_exception(*failure);
  co_return first.index() == 0;
}

asio::awaitable<void> job_context::catch_up(bool closely) {
  if (!known_backlog) {
    const auto& p = plan();
    copier::switch_function switch_log = [this, &p](postgres::connection& c, int generation) {
      return triggers::switch_log(c, p, generation, pace.settings().max_log);
    };
    known_backlog = std::make_unique<copier::backlog>(p, std::move(switch_log));
  }
  std::exception_ptr failure;
  try {
    const auto left = co_await known_backlog->catch_up(at.pool, fence, pace, closely);
    tell_backlog(j, left);
    tell_convergence(j, false);
    co_return;
  } catch (...) {
    failure = std::current_exception();
  }
  known_backlog.reset();  // how far it came is not known
  std::rethrow_exception(failure);
}

std::string job_context::session(std::string_view activity) const { return plan::session_name(j.record.id, activity); }

state_change job_context::change_to(state s) const {
  state_change c;
  c.job = j.record.id;
  c.from = j.record.state;
  c.to = s;
  c.progress = j.live.progress;
  return c;
}

void job_context::entered(state s) {
  const auto now = clock::now();
  const auto from = j.record.state;
  auto& states = j.record.timings["states"];
  if (!states.is_object()) states = json::object{};
  auto& seconds = states.as_object()[name_of(from)];
  const double before = seconds.is_number() ? seconds.to_number<double>() : 0;
  seconds = before + j.record.state_seconds + std::chrono::duration<double>{now - j.read_at}.count();
  if (j.record.swapped_seconds) j.record.swapped_seconds = seconds_since_swap(j, now);
  if (s == state::retaining) j.record.swapped_seconds = 0;
  j.record.state_seconds = 0;
  j.read_at = now;
  j.record.state = s;
  tell_state(j);
  const auto* way = find_transition(from, s);
  log(spdlog::level::info, way ? way->comment : "the job goes on",
      {{"database", j.database}, {"job", j.record.id}, {"table", j.record.relation}, {"state", name_of(s)}});
  j.changed.notify_all();
}

asio::awaitable<void> job_context::enter(state s) {
  if (j.record.state == s) co_return;
  j.record.started_at = co_await at.store.change(change_to(s), fence);
  entered(s);
}

asio::awaitable<void> job_context::note(std::string kind, std::string message, json::object detail) {
  json::object fields{{"database", j.database}, {"job", j.record.id}, {"kind", kind}};
  log(spdlog::level::info, message, fields);
  event e{j.record.id, std::move(kind), std::move(message), std::move(detail)};
  co_await at.store.note(std::move(e), fence);
  j.changed.notify_all();
}

asio::awaitable<void> job_context::hold(std::string reason) {
  const bool held = co_await at.store.hold(j.record.id, j.record.state, reason, fence);
  if (!held) co_return;
  log(spdlog::level::warn, reason, {{"database", j.database}, {"job", j.record.id}});
  ++j.commands;
  set_paused(j, true, std::move(reason));
  j.changed.notify_all();
}

asio::awaitable<void> job_context::wait_while_paused() {
  if (!j.record.paused) co_return;
  while (j.record.paused) {
    pace.show_pause();
    co_await j.changed.wait(std::chrono::seconds{1});
  }
  pace.show_pause();
}

}  // namespace eidolon::daemon
