// Pure: values in, JSON out.
#include "daemon/job_view.hpp"

#include <fmt/chrono.h>

#include "config/daemon_config.hpp"

namespace eidolon::daemon {

namespace {

template <class T>
json::value or_null(const std::optional<T>& v) {
  return v ? json::value(*v) : json::value(nullptr);
}
json::value text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::object view_condition(const job& j) {
  json::array throttled;
  for (const auto& [reason, entry] : j.live.held.entries())
    if (reason != "paused")
      throttled.push_back(json::object{{"reason", reason}, {"since", iso_time(entry.since)}, {"detail", entry.detail}});
  return {{"paused", j.record.paused},
          {"paused_reason", text_or_null(j.record.paused_reason)},
          {"paused_since", text_or_null(j.record.paused_since)},
          {"throttled", std::move(throttled)}};
}

json::object view_progress(const job& j) {
  const auto& p = j.live.progress;
  return {{"ratio", progress_ratio(j)}, {"state_ratio", or_null(state_ratio(j))}, {"rows", p.rows},
          {"bytes", p.bytes},           {"blocks_done", p.blocks_done},           {"blocks_total", p.blocks_total},
          {"backlog", j.live.backlog}};
}

json::object view_rate(const job& j, clock::time_point now) {
  const bool rated = j.record.state == state::copying || j.record.state == state::verifying;
  const auto rate = rated ? j.live.rate.at(now) : rate_window::rate{};
  return {{"rows_per_second", rate.rows}, {"bytes_per_second", rate.bytes}};
}

// In the order in which a job passes through them; the store keeps them in another one.
json::object in_order(const json::object& recorded) {
  json::object states;
  for (const auto name : state_names)
    if (const auto* seconds = recorded.if_contains(name)) states[name] = *seconds;
  return states;
}

// The recorded seconds of each state, and those of the present one so far.
json::object view_timings(const job& j, clock::time_point now) {
  json::object states;
  if (const auto* recorded = j.record.timings.if_contains("states")) states = recorded->as_object();
  if (!is_end(j.record.state)) {
    auto& present = states[name_of(j.record.state)];
    const double before = present.is_number() ? present.to_number<double>() : 0;
    present = before + j.record.state_seconds + std::chrono::duration<double>{now - j.read_at}.count();
  }
  json::object t{{"submitted_at", j.record.submitted_at},
                 {"started_at", or_null(j.record.started_at)},
                 {"finished_at", or_null(j.record.finished_at)},
                 {"states", in_order(states)}};
  for (const auto* name : {"cutover_held_seconds", "blocked_application_seconds"}) {
    const auto* value = j.record.timings.if_contains(name);
    t[name] = value ? *value : json::value(nullptr);
  }
  return t;
}

json::array warnings_of(const plan::plan& p, const config::job_settings& settings) {
  json::array warnings;
  for (const auto& w : p.warnings) warnings.push_back(json::value(w));
  if (settings.method == config::copy_method::stream && !p.stream_obstacle.empty())
    warnings.push_back(json::string{"Rows are copied by insert, not by stream: " + p.stream_obstacle + "."});
  return warnings;
}

json::object view_cutover(const job& j) {
  json::object c = j.record.cutover;
  c["blockers"] = view(j.live.blockers);
  return c;
}

json::array view_warnings(const job& j) {
  json::array warnings;
  if (j.record.plan) warnings = warnings_of(*j.record.plan, j.record.settings);
  if (j.live.diverges) warnings.push_back(not_converging);
  if (!j.at_home)
    warnings.push_back(
        "This job belongs to another database, of which this one is a restored or cloned copy; it is left alone. "
        "eidolond --clean-orphans removes it.");
  return warnings;
}

}  // namespace

json::array view(const std::vector<postgres::blocker>& blockers) {
  json::array list;
  for (const auto& b : blockers)
    list.push_back(json::object{{"pid", b.pid},
                                {"kind", b.kind},
                                {"application_name", b.application_name},
                                {"query", b.query},
                                {"query_start", text_or_null(b.query_start)},
                                {"seconds", b.seconds}});
  return list;
}

json::object view(const job& j) {
  const auto now = clock::now();
  json::object o;
  o["id"] = j.record.id;
  o["name"] = or_null(j.record.request.name);
  o["database"] = j.database;
  o["table"] = j.record.relation;
  o["alter"] = j.record.request.what.alter;
  o["state"] = name_of(j.record.state);
  o["condition"] = view_condition(j);
  o["postpone_cutover"] = j.record.request.postpone_cutover && !j.record.cutover_requested;
  o["progress"] = view_progress(j);
  o["rate"] = view_rate(j, now);
  o["eta_seconds"] = or_null(eta_seconds(j, now));
  o["lag_seconds"] = or_null(j.live.lag_seconds);
  o["settings"] = config::to_json(j.record.settings);
  if (j.record.drop_requested) o["settings"].as_object()["keep_old"] = "0s";
  o["timings"] = view_timings(j, now);
  o["cutover"] = view_cutover(j);
  o["error"] = j.record.error ? json::value(*j.record.error) : json::value(nullptr);
  o["warnings"] = view_warnings(j);
  return o;
}

json::object view(const database_status& d) {
  json::array replicas;
  for (const auto& r : d.replicas) {
    const auto seconds = r.behind ? std::optional{r.behind->count()} : std::nullopt;
    replicas.push_back(json::object{{"name", r.name},
                                    {"lag_seconds", or_null(seconds)},
                                    {"lag_bytes", or_null(r.bytes)},
                                    {"source", r.source},
                                    {"error", text_or_null(r.error)}});
  }
  return {{"name", d.name},
          {"reachable", d.reachable},
          {"leader", or_null(d.leader)},
          {"error", text_or_null(d.error)},
          {"replicas", std::move(replicas)}};
}

json::array view(const std::vector<plan::refusal>& refusals) {
  json::array list;
  for (const auto& r : refusals)
    list.push_back(json::object{{"code", r.code}, {"reason", r.reason}, {"advice", r.advice}});
  return list;
}

namespace {

json::array lines(const std::vector<std::string>& from) {
  json::array list;
  for (const auto& line : from) list.push_back(json::value(line));
  return list;
}

json::array statements_of(const plan::plan& p) {
  json::array list = lines(p.build_ghost);
  for (const auto& i : p.indexes) {
    list.push_back(json::value(i.create));
    for (const auto& s : i.then) list.push_back(json::value(s));
  }
  for (const auto& s : p.late_constraints) list.push_back(json::value(s));
  return list;
}

}  // namespace

json::object view(const plan::plan& p, const config::job_settings& settings) {
  json::object o;
  o["table"] = p.source.schema + "." + p.source.name;
  o["refusals"] = json::array{};
  o["summary"] = lines(p.summary);
  o["warnings"] = warnings_of(p, settings);
  o["statements"] = statements_of(p);
  return o;
}

}  // namespace eidolon::daemon
