#include "daemon/client/daemon_link.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <future>
#include <utility>

#include "config/version.hpp"
#include "daemon/client/event_parser.hpp"

namespace eidolon::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using boost::system::system_error;
using stream = beast::basic_stream<asio::local::stream_protocol>;
using request = http::request<http::string_body>;
using response_parser = http::response_parser<http::string_body>;

// The daemon sends a heartbeat every 15 seconds.
constexpr std::chrono::seconds silence_timeout{60};

template <typename T>
T run(asio::io_context& context, asio::awaitable<T> activity) {
  auto result = asio::co_spawn(context, std::move(activity), asio::use_future);
  context.run();
  return result.get();
}

std::string advice_for(const error_code& failed) {
  if (failed == asio::error::access_denied) return "Run as a user who may open the socket (socket_mode in [listen]).";
  return "Start eidolond, or name its control socket with --socket or EIDOLON_SOCKET.";
}

[[noreturn]] void fail(const std::string& socket_path, const error_code& failed) {
  if (failed == beast::error::timeout) {
    throw timed_out{fmt::format("the daemon on {} did not answer in time", socket_path)};
  }
  throw unreachable{fmt::format("no daemon answers on {}: {}", socket_path, failed.message()), advice_for(failed)};
}

request make_request(verb method, const std::string& target, const std::optional<json::value>& body) {
  request r{method, target, 11};
  r.set(http::field::host, "localhost");
  r.set(http::field::user_agent, fmt::format("eidolon/{}", config::version));
  r.keep_alive(false);
  if (body) {
    r.set(http::field::content_type, "application/json");
    r.body() = json::serialize(*body);
  }
  r.prepare_payload();
  return r;
}

asio::awaitable<void> send(stream& s, const std::string& socket_path, const request& message,
                           std::chrono::milliseconds at_most) {
  s.expires_after(at_most);
  co_await s.async_connect(asio::local::stream_protocol::endpoint{socket_path}, asio::use_awaitable);
  co_await http::async_write(s, message, asio::use_awaitable);
}

asio::awaitable<http::response<http::string_body>> exchange(stream& s, const std::string& socket_path,
                                                            const request& message, std::chrono::milliseconds at_most) {
  co_await send(s, socket_path, message, at_most);
  beast::flat_buffer buffer;
  response_parser parser;
  parser.body_limit(boost::none);
  co_await http::async_read(s, buffer, parser, asio::use_awaitable);
  co_return parser.release();
}

json::value parse_answer(unsigned status, const std::string& body) {
  error_code failed;
  auto answer = json::parse(body, failed);
  if (failed || (status >= 400 && !answer.is_object())) {
    throw unreachable{fmt::format("the answer, with status {}, is not a daemon's", status),
                      "Check what listens on the socket."};
  }
  if (status >= 400) throw refused{status, std::move(answer.get_object())};
  return answer;
}

// Reads the body as it comes. A connection that is lost ends the stream like its end does.
asio::awaitable<void> read_events(stream& s, const std::string& socket_path, const request& message,
                                  event_parser& events) {
  co_await send(s, socket_path, message, daemon_link::answer_timeout);
  beast::flat_buffer buffer;
  response_parser parser;
  parser.body_limit(boost::none);
  co_await http::async_read_header(s, buffer, parser, asio::use_awaitable);
  const auto status = parser.get().result_int();
  error_code ended;
  while (!ended && !parser.is_done()) {
    s.expires_after(silence_timeout);
    co_await http::async_read_some(s, buffer, parser, asio::redirect_error(asio::use_awaitable, ended));
    if (status >= 400) continue;
    events.feed(std::exchange(parser.get().body(), {}));
  }
  if (status >= 400) parse_answer(status, parser.get().body());
}

}  // namespace

refused::refused(unsigned http_status, json::object problem)
    : std::runtime_error{"refused"}, status{http_status}, document{std::move(problem)} {}

json::value daemon_link::ask(verb method, const std::string& target, const std::optional<json::value>& body,
                             std::chrono::milliseconds at_most) const {
  const auto message = make_request(method, target, body);
  asio::io_context context;
  stream s{context};
  try {
    const auto answer = run(context, exchange(s, socket_path_, message, at_most));
    return parse_answer(answer.result_int(), answer.body());
  } catch (const system_error& e) {
    fail(socket_path_, e.code());
  }
}

void daemon_link::follow(std::int64_t job, std::int64_t after,
                         const std::function<void(const json::object&)>& on_event) const {
  const auto message = make_request(verb::get, fmt::format("/v1/jobs/{}/events?follow=1&after={}", job, after), {});
  event_parser events{[&](std::string_view name, std::string_view data) {
    const auto event = json::parse({data.data(), data.size()}).as_object();
    if (name == "problem") throw refused{static_cast<unsigned>(event.at("status").as_int64()), event};
    on_event(event);
  }};
  asio::io_context context;
  stream s{context};
  try {
    run(context, read_events(s, socket_path_, message, events));
  } catch (const system_error& e) {
    fail(socket_path_, e.code());
  }
}

}  // namespace eidolon::client
