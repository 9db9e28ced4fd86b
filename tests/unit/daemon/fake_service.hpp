// A service without a database: holds jobs and events as the test puts them, and notes what it was asked.
#pragma once
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <boost/system/system_error.hpp>
#include <deque>
#include <exception>
#include <map>
#include <string>
#include <vector>

#include "config/daemon_config.hpp"
#include "daemon/service.hpp"

namespace eidolon::daemon {

inline json::object fake_job(std::int64_t id, std::string_view state) {
  return {{"id", id},
          {"name", nullptr},
          {"database", "main"},
          {"table", "public.orders"},
          {"alter", "ALTER COLUMN id TYPE bigint"},
          {"state", state},
          {"condition", {{"paused", false}, {"paused_reason", nullptr}, {"throttled", json::array{}}}},
          {"postpone_cutover", false},
          {"progress",
           {{"ratio", 0.42},
            {"state_ratio", nullptr},
            {"rows", 4200},
            {"bytes", 81920},
            {"blocks_done", 42},
            {"blocks_total", 100},
            {"backlog", 7}}},
          {"rate", {{"rows_per_second", 1234.5}, {"bytes_per_second", 8192.0}}},
          {"eta_seconds", 95.0},
          {"lag_seconds", 0.2},
          {"settings", config::to_json({})},
          {"timings",
           {{"submitted_at", "2026-01-01T00:00:00Z"},
            {"started_at", "2026-01-01T00:00:01Z"},
            {"finished_at", nullptr},
            {"states", {{"copying", 12.3}}},
            {"cutover_held_seconds", nullptr},
            {"blocked_application_seconds", 0.01}}},
          {"cutover", {{"attempts", 0}, {"last_outcome", nullptr}, {"blockers", json::array{}}}},
          {"error", nullptr},
          {"warnings", json::array{}}};
}

// All of it belongs to the thread that runs the server; a test sets it up before, or posts to that thread.
class fake_service final : public service {
 public:
  std::map<std::int64_t, json::object> known;
  std::map<std::int64_t, json::array> history;
  std::map<std::int64_t, std::deque<json::object>> next_views;  // what a job becomes each time it is asked for
  std::vector<std::string> asked;
  std::exception_ptr failure;                                // what every call throws, when set
  std::map<std::size_t, std::exception_ptr> failures_after;  // what the call after so many others throws
  submission last_submission;
  json::object last_settings;
  json::array refused;  // the refusals of a plan
  bool is_ready{true};
  json::array configured{
      {{"name", "main"}, {"reachable", true}, {"leader", true}, {"error", nullptr}, {"replicas", json::array{}}}};

  void add_event(std::int64_t id, json::object event) {
    history[id].push_back(std::move(event));
    unseen_ = true;
    if (waiting_ != nullptr) waiting_->cancel();
  }

  asio::awaitable<submitted> submit(submission s) override {
    note("submit");
    last_submission = s;
    for (const auto& [id, job] : known) {
      if (s.name && job.at("name") == json::value(*s.name)) co_return submitted{job, false};
    }
    auto job = fake_job(known.empty() ? 1 : known.rbegin()->first + 1, "queued");
    if (s.name) job["name"] = *s.name;
    known[job["id"].as_int64()] = job;
    co_return submitted{job, true};
  }
  asio::awaitable<json::object> plan(submission s) override {
    note("plan");
    last_submission = s;
    co_return json::object{{"table", s.table},
                           {"refusals", refused},
                           {"summary", {"column id: integer becomes bigint"}},
                           {"warnings", {"the table has no primary key"}},
                           {"statements", {"CREATE SCHEMA eidolon_1"}}};
  }
  asio::awaitable<json::array> jobs() override {
    note("jobs");
    json::array all;
    for (const auto& [id, job] : known) all.push_back(job);
    co_return all;
  }
  asio::awaitable<json::object> job(std::int64_t id) override { co_return get("job", id); }
  asio::awaitable<json::array> events(std::int64_t id, std::int64_t after) override {
    get("events", id);
    unseen_ = false;
    json::array newer;
    for (const auto& event : history[id]) {
      if (event.at("seq").as_int64() > after) newer.push_back(event);
    }
    co_return newer;
  }
  asio::awaitable<void> wait_for_event(std::int64_t) override {
    if (unseen_) co_return;  // an event between the last look and this wait is not slept over
    asio::steady_timer timer{co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
    waiting_ = &timer;
    boost::system::error_code ended;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    waiting_ = nullptr;
  }
  asio::awaitable<json::object> pause(std::int64_t id) override { co_return get("pause", id); }
  asio::awaitable<json::object> resume(std::int64_t id) override { co_return get("resume", id); }
  asio::awaitable<json::object> cutover(std::int64_t id) override { co_return get("cutover", id); }
  asio::awaitable<json::object> abort(std::int64_t id) override { co_return get("abort", id); }
  asio::awaitable<json::object> drop_old(std::int64_t id) override { co_return get("drop_old", id); }
  asio::awaitable<json::object> change_settings(std::int64_t id, json::object settings) override {
    last_settings = std::move(settings);
    co_return get("change_settings", id);
  }
  asio::awaitable<json::array> databases() override {
    note("databases");
    co_return configured;
  }
  asio::awaitable<json::object> forget_replica(std::string database, std::string replica) override {
    note("forget " + replica + " of " + database);
    co_return json::object{
        {"name", database}, {"reachable", true}, {"leader", true}, {"error", nullptr}, {"replicas", json::array{}}};
  }
  bool ready() const override { return is_ready; }
  std::string metrics() override { return "eidolon_build_info{version=\"test\"} 1\n"; }

 private:
  void note(std::string what) {
    const auto planned = failures_after.find(asked.size());
    asked.push_back(std::move(what));
    if (planned != failures_after.end()) std::rethrow_exception(planned->second);
    if (failure) std::rethrow_exception(failure);
  }
  json::object get(const std::string& what, std::int64_t id) {
    note(what + " " + std::to_string(id));
    if (auto& views = next_views[id]; what == "job" && !views.empty()) {
      known[id] = views.front();
      views.pop_front();
    }
    const auto found = known.find(id);
    if (found != known.end()) return found->second;
    problem p;
    p.status = 404;
    p.code = "no_such_job";
    p.detail = "There is no job " + std::to_string(id) + ".";
    p.advice = "GET /v1/jobs lists them.";
    throw p;
  }

  asio::steady_timer* waiting_{};
  bool unseen_{};
};

}  // namespace eidolon::daemon
