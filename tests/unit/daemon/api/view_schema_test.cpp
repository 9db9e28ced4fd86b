// What clients are answered against the description of it: every field is described, with a type that fits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "config/daemon_config.hpp"
#include "daemon/api/openapi.hpp"
#include "daemon/job_view.hpp"
#include "daemon/reaction.hpp"

namespace eidolon::daemon::api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Holds a value to a schema, as far as the description uses JSON Schema. Answers have all that is described.
class schema_check {
 public:
  explicit schema_check(const json::value& document) : document_{document} {}

  std::vector<std::string> complaints(const json::value& v, const json::value& schema) {
    complaints_.clear();
    check(v, schema.as_object(), "");
    return complaints_;
  }

 private:
  void check(const json::value& v, const json::object& schema, const std::string& at) {
    if (const auto* const reference = schema.if_contains("$ref")) {
      const std::string_view where = reference->as_string();
      return check(v, document_.at_pointer(where.substr(1)).as_object(), at);
    }
    if (const auto* const type = schema.if_contains("type"); type != nullptr && !has_type(v, *type))
      complaints_.push_back(at + " is of another type");
    if (const auto* const values = schema.if_contains("enum"); values != nullptr && !contains(values->as_array(), v))
      complaints_.push_back(at + " has another value");
    if (v.is_object()) check_members(v.get_object(), schema, at);
    const auto* const items = schema.if_contains("items");
    if (!v.is_array() || items == nullptr) return;
    for (const auto& item : v.get_array()) check(item, items->as_object(), at + "/*");
  }

  void check_members(const json::object& v, const json::object& schema, const std::string& at) {
    const auto* const described = schema.if_contains("properties");
    const auto* const others = schema.if_contains("additionalProperties");
    if (described == nullptr && others == nullptr) return;  // an object of any kind
    const auto properties = described != nullptr ? described->as_object() : json::object{};
    for (const auto& [name, member] : v) {
      const auto where = at + "/" + std::string{name};
      const auto* const property = properties.contains(name) ? &properties.at(name) : others;
      if (property == nullptr || !property->is_object())
        complaints_.push_back(where + " is not described");
      else
        check(member, property->as_object(), where);
    }
    for (const auto& [name, property] : properties)
      if (!v.contains(name)) complaints_.push_back(at + "/" + std::string{name} + " is missing");
  }

  static bool contains(const json::array& values, const json::value& v) {
    return std::find(values.begin(), values.end(), v) != values.end();
  }

  static bool has_type(const json::value& v, const json::value& type) {
    const auto* const types = type.if_array();
    if (types != nullptr)
      return std::any_of(types->begin(), types->end(), [&](const json::value& one) { return has_type(v, one); });
    return (type == "null" && v.is_null()) || (type == "boolean" && v.is_bool()) ||
           (type == "string" && v.is_string()) || (type == "object" && v.is_object()) ||
           (type == "array" && v.is_array()) || (type == "number" && v.is_number()) ||
           (type == "integer" && (v.is_int64() || v.is_uint64()));
  }

  const json::value& document_;
  std::vector<std::string> complaints_;
};

class api_answer : public ::testing::Test {
 protected:
  std::vector<std::string> complaints(const json::value& v, const char* schema) {
    return check_.complaints(v, document_.at_pointer("/components/schemas/" + std::string{schema}));
  }
  std::set<std::string> enumerated(const char* pointer) const {
    std::set<std::string> names;
    for (const auto& name : document_.at_pointer(pointer).as_array()) names.emplace(name.as_string());
    return names;
  }

  const json::value document_ = json::parse(std::string{openapi_document});
  schema_check check_{document_};
};

// Of which everything is known.
void fill(job& j) {
  auto& r = j.record;
  r.id = 7;
  r.request = {"nightly", {"public.orders", "ADD COLUMN x int"}, true, {}};
  r.relation = "public.orders";
  r.state = state::copying;
  r.paused = true;
  r.paused_reason = "by hand";
  r.plan.emplace().warnings = {"careful"};
  r.error = to_json(failure{failure_kind::fatal, "data_error", "duplicate", "orders_key", "(7)"});
  r.cutover = {{"attempts", 3}, {"last_outcome", "blocked"}};
  r.timings = {{"states", {{"queued", 0.5}}}, {"cutover_held_seconds", 0.012}, {"blocked_application_seconds", 0.1}};
  r.submitted_at = "2026-01-01T00:00:00Z";
  r.started_at = r.finished_at = "2026-01-01T00:00:01Z";
  j.live.lag_seconds = 0.2;
  j.live.diverges = true;
  j.live.blockers = {{42, "client backend", "psql", "SELECT 1", 3.0}};
  std::vector<hold> held;
  for (const auto reason : hold_reasons) held.push_back({std::string{reason}, "it is so"});
  held.push_back({"database", "it cannot be reached"});
  j.live.held.update(held, clock::now(), std::chrono::system_clock::now());
}

TEST_F(api_answer, a_job_is_as_described) {
  job j{"main", job_record{}};
  j.record.cutover = {{"attempts", 0}, {"last_outcome", nullptr}};
  EXPECT_THAT(complaints(view(j), "Job"), IsEmpty());
  fill(j);
  EXPECT_THAT(complaints(view(j), "Job"), IsEmpty());
  for (const auto name : state_names) {
    j.record.state = *state_from(name);
    EXPECT_THAT(complaints(view(j), "Job"), IsEmpty()) << name;
  }
}

TEST_F(api_answer, every_setting_is_as_described) {
  EXPECT_THAT(complaints(config::to_json({}), "Settings"), IsEmpty());
  config::job_settings s;
  s.index_memory = 1024;
  s.force_after = 3;
  s.copy_ratio = 0.5;
  s.critical.max_active = 5;
  EXPECT_THAT(complaints(config::to_json(s), "Settings"), IsEmpty());
}

TEST_F(api_answer, a_database_is_as_described) {
  EXPECT_THAT(complaints(view(database_status{}), "Database"), IsEmpty());
  database_status d;
  d.name = "main";
  d.leader = true;
  d.error = "it is gone";
  d.replicas = {{"r1", std::chrono::seconds{1}, 5, "direct", ""}, {"r2", {}, {}, "pg_stat_replication", "it is gone"}};
  EXPECT_THAT(complaints(view(d), "Database"), IsEmpty());
}

TEST_F(api_answer, a_plan_and_its_refusals_are_as_described) {
  plan::plan p;
  p.summary = p.warnings = p.build_ghost = p.late_constraints = {"x"};
  p.indexes.emplace_back().then = {"y"};
  auto answer = view(p, {});
  answer["database"] = "main";  // by whoever knows it
  answer["refusals"] = view(std::vector<plan::refusal>{{"no_usable_key", "No key.", "Add one."}});
  EXPECT_THAT(complaints(answer, "Plan"), IsEmpty());
}

TEST_F(api_answer, reasons_that_hold_a_job_are_described) {
  std::set<std::string> reasons{hold_reasons.begin(), hold_reasons.end()};
  reasons.erase("paused");  // a condition of its own
  reasons.insert("database");
  EXPECT_EQ(
      enumerated("/components/schemas/Job/properties/condition/properties/throttled/items/properties/reason/enum"),
      reasons);
}

// They are named where they are told.
TEST_F(api_answer, kinds_of_events_are_described) {
  const std::regex told{R"re((?:\bnote\(|\bevent e\{[^,;]*,\s*)"([a-z_]+)")re"};
  std::set<std::string> kinds;
  for (const auto& file : std::filesystem::directory_iterator{EIDOLON_SOURCE_DIR "/daemon"}) {
    if (file.path().extension() != ".cpp") continue;
    std::ifstream in{file.path()};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    for (std::sregex_iterator i{text.begin(), text.end(), told}, end; i != end; ++i) kinds.insert((*i)[1]);
  }
  EXPECT_EQ(enumerated("/components/schemas/Event/properties/kind/enum"), kinds);
}

TEST(schema_checking, finds_what_does_not_fit) {
  const json::value schema = json::parse(R"({"$ref": "#/any"})");
  const json::value document = json::parse(R"({"any": {"type": "object", "properties": {
      "count": {"type": ["integer", "null"]}, "kind": {"type": "string", "enum": ["a", "b"]},
      "list": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "number"}}}}}}})");
  schema_check check{document};
  EXPECT_THAT(check.complaints(json::parse(R"({"count": null, "kind": "a", "list": [{"x": 1}]})"), schema), IsEmpty());
  EXPECT_THAT(check.complaints(json::parse(R"({"count": 1.5, "kind": "c", "list": [{"x": 1}, {"y": 1}]})"), schema),
              ElementsAre("/count is of another type", "/kind has another value", "/list/*/y is not described",
                          "/list/*/x is missing"));
  EXPECT_THAT(check.complaints(5, schema), ElementsAre(" is of another type"));
}

}  // namespace
}  // namespace eidolon::daemon::api
