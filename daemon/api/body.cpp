#include "daemon/api/body.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "config/daemon_config.hpp"
#include "daemon/api/problem_document.hpp"

namespace eidolon::daemon::api {
namespace {

using boost::json::object;
using boost::json::value;

struct field {
  std::string_view name;
  std::string_view expects;
  bool optional;  // null says as much as leaving it out
  bool (*take)(const value& from, submission& into);
};

// libpq and the parser would take it up to a NUL.
bool take_text(const value& from, std::string& into) {
  if (!from.is_string() || from.get_string().find('\0') != boost::json::string::npos) return false;
  into = from.get_string();
  return true;
}

// More than anybody needs to tell jobs by, and far less than an index over names can hold.
constexpr std::size_t longest_name = 200;

bool take_name(const value& from, std::optional<std::string>& into) {
  return take_text(from, into.emplace()) && !into->empty() && into->size() <= longest_name;
}

// The fields of a submission: what a job or a plan is asked with.
constexpr std::array<field, 6> submission_fields{{
    {"database", "a string", true, [](const value& v, submission& s) { return take_text(v, s.database); }},
    {"table", "a string", true, [](const value& v, submission& s) { return take_text(v, s.table); }},
    {"alter", "a string", false, [](const value& v, submission& s) { return take_text(v, s.alter); }},
    {"name", "a string of 1 to 200 bytes", true, [](const value& v, submission& s) { return take_name(v, s.name); }},
    {"settings", "an object", true,
     [](const value& v, submission& s) {
       if (v.is_object()) s.settings = v.get_object();
       return v.is_object();
     }},
    {"postpone_cutover", "true or false", true,
     [](const value& v, submission& s) {
       if (v.is_bool()) s.postpone_cutover = v.get_bool();
       return v.is_bool();
     }},
}};

std::string take_field(std::string_view name, const value& v, submission& into) {
  for (const auto& f : submission_fields) {
    if (f.name != name) continue;
    if (f.optional && v.is_null()) return {};
    return f.take(v, into) ? std::string{} : fmt::format("{} must be {}", name, f.expects);
  }
  return fmt::format("there is no field {}", boost::json::serialize(boost::json::string{name}));
}

problem invalid(std::string_view what, const std::vector<std::string>& errors) {
  return make_problem(http::status::bad_request, "invalid_request",
                      fmt::format("The {} is not valid: {}.", what, fmt::join(errors, "; ")),
                      "GET /v1/openapi.json describes every request.");
}

object parse_object(std::string_view body) {
  boost::json::error_code failed;
  auto parsed = boost::json::parse({body.data(), body.size()}, failed);
  if (failed) {
    throw make_problem(http::status::bad_request, "malformed_json",
                       fmt::format("The request's body is not JSON: {}.", failed.message()),
                       "Send one JSON object, in UTF-8.");
  }
  if (!parsed.is_object()) throw invalid("request", {"the body must be a JSON object"});
  return std::move(parsed.get_object());
}

void check_settings(const object& settings) {
  config::job_settings scratch;
  const auto errors = config::apply_settings(settings, scratch);
  if (errors.empty()) return;
  throw make_problem(http::status::bad_request, "bad_setting",
                     fmt::format("The settings are not valid: {}.", fmt::join(errors, "; ")),
                     "Correct the settings that are named; none was changed.");
}

}  // namespace

submission parse_submission(std::string_view body) {
  submission s;
  std::vector<std::string> errors;
  for (const auto& [name, v] : parse_object(body)) {
    if (auto error = take_field(name, v, s); !error.empty()) errors.push_back(std::move(error));
  }
  if (errors.empty() && s.alter.empty()) errors.emplace_back("alter is missing or empty");
  if (!errors.empty()) throw invalid("submission", errors);
  check_settings(s.settings);
  return s;
}

object parse_settings(std::string_view body) {
  auto settings = parse_object(body);
  check_settings(settings);
  return settings;
}

void expect_no_fields(std::string_view body) {
  if (body.empty()) return;
  std::vector<std::string> errors;
  for (const auto& [name, v] : parse_object(body)) {
    errors.push_back(fmt::format("there is no field {}", boost::json::serialize(boost::json::string{name})));
  }
  if (!errors.empty()) throw invalid("request", errors);
}

}  // namespace eidolon::daemon::api
