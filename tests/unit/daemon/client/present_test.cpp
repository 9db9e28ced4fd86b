// What the client makes of the daemon's answers, without a daemon.
#include "daemon/client/present.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/client/event_parser.hpp"
#include "daemon/client/outcome.hpp"
#include "daemon/throttle.hpp"
#include "tests/unit/daemon/fake_service.hpp"

namespace eidolon::client {
namespace {

namespace json = boost::json;
using daemon::fake_job;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::chrono::system_clock::time_point now{std::chrono::sys_days{std::chrono::January / 1 / 2026} +
                                                std::chrono::seconds{12}};

json::object held_job(json::array reasons) {
  auto job = fake_job(7, "copying");
  job["condition"].as_object()["throttled"] = std::move(reasons);
  return job;
}

TEST(durations, are_short) {
  const std::vector<std::pair<double, std::string_view>> cases{{0, "0.0s"},     {0.24, "0.2s"},  {9.94, "9.9s"},
                                                               {9.96, "10s"},   {59.4, "59s"},   {95, "1m35s"},
                                                               {3661, "1h01m"}, {90000, "1d01h"}};
  for (const auto& [seconds, text] : cases) EXPECT_EQ(duration_text(seconds), text) << seconds;
}

TEST(counts, are_grouped) {
  const std::vector<std::pair<double, std::string_view>> cases{
      {0, "0"},          {999, "999"},   {1000, "1,000"},    {1234567, "1,234,567"},
      {-1000, "-1,000"}, {-100, "-100"}, {123456, "123,456"}};
  for (const auto& [n, text] : cases) EXPECT_EQ(count_text(n), text) << n;
}

TEST(replicas, are_listed_with_what_is_known_of_them) {
  const auto text = replica_table(json::parse(R"({"databases": [{"name": "main", "replicas": [
      {"name": "r1", "lag_seconds": 0.25, "lag_bytes": 1234567, "source": "direct", "error": null},
      {"name": "r2", "lag_seconds": null, "lag_bytes": null, "source": "pg_stat_replication", "error": "it is gone"}]}]})"));
  EXPECT_THAT(text, AllOf(HasSubstr("r1"), HasSubstr("0.2"), HasSubstr("1,234,567"), HasSubstr("r2"),
                          HasSubstr("unknown"), HasSubstr("it is gone")));
}

TEST(conditions, say_what_a_postponed_job_waits_for) {
  auto job = fake_job(7, "ready");
  job["postpone_cutover"] = true;
  EXPECT_THAT(state_and_condition(job), HasSubstr("waits for `eidolon cutover 7`"));
  job["state"] = "copying";
  EXPECT_THAT(state_and_condition(job), Not(HasSubstr("waits for")));
}

TEST(unreachable_databases, are_named_with_the_reason) {
  const auto text = unreachable_databases(
      json::parse(R"({"jobs": [], "unreachable": [{"name": "other", "error": "connection refused"}]})"));
  EXPECT_THAT(text, AllOf(StartsWith("eidolon: warning: the database other "), EndsWith("connection refused\n")));
  EXPECT_EQ(unreachable_databases(json::parse(R"({"jobs": [], "unreachable": []})")), "");
}

TEST(progress, is_a_line) {
  EXPECT_EQ(progress_line(fake_job(7, "copying")), "copying 42.0%, 1,234 rows/s, ETA 1m35s, lag 0.2s, backlog 7");
}

TEST(progress, names_what_holds_the_job) {
  auto job = fake_job(7, "copying");
  job["condition"] = {{"paused", true},
                      {"paused_reason", "by hand"},
                      {"throttled", {{{"reason", "lag"}, {"since", "x"}, {"detail", "r1 is 3.2 s behind"}}}}};
  EXPECT_THAT(progress_line(job), EndsWith("paused: by hand, throttled: lag (r1 is 3.2 s behind, since x)"));
  EXPECT_EQ(state_and_condition(job), "copying, paused: by hand, throttled: lag (r1 is 3.2 s behind, since x)");
}

TEST(progress, is_never_told_as_complete_too_early) {
  auto job = fake_job(7, "copying");
  job["progress"].as_object()["ratio"] = 0.99999;
  EXPECT_THAT(progress_line(job), HasSubstr("99.9%"));
  job["progress"].as_object()["ratio"] = 1;
  EXPECT_THAT(progress_line(job), HasSubstr("100.0%"));
}

TEST(progress, is_that_of_the_state_where_it_is_known) {
  auto job = fake_job(7, "verifying");
  job["progress"].as_object()["ratio"] = 1;
  EXPECT_THAT(progress_line(job), StartsWith("verifying 100.0%"));
  job["progress"].as_object()["state_ratio"] = 0.25;
  EXPECT_THAT(progress_line(job), StartsWith("verifying 25.0%"));
  EXPECT_THAT(progress_bar(job, 200, now), StartsWith("verifying    [######------------------]  25.0%"));
  const auto text = job_details(job);
  EXPECT_THAT(text, HasSubstr("25.0% of verifying"));
  EXPECT_THAT(text, HasSubstr("100.0% (42 of 100 blocks"));
}

TEST(progress, is_a_bar_that_fits) {
  const auto bar = progress_bar(fake_job(7, "copying"), 200, now);
  EXPECT_THAT(bar, StartsWith("copying      [##########--------------]  42.0%  1,234 rows/s"));
  EXPECT_EQ(progress_bar(fake_job(7, "copying"), 20, now), bar.substr(0, 20));
}

TEST(progress, bar_of_80_columns_shows_what_holds_the_job_and_for_how_long) {
  const auto bar_of = [](json::array reasons) { return progress_bar(held_job(std::move(reasons)), 79, now); };
  const json::object lag{
      {"reason", "lag"}, {"since", "2026-01-01T00:00:00Z"}, {"detail", "replica r1 is 3.2 s behind"}};
  EXPECT_EQ(bar_of({lag}), "copying      [###-----]  42.0%  throttled: lag 12s (replica r1 is 3.2 s behind)");
  const json::object active{{"reason", "max_active"}, {"since", "2026-01-01T00:00:09Z"}, {"detail", "120 are active"}};
  EXPECT_THAT(bar_of({lag, active}), HasSubstr("throttled: lag 12s, max_active 3s (replica r1"));
  for (const auto reason : daemon::hold_reasons)
    EXPECT_THAT(bar_of({{{"reason", reason}, {"since", "2025-12-30T20:00:00Z"}, {"detail", "it is so"}}}),
                HasSubstr("throttled: " + std::string{reason} + " 1d04h "));
}

TEST(progress, bar_tells_for_how_long_a_job_is_paused) {
  auto job = fake_job(7, "copying");
  job["condition"] = {{"paused", true}, {"paused_reason", "by hand"}, {"paused_since", "2025-12-31T23:58:37Z"}};
  EXPECT_THAT(progress_bar(job, 79, now), HasSubstr("%  paused 1m35s: by hand  1,234 rows/s"));
  EXPECT_THAT(job_details(job), HasSubstr("paused since  2025-12-31T23:58:37Z\n"));
  EXPECT_THAT(progress_line(job), EndsWith(", paused: by hand"));
}

TEST(progress, bar_tells_the_measures_of_a_held_job_last) {
  const json::object lag{{"reason", "lag"}, {"since", "x"}, {"detail", ""}};
  EXPECT_THAT(progress_bar(held_job({lag}), 200, now), HasSubstr("%  throttled: lag  1,234 rows/s  ETA 1m35s"));
  const json::object ahead{{"reason", "lag"}, {"since", "2026-01-01T00:00:20Z"}};
  EXPECT_THAT(progress_bar(held_job({ahead}), 200, now), HasSubstr("throttled: lag 0s  1,234"))
      << "of a clock that is ahead";
}

TEST(progress, bar_is_cut_between_characters) {
  auto job = fake_job(7, "copying");
  job["rate"] = job["eta_seconds"] = job["lag_seconds"] = job["progress"] = nullptr;
  job["condition"].as_object()["paused_reason"] = "äöü";
  job["condition"].as_object()["paused"] = true;
  const auto whole = progress_bar(job, 500, now);
  const auto columns = whole.size() - 3;
  EXPECT_EQ(progress_bar(job, columns - 1, now), whole.substr(0, whole.size() - 2));
}

TEST(job_text, is_a_table) {
  const auto text = job_table({{"jobs", {fake_job(7, "copying"), fake_job(12, "done")}}});
  EXPECT_THAT(text, AllOf(StartsWith("ID  NAME  DATABASE  TABLE          STATE    PROGRESS  ETA    CONDITION\n"),
                          HasSubstr("\n7         main      public.orders  copying  42.0%     1m35s\n"),
                          HasSubstr("\n12        main      public.orders  done ")));
}

TEST(job_text, tells_all_there_is) {
  auto job = fake_job(7, "failed");
  job["name"] = "nightly";
  job["error"] = {{"code", "data_error"}, {"message", "duplicate"}, {"constraint", "orders_x_key"}, {"key", "(7)"}};
  job["warnings"] = {"careful"};
  job["cutover"] = {
      {"attempts", 3},
      {"last_outcome", "blocked"},
      {"blockers", {{{"pid", 42}, {"application_name", "psql"}, {"query", "SELECT\n\x1b[31m1"}, {"seconds", 3.0}}}}};
  const auto text = job_details(job);
  for (const auto* part :
       {"nightly", "public.orders in main", "ALTER COLUMN id TYPE bigint", "data_error: duplicate",
        "(constraint orders_x_key)", "(key (7))", "careful", "3, the last: blocked", "42 psql for 3.0s",
        "42 of 100 blocks", "1,234 rows/s", "copying 12s", "keep_old=24h", "copy_ratio=1 ", "2026-01-01T00:00:01Z"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(job_text, does_without_fields_that_are_missing) {
  EXPECT_THAT(job_details({{"id", 7}}), StartsWith("job"));
  EXPECT_THAT(progress_line(json::object{}), Not(HasSubstr("%")));
  EXPECT_EQ(job_table(json::object{}).find('\n'), job_table(json::object{}).size() - 1);
}

TEST(problem_texts, have_code_sentence_and_advice) {
  EXPECT_EQ(problem_text({{"code", "c"}, {"detail", "It is so."}, {"advice", "Do that."}}),
            "c: It is so.\n  Do that.\n");
}

TEST(problem_texts, tell_every_refusal) {
  EXPECT_EQ(problem_text({{"code", "a"},
                          {"detail", "d"},
                          {"refusals",
                           {{{"code", "a"}, {"reason", "No key."}, {"advice", "Add one."}},
                            {{"code", "b"}, {"reason", "A view."}, {"advice", "Drop it."}}}}}),
            "a: No key.\n  Add one.\nb: A view.\n  Drop it.\n");
}

TEST(plan_texts, have_summary_warnings_and_statements) {
  EXPECT_EQ(plan_text({{"table", "public.t"},
                       {"summary", {"id: bigint"}},
                       {"warnings", {"w"}},
                       {"statements", {"CREATE X", "DROP Y;"}}}),
            "public.t\n  id: bigint\nwarnings:\n  w\nstatements:\n  CREATE X;\n  DROP Y;\n");
}

TEST(endings, are_sentences) {
  auto job = fake_job(7, "done");
  job["timings"].as_object()["cutover_held_seconds"] = 0.0123;
  EXPECT_EQ(ending(job), "job 7 is done: public.orders has its new shape (the cutover held its locks for 12 ms)");
  EXPECT_THAT(ending(fake_job(7, "retaining")),
              HasSubstr("the old table is kept for 24h, or until \"eidolon drop-old 7\""));
  EXPECT_EQ(ending(fake_job(7, "aborted")), "job 7 is aborted");
  job = fake_job(7, "failed");
  job["error"] = {{"code", "c"}, {"message", "m"}};
  EXPECT_EQ(ending(job), "job 7 failed: c: m");
}

struct waited {
  const char* target;
  const char* present;
  outcome expected;
};

TEST(waiting_for_a_state, knows_what_can_still_come) {
  const std::vector<waited> cases{
      {"copying", "queued", outcome::possible},   {"copying", "copying", outcome::reached},
      {"copying", "verifying", outcome::reached}, {"copying", "done", outcome::reached},
      {"copying", "failed", outcome::impossible}, {"copying", "aborting", outcome::impossible},
      {"done", "retaining", outcome::possible},   {"done", "aborted", outcome::impossible},
      {"failed", "copying", outcome::possible},   {"failed", "done", outcome::impossible},
      {"failed", "aborting", outcome::possible},  {"failed", "aborted", outcome::impossible},
      {"aborted", "aborting", outcome::possible}, {"aborted", "failed", outcome::impossible},
      {"aborting", "aborted", outcome::reached},  {"aborting", "copying", outcome::possible},
      {"aborting", "done", outcome::impossible},  {"verifying", "cutting_over", outcome::reached},
  };
  for (const auto& c : cases) EXPECT_EQ(toward(c.target, c.present), c.expected) << c.target << " when " << c.present;
}

TEST(waiting_for_the_end, is_over_when_the_new_shape_is_live) {
  EXPECT_EQ(toward_the_end(fake_job(7, "validating")), outcome::possible);
  EXPECT_EQ(toward_the_end(fake_job(7, "retaining")), outcome::reached);
  EXPECT_EQ(toward_the_end(fake_job(7, "done")), outcome::reached);
  EXPECT_EQ(toward_the_end(fake_job(7, "aborting")), outcome::possible);
  EXPECT_EQ(toward_the_end(fake_job(7, "aborted")), outcome::impossible);
  EXPECT_EQ(toward_the_end(fake_job(7, "failed")), outcome::impossible);
  auto at_once = fake_job(7, "retaining");
  at_once["settings"].as_object()["keep_old"] = "0s";
  EXPECT_EQ(toward_the_end(at_once), outcome::possible);
}

TEST(event_parsing, does_not_depend_on_how_the_text_is_cut) {
  const std::string text = ": heartbeat\n\nid: 1\nevent: state\ndata: {\"a\":1}\n\ndata:x\ndata:  y\n\nevent: none\n\n";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    std::vector<std::string> seen;
    event_parser parser{[&](std::string_view name, std::string_view data) {
      seen.push_back(std::string{name} + "|" + std::string{data});
    }};
    for (std::size_t i = 0; i < text.size(); i += piece) parser.feed(std::string_view{text}.substr(i, piece));
    EXPECT_THAT(seen, ElementsAre("state|{\"a\":1}", "|x\n y")) << piece;
  }
}

}  // namespace
}  // namespace eidolon::client
