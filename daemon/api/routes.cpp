#include "daemon/api/routes.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <set>
#include <string>
#include <utility>

#include "daemon/api/handlers.hpp"
#include "daemon/api/problem_document.hpp"

namespace eidolon::daemon::api {
namespace {

namespace asio = boost::asio;
using enum http::verb;
using enum surface;

constexpr std::array<route, 17> table{{
    {post, "/v1/jobs", "Submit a job", "", control, handlers::submit},
    {post, "/v1/plan", "What a job would do, without doing it", "", control, handlers::plan},
    {get, "/v1/jobs", "All jobs", "", control, handlers::jobs},
    {get, "/v1/jobs/{id}", "One job", "", control, handlers::job},
    {get, "/v1/jobs/{id}/events", "The job's history, or a stream of its events", "after follow", control,
     handlers::events},
    {post, "/v1/jobs/{id}/pause", "Hold the job", "", control, handlers::command<&service::pause>},
    {post, "/v1/jobs/{id}/resume", "Let a paused job go on", "", control, handlers::command<&service::resume>},
    {post, "/v1/jobs/{id}/cutover", "Swap the tables as soon as possible", "", control,
     handlers::command<&service::cutover>},
    {post, "/v1/jobs/{id}/abort", "Give the job up and remove what it made", "", control,
     handlers::command<&service::abort>},
    {post, "/v1/jobs/{id}/drop-old", "Drop the old table now", "", control, handlers::command<&service::drop_old>},
    {patch, "/v1/jobs/{id}/settings", "Change settings of a job", "", control, handlers::change_settings},
    {get, "/v1/databases", "The databases, their leaders and replicas", "", control, handlers::databases},
    {post, "/v1/forget-replica", "Let jobs go on without a replica that is gone", "database replica", control,
     handlers::forget_replica},
    {get, "/v1/openapi.json", "This description", "", control, handlers::openapi},
    {get, "/metrics", "Metrics for Prometheus", "", monitoring, handlers::metrics},
    {get, "/healthz", "Whether the daemon runs", "", monitoring, handlers::healthz},
    {get, "/readyz", "Whether every database is reached and led", "", monitoring, handlers::readyz},
}};

// A path's routes: the one for the method, and the methods there are.
struct found_route {
  const route* right{};
  std::string_view id;
  std::set<std::string_view> methods;  // sorted, as Allow lists them
};

found_route find_route(surface offered, http::verb method, std::string_view path) {
  found_route found;
  const auto wanted = method == head ? get : method;
  for (const auto& r : table) {
    const auto id = match_pattern(r.pattern, path);
    if (!id || (offered == monitoring && r.offered_on != monitoring)) continue;
    found.methods.insert(http::to_string(r.method));
    if (r.method == get) found.methods.insert(http::to_string(head));
    if (r.method != wanted) continue;
    found.right = &r;
    found.id = *id;
  }
  return found;
}

problem no_such_route(surface offered, std::string_view path) {
  return make_problem(http::status::not_found, "no_such_route", fmt::format("There is nothing at {}.", path),
                      offered == monitoring ? "The control API is on the daemon's Unix socket."
                                            : "GET /v1/openapi.json lists what there is.");
}

reply wrong_method(const request& message, std::string_view path, const found_route& found) {
  reply r{problem_response(
              make_problem(http::status::method_not_allowed, "method_not_allowed",
                           fmt::format("{} does not take {}.", path, std::string_view{message.method_string()}),
                           fmt::format("It takes {}.", fmt::join(found.methods, ", ")))),
          {}};
  r.message.set(http::field::allow, fmt::format("{}", fmt::join(found.methods, ", ")));
  return r;
}

std::int64_t parse_id(std::string_view text) {
  std::int64_t id{};
  if (text.empty()) return id;  // a route without one
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || rest != text.data() + text.size()) {
    auto unknown = make_problem(http::status::not_found, "no_such_job", fmt::format("There is no job {}.", text),
                                "A job is named by the number that its submission returned; GET /v1/jobs lists them.");
    unknown.title = "No such job";  // as the daemon says it of a number
    throw unknown;
  }
  return id;
}

void expect_known_parameters(const route& r, const target& where) {
  for (const auto& [name, value] : where.query) {
    const auto known = fmt::format(" {} ", r.query);
    if (!name.empty() && known.find(fmt::format(" {} ", name)) != std::string::npos) continue;
    throw make_problem(http::status::bad_request, "invalid_request",
                       fmt::format("{} has no parameter {}.", r.pattern, json::serialize(json::string{name})),
                       "GET /v1/openapi.json describes every request.");
  }
}

asio::awaitable<reply> dispatch(service& svc, surface offered, const request& message) {
  const std::string_view text{message.target().data(), message.target().size()};
  auto where = parse_target(text);
  if (!where) {
    throw make_problem(http::status::bad_request, "malformed_target", "The request's target is malformed.",
                       "Send a path, and percent-encoded parameters after a question mark, in UTF-8.");
  }
  const auto found = find_route(offered, message.method(), where->path);
  if (found.methods.empty()) throw no_such_route(offered, where->path);
  if (found.right == nullptr) co_return wrong_method(message, where->path, found);
  expect_known_parameters(*found.right, *where);
  call c{message, std::move(*where), parse_id(found.id)};
  co_return co_await found.right->handle(svc, std::move(c));
}

}  // namespace

std::span<const route> routes() { return table; }

asio::awaitable<reply> answer(service& svc, surface offered, const request& message) {
  std::exception_ptr failure;
  try {
    co_return co_await dispatch(svc, offered, message);
  } catch (...) {
    failure = std::current_exception();
  }
  const std::string_view method{message.method_string().data(), message.method_string().size()};
  const std::string_view text{message.target().data(), message.target().size()};
  co_return reply{problem_response(problem_from(failure, fmt::format("{} {}", method, text))), {}};
}

}  // namespace eidolon::daemon::api
