// A job's events as they come. The stream ends with the job, so that a client can read it to its end.
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/write.hpp>

#include "config/version.hpp"
#include "daemon/api/connection.hpp"
#include "daemon/api/event_frame.hpp"
#include "daemon/api/problem_document.hpp"
#include "daemon/states.hpp"

namespace eidolon::daemon::api {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// What there is to write, and what was written last.
class event_source {
 public:
  event_source(service& svc, event_feed feed, limits l) : service_{svc}, feed_{feed}, limits_{l} {}

  // The frames that are due now, or a heartbeat when nothing has been written for long; may be empty.
  asio::awaitable<std::string> next() {
    // The state is read first: events that led to an end state are there once it is seen.
    const auto job = co_await service_.job(feed_.job);
    const auto state = state_from(job.at("state").as_string());
    std::string frames;
    const auto events = co_await service_.events(feed_.job, feed_.after);
    ended_ = state && is_end(*state);
    complete_ = ended_ && events.empty();
    for (const auto& event : events) {
      frames += event_frame(event.as_object());
      feed_.after = event.at("seq").as_int64();
    }
    const auto now = std::chrono::steady_clock::now();
    if (frames.empty() && now - last_written_ >= limits_.heartbeat) frames = heartbeat_frame;
    if (!frames.empty()) last_written_ = now;
    co_return frames;
  }

  bool ended() const { return ended_; }
  bool complete() const { return complete_; }  // it has ended, and all of its events have been given out

  asio::awaitable<void> wait() {
    asio::steady_timer heartbeat{co_await asio::this_coro::executor, limits_.heartbeat};
    co_await (service_.wait_for_event(feed_.job) || heartbeat.async_wait(asio::use_awaitable));
  }

 private:
  service& service_;
  event_feed feed_;
  limits limits_;
  bool ended_{}, complete_{};
  std::chrono::steady_clock::time_point last_written_{std::chrono::steady_clock::now()};
};

asio::awaitable<bool> write_text(stream& client, std::string text, limits l) {
  client.expires_after(l.response_timeout);
  auto [failed, size] = co_await asio::async_write(client, asio::buffer(text), as_result);
  co_return !failed;
}

asio::awaitable<void> write_until_the_end(stream& client, event_source& source, limits l) {
  for (bool open = true; open;) {
    auto frames = co_await source.next();
    if (!frames.empty()) open = co_await write_text(client, std::move(frames), l);
    if (source.complete()) co_return;
    if (open && !source.ended()) co_await source.wait();
  }
}

asio::awaitable<void> write_events(stream& client, service& svc, event_feed feed, limits l) {
  event_source source{svc, feed, l};
  std::exception_ptr failure;
  try {
    co_await write_until_the_end(client, source, l);
  } catch (...) {
    failure = std::current_exception();
  }
  const auto cancelled = co_await asio::this_coro::cancellation_state;
  if (!failure || cancelled.cancelled() != asio::cancellation_type::none) co_return;
  const auto p = problem_from(failure, fmt::format("events of job {}", feed.job));
  co_await write_text(client, problem_frame(problem_document(p)), l);
}

// A client that leaves is noticed at once, and not with the next event.
asio::awaitable<void> until_gone(stream& client) {
  std::array<char, 256> ignored;
  for (bool open = true; open;) {
    auto [failed, size] = co_await client.async_read_some(asio::buffer(ignored), as_result);
    open = !failed;
  }
}

}  // namespace

asio::awaitable<void> stream_events(stream& client, service& svc, event_feed feed, limits l) {
  http::response<http::empty_body> head{http::status::ok, 11};
  head.set(http::field::server, fmt::format("eidolond/{}", config::version));
  head.set(http::field::content_type, "text/event-stream");
  head.set(http::field::cache_control, "no-cache");
  head.keep_alive(false);  // no length is known: the end of the connection is the end of the stream
  http::response_serializer<http::empty_body> serializer{head};
  client.expires_after(l.response_timeout);
  auto [failed, size] = co_await http::async_write_header(client, serializer, as_result);
  if (failed) co_return;
  // The read goes first: a timeout that is set while it is pending is the writes' alone.
  client.expires_never();
  co_await (until_gone(client) || write_events(client, svc, feed, l));
}

}  // namespace eidolon::daemon::api
