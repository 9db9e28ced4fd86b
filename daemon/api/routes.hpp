// The API's routes: one table, from which requests are dispatched and against which a test
// holds openapi.json.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "daemon/api/message.hpp"
#include "daemon/api/target.hpp"
#include "daemon/service.hpp"

namespace eidolon::daemon::api {

// A request that found its route.
struct call {
  const request& message;
  target where;
  std::int64_t id{};
};

// An event stream that takes the place of a response.
struct event_feed {
  std::int64_t job{};
  std::int64_t after{};  // the last event that the client has seen
};

struct reply {
  response message;
  std::optional<event_feed> follow;
};

struct route {
  http::verb method;
  std::string_view pattern;
  std::string_view summary;
  std::string_view query;  // the parameters it knows, separated by spaces
  surface offered_on;      // monitoring: on both listeners
  boost::asio::awaitable<reply> (*handle)(service&, call);
};

std::span<const route> routes();

// Answers a request whatever happens: every error becomes a problem document. `message` must
// outlive the coroutine.
boost::asio::awaitable<reply> answer(service& svc, surface offered, const request& message);

}  // namespace eidolon::daemon::api
