// Event streams: their framing, and how they go on, stay alive and end.
#include <csignal>

#include "daemon/api/event_frame.hpp"
#include "tests/unit/daemon/api/api_fixture.hpp"

namespace eidolon::daemon::api {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

json::object event(std::int64_t seq, std::string_view message) {
  return {{"seq", seq},
          {"at", "2026-01-01T00:00:00Z"},
          {"kind", "state"},
          {"message", message},
          {"detail", json::object{}}};
}

TEST(event_frames, have_id_name_and_data) {
  EXPECT_EQ(event_frame({{"seq", 3}, {"kind", "state"}, {"message", "a\nb"}}),
            "id: 3\nevent: state\ndata: {\"seq\":3,\"kind\":\"state\",\"message\":\"a\\nb\"}\n\n");
}

TEST(event_frames, cannot_be_broken_by_a_name) {
  EXPECT_EQ(event_frame({{"seq", 3}, {"kind", "a\ndata: b\r"}}).find("\ndata: b"), std::string::npos);
}

TEST(event_frames, tell_a_problem) {
  EXPECT_EQ(problem_frame({{"code", "c"}}), "event: problem\ndata: {\"code\":\"c\"}\n\n");
}

class event_stream : public api_server {
 protected:
  event_stream() {
    service_.known[7] = fake_job(7, "copying");
    service_.history[7] = {event(1, "first"), event(2, "second")};
  }
  unix_client follow(std::string_view header = {}, std::string_view query = "follow=1") {
    auto client = connect();
    client.send("GET /v1/jobs/7/events?" + std::string{query} + " HTTP/1.1\r\n" + std::string{header} + "\r\n");
    return client;
  }
  void end_job(std::string_view state) {
    on_server([this, state] {
      service_.known[7]["state"] = state;
      service_.add_event(7, event(3, state));
    });
  }
};

TEST_F(event_stream, begins_with_the_history_and_ends_with_the_job) {
  start();
  auto client = follow();
  const auto beginning = client.receive_text("second");
  EXPECT_THAT(beginning,
              AllOf(HasSubstr("200 OK"), HasSubstr("Content-Type: text/event-stream"), HasSubstr("id: 1\n")));
  end_job("done");
  EXPECT_THAT(client.receive_text(),
              AllOf(HasSubstr("id: 2\n"), HasSubstr("id: 3\nevent: state\ndata: {"), EndsWith("}\n\n")));
}

TEST_F(event_stream, of_an_ended_job_is_its_history) {
  for (const auto* state : {"done", "failed", "aborted"}) {
    service_.known[7]["state"] = state;
    start();
    EXPECT_THAT(follow().receive_text(), HasSubstr("second")) << state;
    stop();
    context_.restart();
  }
}

TEST_F(event_stream, goes_on_after_the_event_that_was_seen_last) {
  service_.known[7]["state"] = "done";
  start();
  const auto text = follow("Last-Event-ID: 1\r\n").receive_text();
  EXPECT_THAT(text, AllOf(Not(HasSubstr("first")), HasSubstr("second")));
  const auto same = follow("", "follow=1&after=1").receive_text();
  EXPECT_THAT(same, AllOf(Not(HasSubstr("first")), HasSubstr("second")));
}

TEST_F(event_stream, says_that_it_lives_when_nothing_happens) {
  limits l;
  l.heartbeat = 20ms;
  start(l);
  auto client = follow();
  EXPECT_THAT(client.receive_text(": heartbeat\n\n: heartbeat\n\n"), HasSubstr("second"));
}

TEST_F(event_stream, outlasts_the_timeouts_of_requests) {
  limits l;
  l.request_timeout = l.response_timeout = 400ms;
  l.heartbeat = 300ms;
  start(l);
  auto client = follow();
  client.receive_text(": heartbeat\n\n: heartbeat\n\n: heartbeat\n\n: heartbeat\n\n");
  end_job("failed");
  EXPECT_THAT(client.receive_text(), HasSubstr("id: 3\n"));
}

TEST_F(event_stream, ends_with_a_problem_when_the_service_fails) {
  limits l;
  l.heartbeat = 20ms;
  start(l);
  auto client = follow();
  client.receive_text("second");
  problem p;
  p.status = 503;
  p.code = "database_unreachable";
  on_server([&] { service_.failure = std::make_exception_ptr(p); });
  EXPECT_THAT(client.receive_text(),
              AllOf(HasSubstr("event: problem\ndata: {"), HasSubstr("database_unreachable"), EndsWith("}\n\n")));
}

TEST_F(event_stream, ends_at_once_when_the_client_is_gone) {
  limits l;
  l.connections = 1;
  start(l);
  {
    auto client = follow();
    client.receive_text("second");
    client.end_sending();
    EXPECT_TRUE(client.is_closed_by_server());
  }
  EXPECT_EQ(get("/healthz").result_int(), 200U);
}

TEST_F(event_stream, ends_when_the_server_stops) {
  start();
  auto client = follow();
  client.receive_text("second");
  stop();
  EXPECT_THAT(client.receive_text(), Not(HasSubstr("problem")));
}

}  // namespace
}  // namespace eidolon::daemon::api
