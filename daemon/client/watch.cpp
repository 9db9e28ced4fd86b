#include "daemon/client/watch.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <thread>

#include "daemon/client/job_reader.hpp"
#include "daemon/client/outcome.hpp"
#include "daemon/client/present.hpp"

namespace eidolon::client {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto poll_interval = 250ms;                           // for people
constexpr auto wait_interval = 50ms;                            // for programs: what they do next may hang on it
constexpr auto patience = 30s;                                  // with a daemon that was there and is away
constexpr std::chrono::milliseconds shortest_answer_time = 1s;  // however little of --timeout is left
constexpr auto line_interval = 5s;  // between plain lines when nothing but the figures change

// What is away now may come back: nobody listens, the database is not reached, or the jobs are not loaded yet.
bool may_pass(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const unreachable&) {
    return true;
  } catch (const refused& e) {
    return e.status == 503 || e.status == 404;
  } catch (...) {
    return false;
  }
}

class display {
 public:
  virtual ~display() = default;
  virtual void show(const json::value& job) = 0;
  virtual void finish() {}
};

class json_lines final : public display {
 public:
  explicit json_lines(std::FILE* out) : out_{out} {}
  void show(const json::value& job) override {
    fmt::print(out_, "{}\n", json::serialize(job));
    std::fflush(out_);
  }

 private:
  std::FILE* out_;
};

class plain_lines final : public display {
 public:
  explicit plain_lines(std::FILE* out) : out_{out} {}
  void show(const json::value& job) override {
    const auto state = state_and_reasons(job);
    const auto now = steady_clock::now();
    const bool rated = number_at(job, "/rate/rows_per_second").value_or(0) > 0;
    const bool news = state != last_state_ || (rated && !rated_);
    if (!news && now - last_shown_ < line_interval) return;
    last_state_ = state;
    rated_ = rated;
    last_shown_ = now;
    fmt::print(out_, "{}\n", progress_line(job));
    std::fflush(out_);
  }

 private:
  std::FILE* out_;
  std::string last_state_;
  bool rated_{};  // the last line has a rate: a copy that is shorter than the interval is to have one too
  steady_clock::time_point last_shown_;
};

// One line that is written over; each state leaves its last one behind.
class bar final : public display {
 public:
  explicit bar(std::FILE* out) : out_{out} {}
  void show(const json::value& job) override {
    const auto state = text_at(job, "/state");
    if (!last_state_.empty() && state != last_state_) fmt::print(out_, "\n");
    last_state_ = state;
    fmt::print(out_, "\r\x1b[K{}", progress_bar(job, terminal_width(), std::chrono::system_clock::now()));
    std::fflush(out_);
  }
  void finish() override {
    if (!last_state_.empty()) fmt::print(out_, "\n");
    std::fflush(out_);
  }

 private:
  std::size_t terminal_width() const {
    winsize size{};
    const bool known = ::ioctl(::fileno(out_), TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return known ? size.ws_col - 1U : 79U;
  }

  std::FILE* out_;
  std::string last_state_;
};

std::unique_ptr<display> make_display(std::FILE* out, bool json) {
  if (json) return std::make_unique<json_lines>(out);
  if (::isatty(::fileno(out)) != 0) return std::make_unique<bar>(out);
  return std::make_unique<plain_lines>(out);
}

void tell_ending(const json::value& job, outcome how, std::FILE* out, bool json) {
  if (how == outcome::impossible) {
    fmt::print(stderr, "eidolon: {}\n", ending(job));
  } else if (!json) {
    fmt::print(out, "{}\n", ending(job));
  }
}

exit_status status_of(outcome how) { return how == outcome::reached ? exit_status::done : exit_status::failed; }

}  // namespace

std::optional<json::value> job_poll::next(std::chrono::milliseconds at_most) {
  std::exception_ptr failure;
  try {
    auto job = link_.ask(verb::get, fmt::format("/v1/jobs/{}", id_), {}, at_most);
    last_seen_ = steady_clock::now();
    return job;
  } catch (...) {
    failure = std::current_exception();
  }
  const bool patient = last_seen_ && steady_clock::now() - *last_seen_ < patience;
  if (!patient || !may_pass(failure)) std::rethrow_exception(failure);
  return std::nullopt;
}

exit_status watch(const daemon_link& link, const options& o, std::int64_t id, std::FILE* out) {
  job_poll poll{link, id};
  const auto shown = make_display(out, o.json);
  for (;; std::this_thread::sleep_for(poll_interval)) {
    const auto job = poll.next();
    if (!job) continue;
    shown->show(*job);
    const auto how = toward_the_end(*job);
    if (how == outcome::possible) continue;
    shown->finish();
    tell_ending(*job, how, out, o.json);
    return status_of(how);
  }
}

exit_status wait(const daemon_link& link, const options& o) {
  using seconds = std::chrono::duration<double>;
  const auto begun = steady_clock::now();
  job_poll poll{link, o.id};
  const auto left = [&]() -> std::chrono::milliseconds {
    if (!o.timeout) return daemon_link::answer_timeout;
    const auto until_then = seconds{*o.timeout} - (steady_clock::now() - begun);
    return std::clamp(std::chrono::ceil<std::chrono::milliseconds>(until_then), shortest_answer_time,
                      daemon_link::answer_timeout);
  };
  for (;; std::this_thread::sleep_for(wait_interval)) {
    const auto job = poll.next(left());
    const auto state = job ? text_at(*job, "/state") : std::string{};
    auto how = outcome::possible;
    if (job) how = o.state.empty() ? toward_the_end(*job) : toward(o.state, state);
    if (how != outcome::possible) {
      if (o.json) fmt::print("{}\n", json::serialize(*job));
      if (how == outcome::impossible) fmt::print(stderr, "eidolon: {}\n", ending(*job));
      return status_of(how);
    }
    if (o.timeout && steady_clock::now() - begun >= seconds{*o.timeout}) {
      throw timed_out{
          fmt::format("job {} is {} after {} seconds", o.id, state.empty() ? "out of sight" : state, *o.timeout)};
    }
  }
}

exit_status follow_events(const daemon_link& link, const options& o) {
  std::int64_t seen = 0;
  const auto print = [&](const json::object& event) {
    fmt::print("{}\n", o.json ? json::serialize(event) : event_line(event));
    std::fflush(stdout);
    seen = event.at("seq").as_int64();
  };
  job_poll poll{link, o.id};
  for (;; std::this_thread::sleep_for(poll_interval)) {
    const auto job = poll.next();
    if (!job) continue;
    std::exception_ptr failure;
    try {
      link.follow(o.id, seen, print);
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure && !may_pass(failure)) std::rethrow_exception(failure);
    // The stream of a job that had ended before it began is complete.
    const auto state = text_at(*job, "/state");
    if (!failure && (state == "done" || state == "failed" || state == "aborted")) return exit_status::done;
  }
}

}  // namespace eidolon::client
