#include "daemon/api/connection.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>
#include <utility>

#include "daemon/api/problem_document.hpp"
#include "daemon/api/target.hpp"
#include "daemon/logging.hpp"

namespace eidolon::daemon::api {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
using parser = http::request_parser<http::string_body>;

// How much of a refused request is read away before the connection is closed: a close with
// unread data would destroy the answer before the client has read it.
constexpr std::size_t discard_limit = 4 * 1024 * 1024;

std::optional<problem> problem_of(error_code failed, const limits& l) {
  if (failed == http::error::body_limit || failed == http::error::buffer_overflow) {
    return make_problem(http::status::payload_too_large, "body_too_large",
                        fmt::format("The request's body is larger than {} bytes.", l.body_bytes),
                        "Send a smaller one.");
  }
  if (failed == http::error::header_limit) {
    return make_problem(http::status::request_header_fields_too_large, "header_too_large",
                        fmt::format("The request's header is larger than {} bytes.", l.header_bytes),
                        "Send fewer or shorter header fields.");
  }
  const bool gone = failed == http::error::end_of_stream || failed == http::error::partial_message;
  if (gone || failed.category() != make_error_code(http::error::end_of_stream).category()) return std::nullopt;
  return make_problem(http::status::bad_request, "malformed_http",
                      fmt::format("The request is not HTTP/1.1: {}.", failed.message()), "Send HTTP/1.1.");
}

asio::awaitable<error_code> write_response(stream& client, response& message, const limits& l) {
  client.expires_after(l.response_timeout);
  auto [failed, size] = co_await http::async_write(client, message, as_result);
  co_return failed;
}

// curl asks before it sends a large body, and waits a second for the answer.
asio::awaitable<void> invite_body(stream& client, const parser& p) {
  if (!beast::iequals(p.get()[http::field::expect], "100-continue")) co_return;
  http::response<http::empty_body> go_on{http::status::continue_, 11};
  co_await http::async_write(client, go_on, as_result);
}

// The whole request has to arrive within one timeout, however slowly its bytes drip in.
asio::awaitable<error_code> read_request(stream& client, beast::flat_buffer& buffer, parser& p, const limits& l) {
  client.expires_after(l.request_timeout);
  auto [failed, size] = co_await http::async_read_header(client, buffer, p, as_result);
  if (failed) co_return failed;
  co_await invite_body(client, p);
  auto [failed_later, more] = co_await http::async_read(client, buffer, p, as_result);
  co_return failed_later;
}

asio::awaitable<void> discard_rest(stream& client, const limits& l) {
  error_code ignored;
  client.socket().shutdown(asio::socket_base::shutdown_send, ignored);
  client.expires_after(l.stop_grace);
  std::array<char, 16 * 1024> bytes;
  for (std::size_t discarded = 0; discarded < discard_limit;) {
    auto [failed, size] = co_await client.async_read_some(asio::buffer(bytes), as_result);
    if (failed) break;
    discarded += size;
  }
}

// A connection on which a request went wrong has lost its place between requests, so it ends.
asio::awaitable<void> reject(stream& client, problem p, const limits& l) {
  auto message = problem_response(p);
  message.keep_alive(false);
  const auto failed = co_await write_response(client, message, l);
  if (!failed) co_await discard_rest(client, l);
}

void finish(response& answer, const request& to, bool last) {
  answer.version(to.version());
  answer.keep_alive(to.keep_alive() && !last);
  if (to.method() == http::verb::head) answer.body().clear();  // its length stays announced
}

void log_request(const request& r, unsigned status) {
  const auto level =
      r.method() == http::verb::get || r.method() == http::verb::head ? spdlog::level::debug : spdlog::level::info;
  const std::string_view method{r.method_string().data(), r.method_string().size()};
  const auto where = target_for_log({r.target().data(), r.target().size()});
  log(level, "request", {{"method", method}, {"target", where}, {"status", status}});
}

// False when the connection has to end.
asio::awaitable<bool> respond(connection& c, service& svc, const request& message, const limits& l) {
  c.busy = true;
  auto r = co_await answer(svc, c.offered, message);
  log_request(message, r.follow ? 200 : r.message.result_int());
  if (r.follow) {
    c.busy = false;  // a stream need not be waited for
    if (!c.stopping) co_await stream_events(c.client, svc, *r.follow, l);
    co_return false;
  }
  finish(r.message, message, c.stopping);
  const auto failed = co_await write_response(c.client, r.message, l);
  c.busy = false;
  co_return !failed && r.message.keep_alive() && !c.stopping;
}

}  // namespace

asio::awaitable<void> serve(std::shared_ptr<connection> c, service& svc, limits l) {
  beast::flat_buffer buffer;
  for (bool open = true; open && !c->stopping;) {
    parser p;
    p.header_limit(l.header_bytes);
    p.body_limit(l.body_bytes);
    const auto failed = co_await read_request(c->client, buffer, p, l);
    if (!failed) {
      open = co_await respond(*c, svc, p.get(), l);
      continue;
    }
    if (auto wrong = problem_of(failed, l)) co_await reject(c->client, std::move(*wrong), l);
    open = false;
  }
  c->client.close();
}

asio::awaitable<void> refuse(std::shared_ptr<connection> c, limits l) {
  auto p = make_problem(http::status::service_unavailable, "too_many_connections",
                        fmt::format("There are {} connections already.", l.connections), "Close some, and try again.");
  l.response_timeout = l.stop_grace;
  co_await reject(c->client, std::move(p), l);
  c->client.close();
}

}  // namespace eidolon::daemon::api
