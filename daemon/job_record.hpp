// A job as its database knows it: one row of eidolon.job.
#pragma once
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "config/settings.hpp"
#include "copier/phases.hpp"
#include "daemon/states.hpp"
#include "plan/plan.hpp"

namespace eidolon::daemon {

namespace json = boost::json;

// Which database it is. A dump that was restored, or CREATE DATABASE … TEMPLATE, gives another one; a
// standby that was promoted is the same one, and goes on with its jobs.
struct database_identity {
  std::string system_identifier;
  std::int64_t database_oid{};
  friend bool operator==(const database_identity&, const database_identity&) = default;
};

struct job_request {
  std::optional<std::string> name;
  plan::request what;
  bool postpone_cutover{};
  json::object settings;  // only those that were sent, normalised

  friend bool operator==(const job_request& a, const job_request& b) {
    return a.name == b.name && a.what.table == b.what.table && a.what.alter == b.what.alter &&
           a.postpone_cutover == b.postpone_cutover && same_settings(a.settings, b.settings);
  }

 private:
  // jsonb gives 1.0 back as 1, which is another kind of number here.
  static bool same_settings(const json::object& a, const json::object& b) {
    const auto same = [&b](const auto& setting) {
      const auto* other = b.if_contains(setting.key());
      if (!other || !other->is_number() || !setting.value().is_number()) return other && *other == setting.value();
      return other->template to_number<double>() == setting.value().template to_number<double>();
    };
    return a.size() == b.size() && std::all_of(a.begin(), a.end(), same);
  }
};

// What commands change, and pauses of the job by itself.
struct job_orders {
  config::job_settings settings;
  bool paused{};
  std::string paused_reason;
  std::string paused_since;  // ISO 8601, UTC
  bool cutover_requested{}, abort_requested{}, drop_requested{};
};

struct job_record : job_orders {
  std::int64_t id{};
  job_request request;
  database_identity home;
  std::string relation;  // schema.table
  daemon::state state{};
  std::optional<daemon::state> end_state;  // of an aborting job
  std::optional<plan::plan> plan;
  std::optional<json::object> error;
  json::object cutover;  // {attempts, last_outcome}
  json::object timings;  // {states, cutover_held_seconds, blocked_application_seconds}
  copier::copy_progress progress;
  double state_seconds{};                 // since it entered its state, when the record was read
  std::optional<double> swapped_seconds;  // since the swap, when the record was read
  std::string submitted_at;               // ISO 8601, UTC
  std::optional<std::string> started_at, finished_at;
};

}  // namespace eidolon::daemon
