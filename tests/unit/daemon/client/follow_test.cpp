// What eidolon prints of a job that goes on: its events, and while it watches it or waits for it.
#include "client_fixture.hpp"

namespace eidolon::daemon::api {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class client_that_follows : public client {};

json::object event(std::int64_t seq, std::string_view message) {
  return {{"seq", seq},
          {"at", "2026-01-01T00:00:00Z"},
          {"kind", "state"},
          {"message", message},
          {"detail", json::object{}}};
}

TEST_F(client_that_follows, events_are_printed_line_by_line) {
  service_.history[7] = {event(1, "first"), event(2, "second")};
  start();
  EXPECT_EQ(eidolon("events 7").out,
            "2026-01-01T00:00:00Z  state         first\n2026-01-01T00:00:00Z  state         second\n");
  EXPECT_EQ(json::parse(eidolon("events 7 --json").out).at("events").as_array().size(), 2U);
}

TEST_F(client_that_follows, events_are_followed_to_the_end_of_the_job) {
  service_.history[7] = {event(1, "first"), event(2, "second")};
  service_.next_views[7] = {fake_job(7, "copying"), fake_job(7, "copying"), fake_job(7, "done")};
  start();
  const auto r = eidolon("events 7 --follow");
  EXPECT_EQ(r.status, 0) << r.err;
  EXPECT_THAT(r.out, AllOf(HasSubstr("first\n"), EndsWith("second\n")));
  EXPECT_EQ(r.out.find("first"), r.out.rfind("first"));
  const auto as_json = eidolon("events 7 --follow --json");
  EXPECT_EQ(json::parse(as_json.out.substr(0, as_json.out.find('\n'))).at("seq"), 1);
}

TEST_F(client_that_follows, watch_prints_lines_when_stdout_is_no_terminal) {
  service_.next_views[7] = {view("queued"), view("copying"), view("copying"), view("ready"), view("retaining")};
  start();
  const auto r = eidolon("watch 7");
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.out, AllOf(StartsWith("queued 42.0%"), HasSubstr("\ncopying 42.0%"), HasSubstr("\nready 42.0%"),
                           HasSubstr("\njob 7: public.orders has its new shape; the old table is kept for 24h")));
  EXPECT_THAT(r.out, Not(HasSubstr("\x1b")));
}

TEST_F(client_that_follows, watch_prints_the_rate_as_soon_as_it_is_known) {
  auto unrated = view("copying");
  unrated["rate"] = {{"rows_per_second", 0.0}, {"bytes_per_second", 0.0}};
  service_.next_views[7] = {unrated, unrated, view("copying"), view("copying"), view("retaining")};
  start();
  const auto r = eidolon("watch 7");
  EXPECT_THAT(r.out, StartsWith("copying 42.0%, ETA 1m35s, lag 0.2s, backlog 7\n"
                                "copying 42.0%, 1,234 rows/s, ETA 1m35s, lag 0.2s, backlog 7\n"
                                "retaining 42.0%"));
}

TEST_F(client_that_follows, watch_shows_a_bar_on_a_terminal) {
  service_.next_views[7] = {view("copying"), view("retaining", "0s"), view("done", "0s")};
  start();
  const auto r = run_in_shell("script -qec '" + command_line("watch 7") + "' /dev/null </dev/null");
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.out, AllOf(HasSubstr("\r\x1b[Kcopying      [##########"), HasSubstr("job 7 is done")));
}

TEST_F(client_that_follows, watch_as_json_prints_a_job_a_line) {
  service_.next_views[7] = {view("copying"), view("done")};
  start();
  const auto r = eidolon("watch 7 --json");
  EXPECT_EQ(json::parse(r.out.substr(0, r.out.find('\n'))).at("state"), "copying");
  EXPECT_THAT(r.out, HasSubstr("\"state\":\"done\""));
}

TEST_F(client_that_follows, watch_and_wait_fail_with_the_job) {
  for (const std::string command : {"watch 7", "wait 7", "wait 7 --state done"}) {
    auto failed = fake_job(7, "failed");
    failed["error"] = {
        {"code", "data_error"}, {"message", "duplicate key"}, {"constraint", "orders_x_key"}, {"key", "(7)"}};
    service_.next_views[7] = {view("aborting"), failed};
    start();
    const auto r = eidolon(command);
    EXPECT_EQ(r.status, 1) << command;
    if (command != "wait 7 --state done") {
      EXPECT_EQ(r.err, "eidolon: job 7 failed: data_error: duplicate key (constraint orders_x_key) (key (7))\n")
          << command;
    }
    stop();
    context_.restart();
  }
}

TEST_F(client_that_follows, wait_returns_when_the_state_is_reached) {
  const std::vector<std::pair<std::string, json::object>> cases{{"wait 7", view("retaining")},
                                                                {"wait 7", view("done")},
                                                                {"wait 7 --state ready", view("ready")},
                                                                {"wait 7 --state copying", view("verifying")},
                                                                {"wait 7 --state aborted", view("aborted")},
                                                                {"wait 7 --state done --timeout 600", view("done")}};
  for (const auto& [command, last] : cases) {
    service_.next_views[7] = {view("queued"), last};
    start();
    const auto r = eidolon(command);
    EXPECT_EQ(r.status, 0) << command << r.err;
    EXPECT_THAT(r.out + r.err, IsEmpty()) << command;
    stop();
    context_.restart();
  }
}

TEST_F(client_that_follows, wait_times_out) {
  start();
  const auto r = eidolon("wait 7 --timeout 0");
  EXPECT_EQ(r.status, 4);
  EXPECT_THAT(r.err, HasSubstr("job 7 is copying"));
}

TEST_F(client_that_follows, wait_outlasts_a_daemon_that_is_away_for_a_while) {
  problem away;
  away.status = 503;
  away.code = "database_unreachable";
  service_.failures_after[2] = std::make_exception_ptr(away);
  service_.next_views[7] = {view("copying"), view("copying"), view("done")};
  start();
  const auto r = eidolon("wait 7 --state done");
  EXPECT_EQ(r.status, 0) << r.err;
  EXPECT_THAT(service_.asked, ElementsAre("job 7", "job 7", "job 7", "job 7"));
}

}  // namespace
}  // namespace eidolon::daemon::api
