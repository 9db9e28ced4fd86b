// Every route over the real socket, and what the server says to requests that are wrong.
#include "tests/unit/daemon/api/api_fixture.hpp"

namespace eidolon::daemon::api {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view a_submission =
    R"({"database":"main","table":"public.orders","alter":"ALTER COLUMN id TYPE bigint","name":"n","settings":{"workers":3,"max_lag":"2s"},"postpone_cutover":true})";

class api_routes : public api_server {
 protected:
  api_routes() {
    service_.known[7] = fake_job(7, "copying");
    start();
  }
};

TEST_F(api_routes, submit_makes_a_job_and_says_where_it_is) {
  const auto r = send_json("POST", "/v1/jobs", a_submission);
  EXPECT_EQ(r.result_int(), 201U);
  EXPECT_EQ(r[http::field::content_type], "application/json");
  EXPECT_EQ(r[http::field::location], "/v1/jobs/8");
  EXPECT_EQ(document_of(r).at("id"), 8);
  const auto& s = service_.last_submission;
  EXPECT_EQ(s.database, "main");
  EXPECT_EQ(s.table, "public.orders");
  EXPECT_EQ(s.alter, "ALTER COLUMN id TYPE bigint");
  EXPECT_EQ(s.name, "n");
  EXPECT_TRUE(s.postpone_cutover);
  const json::object settings{{"workers", 3}, {"max_lag", "2s"}};
  EXPECT_EQ(s.settings, settings);
}

TEST_F(api_routes, submit_again_under_the_same_name_is_not_a_creation) {
  EXPECT_EQ(send_json("POST", "/v1/jobs", a_submission).result_int(), 201U);
  const auto again = send_json("POST", "/v1/jobs", a_submission);
  EXPECT_EQ(again.result_int(), 200U);
  EXPECT_EQ(document_of(again).at("id"), 8);
}

TEST_F(api_routes, submit_needs_no_more_than_the_alteration) {
  EXPECT_EQ(send_json("POST", "/v1/jobs", R"({"alter":"ALTER TABLE t ADD x int","name":null})").result_int(), 201U);
  EXPECT_EQ(service_.last_submission.name, std::nullopt);
  EXPECT_FALSE(service_.last_submission.postpone_cutover);
}

TEST_F(api_routes, null_says_as_much_as_leaving_out_what_is_optional) {
  constexpr auto nulls =
      R"({"database":null,"table":null,"alter":"x","name":null,"settings":null,"postpone_cutover":null})";
  for (const auto* target : {"/v1/jobs", "/v1/plan"}) {
    EXPECT_LT(send_json("POST", target, nulls).result_int(), 300U) << target;
    const auto& s = service_.last_submission;
    EXPECT_EQ(s.database + s.table, "");
    EXPECT_EQ(s.name, std::nullopt);
    EXPECT_TRUE(s.settings.empty());
    EXPECT_FALSE(s.postpone_cutover);
  }
  expect_problem(send_json("POST", "/v1/jobs", R"({"table":"t","alter":null})"), 400, "invalid_request");
}

TEST_F(api_routes, plan_answers_what_would_be_done) {
  const auto r = send_json("POST", "/v1/plan", a_submission);
  EXPECT_EQ(r.result_int(), 200U);
  EXPECT_EQ(document_of(r).at("summary").as_array().size(), 1U);
  EXPECT_THAT(service_.asked, ElementsAre("plan"));
}

TEST_F(api_routes, a_replica_is_forgotten_by_its_name) {
  EXPECT_EQ(send_json("POST", "/v1/forget-replica?database=main&replica=r%201%40h", "").result_int(), 200U);
  EXPECT_THAT(service_.asked, ElementsAre("forget r 1@h of main"));
  EXPECT_EQ(document_of(send_json("POST", "/v1/forget-replica", "")).at("code"), "invalid_request");
  EXPECT_EQ(service_.asked.size(), 1U);
}

TEST_F(api_routes, jobs_and_databases_come_in_an_object) {
  EXPECT_EQ(document_of(get("/v1/jobs")).at("jobs").as_array().size(), 1U);
  EXPECT_EQ(document_of(get("/v1/databases")).at("databases").at(0).at("name"), "main");
}

TEST_F(api_routes, a_list_of_jobs_names_the_databases_that_cannot_be_reached) {
  EXPECT_EQ(document_of(get("/v1/jobs")).at("unreachable"), json::array{});
  on_server([this] {
    service_.configured.push_back(
        {{"name", "other"}, {"reachable", false}, {"leader", nullptr}, {"error", "gone"}, {"replicas", json::array{}}});
  });
  const json::array expected{{{"name", "other"}, {"error", "gone"}}};
  EXPECT_EQ(document_of(get("/v1/jobs")).at("unreachable"), expected);
}

TEST_F(api_routes, one_job_is_answered_whole) { EXPECT_EQ(document_of(get("/v1/jobs/7")), fake_job(7, "copying")); }

TEST_F(api_routes, events_are_answered_from_where_the_client_is) {
  on_server([this] {
    for (int seq : {1, 2, 3}) service_.add_event(7, {{"seq", seq}, {"kind", "state"}, {"message", "m"}});
  });
  EXPECT_EQ(document_of(get("/v1/jobs/7/events")).at("events").as_array().size(), 3U);
  EXPECT_EQ(document_of(get("/v1/jobs/7/events?after=2&follow=0")).at("events").as_array().size(), 1U);
  const auto by_header = ask("GET /v1/jobs/7/events HTTP/1.1\r\nLast-Event-ID: 1\r\n\r\n");
  EXPECT_EQ(document_of(by_header).at("events").as_array().size(), 2U);
}

TEST_F(api_routes, commands_reach_their_job) {
  for (const std::string command : {"pause", "resume", "cutover", "abort", "drop-old"}) {
    for (const auto* body : {"", "{}"}) {
      const auto r = send_json("POST", "/v1/jobs/7/" + command, body);
      EXPECT_EQ(r.result_int(), 200U) << command;
      EXPECT_EQ(document_of(r).at("id"), 7) << command;
    }
  }
  EXPECT_THAT(service_.asked, ElementsAre("pause 7", "pause 7", "resume 7", "resume 7", "cutover 7", "cutover 7",
                                          "abort 7", "abort 7", "drop_old 7", "drop_old 7"));
}

TEST_F(api_routes, settings_are_patched) {
  const auto r = send_json("PATCH", "/v1/jobs/7/settings", R"({"copy_ratio":"0.5","workers":1})");
  EXPECT_EQ(r.result_int(), 200U);
  const json::object expected{{"copy_ratio", "0.5"}, {"workers", 1}};
  EXPECT_EQ(service_.last_settings, expected);
}

TEST_F(api_routes, description_is_served) {
  const auto r = get("/v1/openapi.json");
  EXPECT_EQ(r.result_int(), 200U);
  EXPECT_EQ(r[http::field::content_type], "application/json");
  EXPECT_EQ(document_of(r).at("openapi"), "3.1.0");
}

TEST_F(api_routes, monitoring_answers_on_both_listeners) {
  for (const auto& [target, body] : std::vector<std::pair<std::string, std::string>>{
           {"/metrics", service_.metrics()}, {"/healthz", "ok\n"}, {"/readyz", "ready\n"}}) {
    EXPECT_EQ(get(target).body(), body);
    tcp_client client{http_};
    client.send("GET " + target + " HTTP/1.1\r\n\r\n");
    const auto r = client.receive();
    EXPECT_EQ(r.result_int(), 200U) << target;
    EXPECT_EQ(r.body(), body);
  }
  EXPECT_EQ(get("/metrics")[http::field::content_type], "text/plain; version=0.0.4; charset=utf-8");
}

TEST_F(api_routes, readiness_follows_the_service) {
  on_server([this] { service_.is_ready = false; });
  EXPECT_EQ(get("/readyz").result_int(), 503U);
  EXPECT_EQ(get("/healthz").result_int(), 200U);
}

TEST_F(api_routes, control_is_not_offered_on_tcp) {
  for (const auto& route : {"GET /v1/jobs", "POST /v1/jobs", "GET /v1/openapi.json", "POST /v1/jobs/7/abort"}) {
    tcp_client client{http_};
    client.send(std::string{route} + " HTTP/1.1\r\n\r\n");
    expect_problem(client.receive(), 404, "no_such_route");
  }
  EXPECT_TRUE(service_.asked.empty());
}

TEST_F(api_routes, head_answers_without_a_body) {
  auto client = connect();
  for (const auto* target : {"/healthz", "/v1/jobs", "/metrics"}) {
    client.send(std::string{"HEAD "} + target + " HTTP/1.1\r\n\r\n");
    const auto r = client.receive(true);
    EXPECT_EQ(r.result_int(), 200U) << target;
    EXPECT_NE(r[http::field::content_length], "0") << target;
  }
}

TEST_F(api_routes, unknown_paths_are_not_found) {
  for (const auto* target :
       {"/", "/v1", "/v2/jobs", "/v1/jobs/", "/v1/jobs/7/events/", "/v1/jobs/7/nothing", "/metrics/x"}) {
    expect_problem(get(target), 404, "no_such_route");
  }
}

TEST_F(api_routes, other_methods_are_told_which_there_are) {
  const std::vector<std::array<std::string, 3>> cases{
      {"DELETE", "/v1/jobs", "GET, HEAD, POST"}, {"PUT", "/v1/jobs/7", "GET, HEAD"},
      {"GET", "/v1/jobs/7/pause", "POST"},       {"HEAD", "/v1/plan", "POST"},
      {"POST", "/v1/jobs/7/settings", "PATCH"},  {"POST", "/metrics", "GET, HEAD"},
      {"OPTIONS", "/healthz", "GET, HEAD"},      {"BREW", "/healthz", "GET, HEAD"}};
  for (const auto& [method, target, allow] : cases) {
    const auto r = ask(method + " " + target + " HTTP/1.1\r\n\r\n");
    EXPECT_EQ(r.result_int(), 405U) << method << " " << target;
    EXPECT_EQ(r[http::field::allow], allow) << method << " " << target;
  }
  EXPECT_TRUE(service_.asked.empty());
}

TEST_F(api_routes, jobs_that_are_not_there_are_not_found) {
  for (const auto* id : {"8", "abc", "-1", "7x", "99999999999999999999", "7%20"}) {
    expect_problem(get(std::string{"/v1/jobs/"} + id), 404, "no_such_job");
  }
  expect_problem(get("/v1/jobs/8/events?follow=1"), 404, "no_such_job");
}

TEST_F(api_routes, malformed_json_is_refused) {
  for (const auto* body : {"", "{", "nonsense", "{\"alter\":}", "{}{}", "{\"alter\":\"\xff\"}"}) {
    expect_problem(send_json("POST", "/v1/jobs", body), 400, "malformed_json");
  }
  expect_problem(send_json("PATCH", "/v1/jobs/7/settings", "{workers:1}"), 400, "malformed_json");
  expect_problem(send_json("POST", "/v1/jobs/7/pause", "{"), 400, "malformed_json");
  expect_problem(send_json("POST", "/v1/plan", std::string(100, '[') + std::string(100, ']')), 400, "malformed_json");
  EXPECT_TRUE(service_.asked.empty());
}

TEST_F(api_routes, wrong_fields_are_all_named) {
  const auto r = send_json(
      "POST", "/v1/jobs",
      R"({"database":1,"table":[],"alter":null,"name":"","settings":"x","postpone_cutover":"yes","tabel":"t"})");
  expect_problem(r, 400, "invalid_request");
  const std::string detail{document_of(r).at("detail").as_string()};
  EXPECT_THAT(detail,
              AllOf(HasSubstr("database must be a string"), HasSubstr("table must be a string"),
                    HasSubstr("alter must be a string"), HasSubstr("name must be a string of 1 to 200 bytes"),
                    HasSubstr("settings must be an object"), HasSubstr("postpone_cutover must be true or false"),
                    HasSubstr("there is no field \"tabel\"")));
  EXPECT_TRUE(service_.asked.empty());
}

TEST_F(api_routes, a_name_has_at_most_200_bytes) {
  const auto submit_as = [&](const std::string& name) {
    return send_json("POST", "/v1/jobs", R"({"alter":"x","name":")" + name + "\"}");
  };
  const auto refused = submit_as(std::string(199, 'n') + "\u00e9");
  expect_problem(refused, 400, "invalid_request");
  EXPECT_THAT(refused.body(), HasSubstr("name must be a string of 1 to 200 bytes"));
  EXPECT_TRUE(service_.asked.empty());
  EXPECT_EQ(submit_as(std::string(198, 'n') + "\u00e9").result_int(), 201U);
}

TEST_F(api_routes, bodies_of_the_wrong_kind_are_refused) {
  expect_problem(send_json("POST", "/v1/jobs", "[]"), 400, "invalid_request");
  expect_problem(send_json("POST", "/v1/jobs", "{\"table\":\"t\"}"), 400, "invalid_request");
  expect_problem(send_json("POST", "/v1/jobs", "{\"alter\":\"\"}"), 400, "invalid_request");
  expect_problem(send_json("POST", "/v1/jobs", R"({"table":"t","alter":"ADD a int\u0000, ADD b int"})"), 400,
                 "invalid_request");
  expect_problem(send_json("POST", "/v1/jobs/7/abort", "{\"force\":true}"), 400, "invalid_request");
  expect_problem(send_json("PATCH", "/v1/jobs/7/settings", "7"), 400, "invalid_request");
  EXPECT_TRUE(service_.asked.empty());
}

TEST_F(api_routes, impossible_settings_are_refused_before_anything_is_asked) {
  const auto patched = send_json("PATCH", "/v1/jobs/7/settings", R"({"workers":99,"wrokers":1})");
  expect_problem(patched, 400, "bad_setting");
  EXPECT_THAT(std::string{document_of(patched).at("detail").as_string()},
              AllOf(HasSubstr("workers must be"), HasSubstr("no setting \"wrokers\"")));
  expect_problem(send_json("POST", "/v1/plan", R"({"alter":"x","settings":{"verify":1}})"), 400, "bad_setting");
  EXPECT_TRUE(service_.asked.empty());
}

TEST_F(api_routes, wrong_parameters_are_refused) {
  for (const auto* target :
       {"/v1/jobs?x=1", "/v1/jobs/7/events?folow=1", "/v1/jobs/7/events?follow=yes", "/v1/jobs/7/events?after=x",
        "/v1/jobs/7/events?after=-1", "/v1/jobs?=1", "/metrics?after=1"}) {
    expect_problem(get(target), 400, "invalid_request");
  }
  expect_problem(ask("GET /v1/jobs/7/events HTTP/1.1\r\nLast-Event-ID: x\r\n\r\n"), 400, "invalid_request");
  expect_problem(get("/v1/jobs?x=%zz"), 400, "malformed_target");
}

// document_of() takes nothing but UTF-8.
TEST_F(api_routes, targets_that_are_not_utf8_are_refused) {
  for (const auto* target : {"/\xff", "/v1/jobs/\xff", "/v1/jobs?\xff=1", "/v1/jobs?%ff=1", "/v1/jobs/7?a=%c3"})
    expect_problem(get(target), 400, "malformed_target");
  expect_problem(get("/caf\xc3\xa9"), 404, "no_such_route");
  EXPECT_TRUE(service_.asked.empty());
}

TEST_F(api_routes, targets_that_are_not_utf8_are_logged_as_json_all_the_same) {
  ::testing::internal::CaptureStderr();
  on_server([] { start_logging("debug", "json"); });
  get("/v1/jobs/\xff");
  const auto line = json::parse(::testing::internal::GetCapturedStderr()).as_object();
  EXPECT_EQ(line.at("target"), "/v1/jobs/%FF");
}

TEST_F(api_routes, problems_of_the_service_are_answered_as_they_are) {
  problem p;
  p.status = 422;
  p.code = "no_usable_key";
  p.title = "The table is refused";
  p.detail = "public.orders has no usable key.";
  p.advice = "Add a primary key.";
  p.refusals = {{{"code", "no_usable_key"}, {"reason", "r"}, {"advice", "a"}}};
  on_server([&] { service_.failure = std::make_exception_ptr(p); });
  const auto r = send_json("POST", "/v1/jobs", a_submission);
  expect_problem(r, 422, "no_usable_key");
  EXPECT_EQ(document_of(r).at("title").as_string(), p.title);
  EXPECT_EQ(document_of(r).at("detail").as_string(), p.detail);
  EXPECT_EQ(document_of(r).at("advice").as_string(), p.advice);
  EXPECT_EQ(document_of(r).at("refusals"), p.refusals);
}

TEST_F(api_routes, other_errors_are_the_daemons_own_and_stay_in_its_log) {
  on_server([this] { service_.failure = std::make_exception_ptr(std::runtime_error{"password=secret"}); });
  ::testing::internal::CaptureStderr();
  const auto r = get("/v1/jobs");
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), HasSubstr("password=secret"));
  expect_problem(r, 500, "internal_error");
  EXPECT_THAT(r.body(), Not(HasSubstr("secret")));
  EXPECT_EQ(get("/healthz").result_int(), 200U);
}

}  // namespace
}  // namespace eidolon::daemon::api
