#include "daemon/api/handlers.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "daemon/api/body.hpp"
#include "daemon/api/openapi.hpp"
#include "daemon/api/problem_document.hpp"

namespace eidolon::daemon::api::handlers {
namespace {

constexpr std::string_view plain_text = "text/plain; charset=utf-8";

reply ok(const json::value& v) { return {json_response(http::status::ok, v), {}}; }

problem bad_parameter(std::string_view name, std::string_view expects) {
  return make_problem(http::status::bad_request, "invalid_request", fmt::format("{} must be {}.", name, expects),
                      "GET /v1/openapi.json describes every request.");
}

std::int64_t sequence_number(std::string_view name, std::string_view text) {
  std::int64_t n{};
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || rest != text.data() + text.size() || n < 0) {
    throw bad_parameter(name, "the number of an event");
  }
  return n;
}

// A client that connects again tells where it was by Last-Event-ID, as browsers do.
std::int64_t last_seen_event(const call& c) {
  if (const auto header = c.message.find("Last-Event-ID"); header != c.message.end()) {
    return sequence_number("Last-Event-ID", header->value());
  }
  const auto after = c.where.query.find("after");
  return after == c.where.query.end() ? 0 : sequence_number("after", after->second);
}

bool wants_to_follow(const call& c) {
  const auto follow = c.where.query.find("follow");
  if (follow == c.where.query.end() || follow->second == "0") return false;
  if (follow->second != "1") throw bad_parameter("follow", "0 or 1");
  return c.message.method() != http::verb::head;
}

// A list of jobs shows of these what was known last, if anything.
json::array unreachable(const json::array& databases) {
  json::array found;
  for (const auto& d : databases)
    if (!d.at("reachable").as_bool()) found.push_back(json::object{{"name", d.at("name")}, {"error", d.at("error")}});
  return found;
}

}  // namespace

awaitable<reply> submit(service& svc, call c) {
  auto wanted = parse_submission(c.message.body());
  auto [job, created] = co_await svc.submit(std::move(wanted));
  const auto location = fmt::format("/v1/jobs/{}", json::serialize(job["id"]));
  reply r{json_response(created ? http::status::created : http::status::ok, job), {}};
  r.message.set(http::field::location, location);
  co_return r;
}

awaitable<reply> plan(service& svc, call c) {
  auto wanted = parse_submission(c.message.body());
  co_return ok(co_await svc.plan(std::move(wanted)));
}

awaitable<reply> jobs(service& svc, call) {
  json::object result;
  result["jobs"] = co_await svc.jobs();
  const auto databases = co_await svc.databases();
  result["unreachable"] = unreachable(databases);
  co_return ok(result);
}

awaitable<reply> job(service& svc, call c) { co_return ok(co_await svc.job(c.id)); }

awaitable<reply> events(service& svc, call c) {
  const auto after = last_seen_event(c);
  if (wants_to_follow(c)) {
    co_await svc.job(c.id);  // a job that does not exist is a problem, not an empty stream
    co_return reply{{}, event_feed{c.id, after}};
  }
  json::array all = co_await svc.events(c.id, after);
  for (auto page = all.size(); page > 0;) {
    const auto more = co_await svc.events(c.id, all.back().at("seq").as_int64());
    page = more.size();
    all.insert(all.end(), more.begin(), more.end());
  }
  json::object result;
  result["events"] = std::move(all);
  co_return ok(result);
}

awaitable<reply> change_settings(service& svc, call c) {
  auto settings = parse_settings(c.message.body());
  co_return ok(co_await svc.change_settings(c.id, std::move(settings)));
}

awaitable<reply> databases(service& svc, call) {
  json::object result;
  result["databases"] = co_await svc.databases();
  co_return ok(result);
}

awaitable<reply> forget_replica(service& svc, call c) {
  expect_no_fields(c.message.body());
  const auto& query = c.where.query;
  const auto database = query.find("database"), replica = query.find("replica");
  if (replica == query.end() || replica->second.empty()) throw bad_parameter("replica", "the name of a replica");
  std::string in;
  if (database != query.end()) in = database->second;
  co_return ok(co_await svc.forget_replica(std::move(in), replica->second));
}

template <awaitable<json::object> (service::*Command)(std::int64_t)>
awaitable<reply> command(service& svc, call c) {
  expect_no_fields(c.message.body());
  co_return ok(co_await (svc.*Command)(c.id));
}

template awaitable<reply> command<&service::pause>(service&, call);
template awaitable<reply> command<&service::resume>(service&, call);
template awaitable<reply> command<&service::cutover>(service&, call);
template awaitable<reply> command<&service::abort>(service&, call);
template awaitable<reply> command<&service::drop_old>(service&, call);

awaitable<reply> openapi(service&, call) {
  co_return reply{make_response(http::status::ok, "application/json", std::string{openapi_document}), {}};
}

awaitable<reply> metrics(service& svc, call) {
  co_return reply{make_response(http::status::ok, "text/plain; version=0.0.4; charset=utf-8", svc.metrics()), {}};
}

awaitable<reply> healthz(service&, call) { co_return reply{make_response(http::status::ok, plain_text, "ok\n"), {}}; }

awaitable<reply> readyz(service& svc, call) {
  if (svc.ready()) co_return reply{make_response(http::status::ok, plain_text, "ready\n"), {}};
  co_return reply{make_response(http::status::service_unavailable, plain_text, "not ready\n"), {}};
}

}  // namespace eidolon::daemon::api::handlers
