#include "daemon/client/commands.hpp"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cstdio>
#include <exception>
#include <utility>

#include "daemon/client/daemon_link.hpp"
#include "daemon/client/job_reader.hpp"
#include "daemon/client/present.hpp"
#include "daemon/client/watch.hpp"

namespace eidolon::client {
namespace {

void print(const options& o, const json::value& answer, const std::string& text) {
  fmt::print("{}", o.json ? json::serialize(answer) + "\n" : text);
  std::fflush(stdout);
}

json::object submission_of(const options& o) {
  json::object body{{"alter", o.alter}};
  if (!o.table.empty()) body["table"] = o.table;
  if (!o.database.empty()) body["database"] = o.database;
  if (o.name) body["name"] = *o.name;
  if (!o.settings.empty()) body["settings"] = o.settings;
  if (o.postpone_cutover) body["postpone_cutover"] = true;
  return body;
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const unsigned char c : text) {
    const bool plain = std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
    encoded += plain ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
  }
  return encoded;
}

void warn(const json::value& job) {
  for (const auto& w : list_at(job, "/warnings")) fmt::print(stderr, "eidolon: warning: {}\n", text_at(w, ""));
}

exit_status submit(const daemon_link& link, const options& o) {
  const auto job = link.ask(verb::post, "/v1/jobs", submission_of(o));
  print(o, job, text_at(job, "/id") + "\n");
  if (!o.json) warn(job);
  if (!o.watch) return exit_status::done;
  // stdout is the id's alone, so that $(eidolon submit --watch …) is the id too.
  return watch(link, o, job.at("id").as_int64(), stderr);
}

exit_status plan(const daemon_link& link, const options& o) {
  const auto answer = link.ask(verb::post, "/v1/plan", submission_of(o));
  const bool refused = !list_at(answer, "/refusals").empty();
  print(o, answer, refused ? "" : plan_text(answer));
  if (refused && !o.json) fmt::print(stderr, "eidolon: {}", problem_text(answer));
  return refused ? exit_status::failed : exit_status::done;
}

exit_status list(const daemon_link& link, const options& o) {
  const auto answer = link.ask(verb::get, "/v1/jobs");
  print(o, answer, job_table(answer));
  if (!o.json) fmt::print(stderr, "{}", unreachable_databases(answer));
  return exit_status::done;
}

exit_status status(const daemon_link& link, const options& o) {
  const auto job = link.ask(verb::get, fmt::format("/v1/jobs/{}", o.id));
  print(o, job, job_details(job));
  return exit_status::done;
}

exit_status events(const daemon_link& link, const options& o) {
  if (o.follow) return follow_events(link, o);
  const auto answer = link.ask(verb::get, fmt::format("/v1/jobs/{}/events", o.id));
  std::string lines;
  for (const auto& event : list_at(answer, "/events")) lines += event_line(event) + "\n";
  print(o, answer, lines);
  return exit_status::done;
}

exit_status watch_job(const daemon_link& link, const options& o) { return watch(link, o, o.id, stdout); }

void print_state(const options& o, const json::value& job) {
  print(o, job, fmt::format("job {}: {}\n", text_at(job, "/id"), state_and_condition(job)));
}

exit_status set(const daemon_link& link, const options& o) {
  print_state(o, link.ask(verb::patch, fmt::format("/v1/jobs/{}/settings", o.id), o.settings));
  return exit_status::done;
}

exit_status replicas(const daemon_link& link, const options& o) {
  const auto answer = link.ask(verb::get, "/v1/databases");
  print(o, answer, replica_table(answer));
  return exit_status::done;
}

exit_status forget_replica(const daemon_link& link, const options& o) {
  const auto target =
      fmt::format("/v1/forget-replica?database={}&replica={}", percent_encoded(o.database), percent_encoded(o.replica));
  print(o, link.ask(verb::post, target), fmt::format("replica {} is forgotten\n", o.replica));
  return exit_status::done;
}

// pause, resume, cutover, abort, drop-old: routes of the same name.
exit_status command(const daemon_link& link, const options& o) {
  print_state(o, link.ask(verb::post, fmt::format("/v1/jobs/{}/{}", o.id, o.command)));
  return exit_status::done;
}

exit_status dispatch(const daemon_link& link, const options& o) {
  using function = exit_status (*)(const daemon_link&, const options&);
  constexpr std::array<std::pair<std::string_view, function>, 10> own{{{"submit", submit},
                                                                       {"plan", plan},
                                                                       {"list", list},
                                                                       {"status", status},
                                                                       {"events", events},
                                                                       {"watch", watch_job},
                                                                       {"wait", wait},
                                                                       {"set", set},
                                                                       {"replicas", replicas},
                                                                       {"forget-replica", forget_replica}}};
  for (const auto& [name, run_command] : own) {
    if (name == o.command) return run_command(link, o);
  }
  return command(link, o);
}

// What is the client's own to say, in the form in which the daemon says what it refuses.
void complain(const options& o, const char* code, const std::string& detail, const std::string& advice = "") {
  json::object said{{"code", code}, {"detail", detail}};
  if (!advice.empty()) said["advice"] = advice;
  fmt::print(stderr, "{}", o.json ? json::serialize(said) + "\n" : "eidolon: " + problem_text(said));
}

exit_status status_of(const refused& e) {
  const auto code = text_at(e.document, "/code");
  if (code == "database_required") return exit_status::usage;
  // The database, or a daemon with room for the request, cannot be reached: the job may be well all the same.
  return e.status == 503 && code != "not_leader" ? exit_status::unreachable : exit_status::failed;
}

}  // namespace

exit_status run(const options& o) {
  try {
    return dispatch(daemon_link{o.socket}, o);
  } catch (const refused& e) {
    fmt::print(stderr, "{}", o.json ? json::serialize(e.document) + "\n" : "eidolon: " + problem_text(e.document));
    return status_of(e);
  } catch (const unreachable& e) {
    complain(o, "unreachable", e.what(), e.advice);
    return exit_status::unreachable;
  } catch (const timed_out& e) {
    complain(o, "timed_out", e.what());
    return exit_status::timed_out;
  } catch (const std::exception& e) {
    complain(o, "not_understood", fmt::format("the daemon's answer is not understood: {}", e.what()));
    return exit_status::unreachable;
  }
}

}  // namespace eidolon::client
