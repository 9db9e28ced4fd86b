// Targets, patterns, and the table of routes against the description that the API serves of itself.
#include "daemon/api/routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/json.hpp>
#include <set>
#include <sstream>

#include "config/setting_table.hpp"
#include "daemon/api/openapi.hpp"
#include "daemon/api/target.hpp"

namespace eidolon::daemon::api {
namespace {

namespace json = boost::json;

TEST(request_target, is_taken_apart) {
  const auto t = parse_target("/v1/jobs/7/events?follow=1&after=%31%30&x=a+b&y");
  ASSERT_TRUE(t);
  EXPECT_EQ(t->path, "/v1/jobs/7/events");
  const std::map<std::string, std::string, std::less<>> expected{
      {"follow", "1"}, {"after", "10"}, {"x", "a b"}, {"y", ""}};
  EXPECT_EQ(t->query, expected);
}

TEST(request_target, may_be_absolute) {
  EXPECT_EQ(parse_target("http://localhost/v1/jobs?x=1")->path, "/v1/jobs");
  EXPECT_EQ(parse_target("http://localhost")->path, "/");
}

TEST(request_target, is_refused_when_malformed) {
  for (const auto* text : {"", "*", "v1/jobs", "/x?a=%", "/x?a=%1", "/x?a=%zz", "/x?%g0=1", "/x?a=%+1"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
}

TEST(request_target, is_refused_when_it_is_not_utf8) {
  for (const auto* text : {"/\xff", "http://\xff/", "/v1/jobs/\xc3", "/x?a=\x80", "/x?a=%ff", "/x?%c3=1", "/x?a=%c0%80",
                           "/x?a=%c1%bf", "/x?a=%e0%9f%bf", "/x?a=%ed%a0%80", "/x?a=%f0%8f%bf%bf", "/x?a=%f4%90%80%80",
                           "/x?a=%f5%80%80%80", "/x?a=%e2%82", "/x?a=%e2%82x", "/x?a=%fc%84%80%80"}) {
    EXPECT_FALSE(parse_target(text)) << text;
  }
  // The first and the last of each length, and those around the surrogates.
  for (const auto* text :
       {"/\xc3\xa9?a=\xc3\xa9", "/x?a=%c3%a9", "/x?a=%7f", "/x?a=%c2%80", "/x?a=%df%bf", "/x?a=%e0%a0%80",
        "/x?a=%ed%9f%bf", "/x?a=%ee%80%80", "/x?a=%ef%bf%bf", "/x?a=%f0%90%80%80", "/x?a=%f4%8f%bf%bf"}) {
    EXPECT_TRUE(parse_target(text)) << text;
  }
}

TEST(request_target, is_logged_so_that_json_can_hold_it) {
  EXPECT_EQ(target_for_log("/v1/jobs?x=%ff&y=1"), "/v1/jobs?x=%ff&y=1");
  EXPECT_EQ(target_for_log("/\xc3\xa9"), "/\xc3\xa9");
  EXPECT_EQ(target_for_log("/\xc3\xa9/\xff"), "/%C3%A9/%FF");
}

TEST(route_pattern, matches_whole_paths_only) {
  EXPECT_EQ(match_pattern("/v1/jobs", "/v1/jobs"), "");
  EXPECT_EQ(match_pattern("/v1/jobs/{id}", "/v1/jobs/7"), "7");
  EXPECT_EQ(match_pattern("/v1/jobs/{id}/events", "/v1/jobs/abc/events"), "abc");
  const std::vector<std::pair<const char*, const char*>> others{{"/v1/jobs", "/v1/jobs/"},
                                                                {"/v1/jobs", "/v1/job"},
                                                                {"/v1/jobs", "/v1"},
                                                                {"/v1/jobs/{id}", "/v1/jobs"},
                                                                {"/v1/jobs/{id}", "/v1/jobs/"},
                                                                {"/v1/jobs/{id}", "/v1/jobs/7/"},
                                                                {"/v1/jobs/{id}", "/v1/jobs/7/pause"},
                                                                {"/v1/jobs", "/"},
                                                                {"/v1/jobs", "//v1/jobs"}};
  for (const auto& [pattern, path] : others) EXPECT_EQ(match_pattern(pattern, path), std::nullopt) << path;
}

class api_description : public ::testing::Test {
 protected:
  static bool is_method(std::string_view name) { return name != "parameters" && name != "description"; }

  // Follows "#/components/…"; throws when it leads nowhere.
  const json::value& resolve(std::string_view reference) const {
    json::value const* at = &document_;
    std::istringstream parts{std::string{reference.substr(2)}};
    for (std::string part; std::getline(parts, part, '/');) at = &at->as_object().at(part);
    return *at;
  }

  void expect_references_resolve(const json::value& v) const {
    if (const auto* const list = v.if_array()) {
      for (const auto& item : *list) expect_references_resolve(item);
    } else if (const auto* const object = v.if_object()) {
      for (const auto& [name, member] : *object) {
        if (name == "$ref") {
          EXPECT_NO_THROW(resolve(member.as_string())) << member;
        }
        expect_references_resolve(member);
      }
    }
  }

  std::set<std::string> names_of(const json::value& object) const {
    std::set<std::string> names;
    for (const auto& [name, member] : object.as_object()) names.emplace(name);
    return names;
  }

  const json::value document_ = json::parse(std::string{openapi_document});
};

TEST_F(api_description, has_exactly_the_routes_there_are) {
  std::set<std::string> described, served;
  for (const auto& [path, item] : document_.at("paths").as_object()) {
    for (const auto& [method, operation] : item.as_object()) {
      if (!is_method(method)) continue;
      described.insert(boost::to_upper_copy(std::string{method}) + " " + std::string{path} + ": " +
                       std::string{operation.at("summary").as_string()});
    }
  }
  for (const auto& r : routes()) {
    served.insert(std::string{http::to_string(r.method)} + " " + std::string{r.pattern} + ": " +
                  std::string{r.summary});
  }
  EXPECT_EQ(described, served);
  EXPECT_EQ(served.size(), routes().size());
}

TEST_F(api_description, names_every_parameter_that_a_route_takes) {
  for (const auto& r : routes()) {
    const auto& item = document_.at("paths").as_object().at(r.pattern).as_object();
    const auto method = boost::to_lower_copy(std::string{http::to_string(r.method)});
    const auto& operation = item.at(method).as_object();
    std::set<std::string> described, taken;
    if (const auto* const list = operation.if_contains("parameters")) {
      for (const auto& p : list->as_array()) {
        if (p.at("in") == "query") described.emplace(p.at("name").as_string());
      }
    }
    std::istringstream words{std::string{r.query}};
    for (std::string word; words >> word;) taken.insert(word);
    EXPECT_EQ(described, taken) << r.pattern;
    EXPECT_EQ(item.contains("parameters"), r.pattern.find("{id}") != std::string_view::npos) << r.pattern;
    EXPECT_EQ(operation.contains("requestBody"), r.handle == nullptr || r.method == http::verb::patch ||
                                                     r.pattern == "/v1/plan" ||
                                                     (r.pattern == "/v1/jobs" && r.method == http::verb::post))
        << r.pattern;
  }
}

TEST_F(api_description, has_exactly_the_settings_there_are) {
  std::set<std::string> known;
  for (const auto& s : config::setting_table()) known.emplace(s.name);
  EXPECT_EQ(names_of(document_.at_pointer("/components/schemas/Settings/properties")), known);
  for (const auto& s : config::setting_table()) {
    const auto& schema = document_.at_pointer("/components/schemas/Settings/properties").at(s.name);
    EXPECT_EQ(std::string_view{schema.at("description").as_string()}.substr(0, 10), s.meaning.substr(0, 10)) << s.name;
  }
}

TEST_F(api_description, refers_only_to_what_it_defines) { expect_references_resolve(document_); }

TEST_F(api_description, gives_every_operation_a_name_of_its_own) {
  std::set<std::string> ids;
  std::size_t operations = 0;
  for (const auto& [path, item] : document_.at("paths").as_object()) {
    for (const auto& [method, operation] : item.as_object()) {
      if (!is_method(method)) continue;
      ++operations;
      ids.emplace(operation.at("operationId").as_string());
      EXPECT_FALSE(operation.at("responses").as_object().empty()) << path;
    }
  }
  EXPECT_EQ(ids.size(), operations);
}

}  // namespace
}  // namespace eidolon::daemon::api
