// Metrics as Prometheus reads them.
#include "daemon/telemetry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <sstream>

#include "daemon/throttle.hpp"

namespace eidolon::daemon {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::array<std::string_view, 3> states{"queued", "copying", "done"};

class telemetry_text : public ::testing::Test {
 protected:
  // The value of the one series whose line holds the name and all of the labels; "none" without one.
  std::string value(const std::string& name, const std::vector<std::string>& labels) const {
    std::istringstream text{telemetry_.text()};
    for (std::string line; std::getline(text, line);) {
      const auto brace = line.find('{');
      bool same = line.substr(0, brace) == name;
      for (const auto& label : labels) same = same && line.find(label) != std::string::npos;
      if (same) return line.substr(line.rfind(' ') + 1);
    }
    return "none";
  }

  telemetry telemetry_{states};
};

const std::vector<std::string> of_job_7{R"(database="main")", R"(job="7")", R"(table="public.orders")"};

std::vector<std::string> of_job_7_and(std::string label) {
  auto labels = of_job_7;
  labels.push_back(std::move(label));
  return labels;
}

TEST_F(telemetry_text, names_the_version) { EXPECT_EQ(value("eidolon_build_info", {"version=\""}), "1"); }

TEST_F(telemetry_text, shows_the_one_state_a_job_is_in) {
  job_telemetry job{telemetry_, "main", 7, "public.orders"};
  job.state("queued");
  job.state("copying");
  EXPECT_EQ(value("eidolon_job_state", of_job_7_and(R"(state="queued")")), "0");
  EXPECT_EQ(value("eidolon_job_state", of_job_7_and(R"(state="copying")")), "1");
  EXPECT_EQ(value("eidolon_job_state", of_job_7_and(R"(state="done")")), "0");
}

TEST_F(telemetry_text, counts_what_a_job_did) {
  job_telemetry job{telemetry_, "main", 7, "public.orders"};
  job.progress(0.5);
  job.max_lag(1500ms);
  job.copied(10, 8192);
  job.copied(5, 8192);
  job.backlog(3);
  job.applied(4);
  job.blocked_application(250ms);
  job.blocked_application(250ms);
  EXPECT_EQ(value("eidolon_job_progress_ratio", of_job_7), "0.5");
  EXPECT_EQ(value("eidolon_job_max_lag_seconds", of_job_7), "1.5");
  EXPECT_EQ(value("eidolon_copied_rows_total", of_job_7), "15");
  EXPECT_EQ(value("eidolon_copied_bytes_total", of_job_7), "16384");
  EXPECT_EQ(value("eidolon_backlog_entries", of_job_7), "3");
  EXPECT_EQ(value("eidolon_applied_keys_total", of_job_7), "4");
  EXPECT_EQ(value("eidolon_blocked_application_seconds_total", of_job_7), "0.5");
}

TEST_F(telemetry_text, goes_on_counting_what_the_application_was_blocked) {
  job_telemetry job{telemetry_, "main", 7, "public.orders"};
  job.lock_budget(30s);
  job.blocked_application_before(2s);
  job.blocked_application(500ms);
  EXPECT_EQ(value("eidolon_blocked_application_seconds_total", of_job_7), "2.5");
  job_telemetry again{telemetry_, "main", 7, "public.orders"};
  again.blocked_application_before(2500ms);
  EXPECT_EQ(value("eidolon_blocked_application_seconds_total", of_job_7), "2.5") << "the series are shared";
  EXPECT_EQ(value("eidolon_job_lock_budget_seconds", of_job_7), "30");
  again.lock_budget(std::chrono::duration<double>{std::numeric_limits<double>::infinity()});
  EXPECT_EQ(value("eidolon_job_lock_budget_seconds", of_job_7), "+Inf");
}

TEST_F(telemetry_text, observes_durations_in_seconds) {
  job_telemetry job{telemetry_, "main", 7, "public.orders"};
  job.chunk(400ms);
  job.lock_wait(2ms);
  job.cutover_held(30ms);
  for (const std::string name :
       {"eidolon_chunk_duration_seconds", "eidolon_lock_wait_seconds", "eidolon_cutover_seconds"}) {
    EXPECT_EQ(value(name + "_count", of_job_7), "1") << name;
  }
  EXPECT_EQ(value("eidolon_chunk_duration_seconds_sum", of_job_7), "0.4");
  EXPECT_EQ(value("eidolon_chunk_duration_seconds_bucket", of_job_7_and(R"(le="0.25")")), "0");
  EXPECT_EQ(value("eidolon_chunk_duration_seconds_bucket", of_job_7_and(R"(le="0.5")")), "1");
  EXPECT_EQ(value("eidolon_cutover_seconds_bucket", of_job_7_and(R"(le="0.05")")), "1");
}

TEST_F(telemetry_text, tells_throttling_by_reason) {
  job_telemetry job{telemetry_, "main", 7, "public.orders"};
  job.throttled("lag", true, 1500ms);
  job.throttled("lag", true, 500ms);
  job.throttled("max_active", true, 1s);
  job.throttled("max_active", false, 0s);
  EXPECT_EQ(value("eidolon_throttled", of_job_7_and(R"(reason="lag")")), "1");
  EXPECT_EQ(value("eidolon_throttled", of_job_7_and(R"(reason="max_active")")), "0");
  EXPECT_EQ(value("eidolon_throttled_seconds_total", of_job_7_and(R"(reason="lag")")), "2");
}

TEST_F(telemetry_text, counts_cutover_attempts_by_outcome) {
  job_telemetry job{telemetry_, "main", 7, "public.orders"};
  job.cutover_attempt("blocked");
  job.cutover_attempt("blocked");
  job.cutover_attempt("swapped");
  EXPECT_EQ(value("eidolon_cutover_attempts_total", of_job_7_and(R"(outcome="blocked")")), "2");
  EXPECT_EQ(value("eidolon_cutover_attempts_total", of_job_7_and(R"(outcome="swapped")")), "1");
}

// Whoever alerts on their increase is to see the first one.
TEST_F(telemetry_text, has_every_reason_and_outcome_before_it_happens) {
  {
    job_telemetry job{telemetry_, "main", 7, "public.orders"};
    for (const auto reason : hold_reasons) {
      const auto labels = of_job_7_and("reason=\"" + std::string{reason} + "\"");
      EXPECT_EQ(value("eidolon_throttled", labels), "0") << reason;
      EXPECT_EQ(value("eidolon_throttled_seconds_total", labels), "0") << reason;
    }
    for (const auto outcome : cutover_outcomes) {
      const auto labels = of_job_7_and("outcome=\"" + std::string{outcome} + "\"");
      EXPECT_EQ(value("eidolon_cutover_attempts_total", labels), "0") << outcome;
    }
  }
  EXPECT_THAT(telemetry_.text(), Not(HasSubstr("reason=")));
}

TEST(metrics_page, names_every_reason_and_outcome) {
  std::ifstream file{EIDOLON_SOURCE_DIR "/docs/metrics.md"};
  const std::string page{std::istreambuf_iterator<char>{file}, {}};
  for (const auto reason : hold_reasons) EXPECT_THAT(page, HasSubstr(std::string{reason}));
  for (const auto outcome : cutover_outcomes) EXPECT_THAT(page, HasSubstr(std::string{outcome}));
}

TEST_F(telemetry_text, has_no_eta_while_it_is_unknown) {
  job_telemetry job{telemetry_, "main", 7, "public.orders"};
  EXPECT_EQ(value("eidolon_job_eta_seconds", of_job_7), "none");
  job.eta(90s);
  EXPECT_EQ(value("eidolon_job_eta_seconds", of_job_7), "90");
  job.eta(std::chrono::duration<double>{std::numeric_limits<double>::infinity()});
  EXPECT_EQ(value("eidolon_job_eta_seconds", of_job_7), "none");
}

TEST_F(telemetry_text, has_no_progress_of_a_state_that_tells_none) {
  job_telemetry job{telemetry_, "main", 7, "public.orders"};
  EXPECT_EQ(value("eidolon_job_state_progress_ratio", of_job_7), "none");
  job.state_progress(0.25);
  EXPECT_EQ(value("eidolon_job_state_progress_ratio", of_job_7), "0.25");
  job.state_progress(std::nullopt);
  EXPECT_EQ(value("eidolon_job_state_progress_ratio", of_job_7), "none");
}

TEST_F(telemetry_text, forgets_a_job_with_its_telemetry) {
  {
    job_telemetry job{telemetry_, "main", 7, "public.orders"};
    job_telemetry other{telemetry_, "main", 8, "public.orders"};
    job.eta(1s);
    job.throttled("lag", true, 1s);
    job.cutover_attempt("swapped");
    EXPECT_THAT(telemetry_.text(), HasSubstr(R"(job="7")"));
  }
  EXPECT_THAT(telemetry_.text(), Not(HasSubstr("job=")));
}

TEST_F(telemetry_text, keeps_a_job_series_while_one_of_two_objects_lives) {
  auto first = std::make_unique<job_telemetry>(telemetry_, "main", 7, "public.orders");
  first->copied(5, 5);
  job_telemetry second{telemetry_, "main", 7, "public.orders"};
  first.reset();
  second.copied(1, 1);
  EXPECT_EQ(value("eidolon_copied_rows_total", of_job_7), "6");
}

TEST_F(telemetry_text, tells_databases_and_their_replicas) {
  database_telemetry main{telemetry_, "main"};
  EXPECT_EQ(value("eidolon_database_up", {R"(database="main")"}), "0");
  main.up(true);
  main.replication_lag("r1", 3200ms, 700);
  main.replication_lag("r2", 0s, 0);
  main.replication_lag("r1", 1200ms, 500);
  EXPECT_EQ(value("eidolon_database_up", {R"(database="main")"}), "1");
  EXPECT_EQ(value("eidolon_replication_lag_seconds", {R"(replica="r1")", R"(database="main")"}), "1.2");
  EXPECT_EQ(value("eidolon_replication_lag_bytes", {R"(replica="r1")", R"(database="main")"}), "500");
  main.replication_lag("r2", 0s, std::nullopt);
  EXPECT_EQ(value("eidolon_replication_lag_bytes", {R"(replica="r2")"}), "none");
  main.up(false);
  main.forget_replica("r1");
  EXPECT_EQ(value("eidolon_database_up", {R"(database="main")"}), "0");
  EXPECT_EQ(value("eidolon_replication_lag_seconds", {R"(replica="r1")"}), "none");
  EXPECT_EQ(value("eidolon_replication_lag_bytes", {R"(replica="r1")"}), "none");
  EXPECT_EQ(value("eidolon_replication_lag_seconds", {R"(replica="r2")"}), "0");
}

// Whoever alerts on that nobody leads sees a database that no daemon has led yet.
TEST_F(telemetry_text, tells_whether_this_daemon_leads) {
  database_telemetry main{telemetry_, "main"};
  EXPECT_EQ(value("eidolon_database_leader", {R"(database="main")"}), "0");
  main.leads(true);
  EXPECT_EQ(value("eidolon_database_leader", {R"(database="main")"}), "1");
  main.leads(false);
  main.forget_measures();
  EXPECT_EQ(value("eidolon_database_leader", {R"(database="main")"}), "0");
}

TEST_F(telemetry_text, tells_nothing_that_is_not_measured) {
  database_telemetry main{telemetry_, "main"};
  EXPECT_EQ(value("eidolon_oldest_transaction_seconds", {}), "none");
  main.replication_lag("r1", 1s, 1);
  main.server_age(7, 200);
  main.slot_retains(300);
  main.waits_for_archiver(4);
  main.active_sessions(5);
  main.free_space(600);
  EXPECT_EQ(value("eidolon_oldest_transaction_seconds", {R"(database="main")"}), "7");
  EXPECT_EQ(value("eidolon_xid_age", {R"(database="main")"}), "200");
  EXPECT_EQ(value("eidolon_slot_retained_bytes", {R"(database="main")"}), "300");
  EXPECT_EQ(value("eidolon_archive_backlog_files", {R"(database="main")"}), "4");
  EXPECT_EQ(value("eidolon_active_sessions", {R"(database="main")"}), "5");
  EXPECT_EQ(value("eidolon_free_space_bytes", {R"(database="main")"}), "600");
  main.waits_for_archiver(std::nullopt);
  main.active_sessions(std::nullopt);
  main.free_space(std::nullopt);
  for (const std::string name :
       {"eidolon_archive_backlog_files", "eidolon_active_sessions", "eidolon_free_space_bytes"})
    EXPECT_EQ(value(name, {}), "none") << name;
  main.active_sessions(5);
  main.free_space(600);
  main.forget_measures();
  for (const std::string name : {"eidolon_oldest_transaction_seconds", "eidolon_xid_age", "eidolon_slot_retained_bytes",
                                 "eidolon_replication_lag_seconds", "eidolon_replication_lag_bytes",
                                 "eidolon_active_sessions", "eidolon_free_space_bytes"})
    EXPECT_EQ(value(name, {}), "none") << name;
  EXPECT_EQ(value("eidolon_database_up", {}), "0");
}

// A reload of the configuration makes the new object before the old one has come to its end.
TEST_F(telemetry_text, forgets_a_database_with_its_last_object) {
  auto before = std::make_unique<database_telemetry>(telemetry_, "main");
  before->up(true);
  auto after = std::make_unique<database_telemetry>(telemetry_, "main");
  before.reset();
  EXPECT_EQ(value("eidolon_database_up", {R"(database="main")"}), "1");
  after.reset();
  EXPECT_THAT(telemetry_.text(), Not(HasSubstr("database=")));
}

TEST_F(telemetry_text, escapes_names) {
  job_telemetry job{telemetry_, "main", 7, "public.\"a\\b\nc\""};
  EXPECT_THAT(telemetry_.text(), HasSubstr(R"(table="public.\"a\\b\nc\"")"));
}

}  // namespace
}  // namespace eidolon::daemon
