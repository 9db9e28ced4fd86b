// What a job waits for in each of its states.
#include "daemon/job.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/await.hpp"

namespace eidolon::daemon {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class job_that_waits : public testing::Test {
 protected:
  job_that_waits() {
    load_.measured_at = own_.measured_at = clock::now();
    job_.record.settings.max_lag = 1s;
  }
  void enter(state s, std::optional<double> swapped_seconds = {}) {
    job_.record.state = s;
    job_.record.swapped_seconds = swapped_seconds;
    job_.read_at = clock::now();
  }
  void be_late() { load_.replicas = {{"r1", 60s, 0, "direct", ""}}; }
  // As its status shows it.
  std::vector<std::string> reasons() {
    pace_.waits_for_commits(++commits_);
    std::vector<std::string> found;
    for (const auto& [reason, entry] : job_.live.held.entries())
      if (reason != "synchronous_standby") found.push_back(reason);
    return found;
  }
  void admit() {
    test::await([&] { return pace_.admit(); }, 5s);
  }

  job job_{"main", job_record{}};
  load_report load_;
  job_load own_;
  job_pace pace_{job_, load_, own_};
  int commits_{};
};

TEST_F(job_that_waits, gives_way_to_load_while_it_validates) {
  be_late();
  enter(state::validating);
  EXPECT_THAT(reasons(), ElementsAre("lag"));
  load_.copy_denied = "the calm hours";
  EXPECT_THAT(reasons(), ElementsAre("lag", "window"));
  for (const auto s : {state::ready, state::cutting_over, state::catching_up}) {
    enter(s);
    EXPECT_THAT(reasons(), ElementsAre("lag")) << name_of(s);
  }
  enter(state::aborting);
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(job_that_waits, gives_way_before_it_drops_the_old_table) {
  be_late();
  load_.copy_denied = "the calm hours";
  job_.record.settings.keep_old = 1h;
  enter(state::retaining, 60.0);
  EXPECT_THAT(reasons(), IsEmpty()) << "it is not time yet";
  enter(state::retaining, 3601.0);
  EXPECT_THAT(reasons(), ElementsAre("lag", "window"));
  job_.record.settings.min_free_space = 1;
  load_.free_space = {0, "/data", ""};
  EXPECT_THAT(reasons(), ElementsAre("lag", "window")) << "the drop frees space";
  job_.record.drop_requested = true;
  EXPECT_THAT(reasons(), IsEmpty()) << "somebody wants it now";
  admit();
}

TEST_F(job_that_waits, applies_the_log_in_the_hours_that_hold_its_verification) {
  load_.copy_denied = "the calm hours";
  enter(state::verifying);
  pace_.heed_hours(false);
  admit();
  EXPECT_TRUE(pace_.waits_for_hours());
  EXPECT_THAT(reasons(), ElementsAre("window")) << "it is told all the same";
  load_.copy_denied.clear();
  EXPECT_FALSE(pace_.waits_for_hours());
}

// The same rest that copy_ratio asks for.
TEST_F(job_that_waits, rests_longer_near_a_limit_while_it_copies) {
  job_.record.settings.max_slot_wal = 1000;
  load_.slot_wal = {999, "the slot", ""};
  const auto rested = [&](state s) {
    enter(s);
    pace_.done({.what = plan::batch_report::kind::copy, .duration = 20ms, .rows = 1, .bytes = 1});
    const auto began = clock::now();
    admit();
    return clock::now() - began;
  };
  EXPECT_GE(rested(state::copying), 20ms * 10);
  EXPECT_THAT(reasons(), ElementsAre("pace"));
  EXPECT_THAT(job_.live.held.entries().at("pace").detail, HasSubstr("slot the slot retains"));
  enter(state::verifying);
  EXPECT_THAT(reasons(), IsEmpty()) << "it writes nothing";
}

TEST_F(job_that_waits, tells_for_which_share_of_the_time_it_works) {
  enter(state::copying);
  for (const auto& [ratio, share] :
       {std::pair{0.995, " 99.5 %"}, std::pair{0.07, " 7 %"}, std::pair{0.001, " 0.1 %"}}) {
    job_.record.settings.copy_ratio = ratio;
    EXPECT_THAT(reasons(), ElementsAre("slowed"));
    EXPECT_THAT(job_.live.held.entries().at("slowed").detail, HasSubstr(share));
  }
}

TEST_F(job_that_waits, tells_how_far_its_verification_is) {
  enter(state::verifying);
  EXPECT_FALSE(state_ratio(job_));
  job_.live.progress.rows = 1000;
  const auto compare = [&](std::int64_t rows) {
    pace_.done({.what = plan::batch_report::kind::verify, .duration = 20ms, .rows = rows});
  };
  compare(100);
  compare(150);
  EXPECT_DOUBLE_EQ(state_ratio(job_).value(), 0.25);
  EXPECT_TRUE(eta_seconds(job_, clock::now()));
  EXPECT_EQ(progress_ratio(job_), 1) << "of the copy";
  compare(2000);
  EXPECT_EQ(state_ratio(job_).value(), 1) << "rows came since they were copied";
  pace_.end_phase();
  EXPECT_FALSE(state_ratio(job_));
  compare(100);
  EXPECT_DOUBLE_EQ(state_ratio(job_).value(), 0.1) << "it begins anew";
}

// A backlog that is shown beside "done" would read like rows that are lost.
TEST(job_that_is_swapped_or_given_up, has_no_backlog) {
  telemetry metrics{state_names};
  job j{"main", job_record{}};
  j.telemetry = std::make_unique<job_telemetry>(metrics, "main", 7, "public.orders");
  const std::string series = R"(eidolon_backlog_entries{database="main",job="7",table="public.orders"} )";
  for (const auto name : state_names) {
    tell_backlog(j, 18);
    j.record.state = state_from(name).value();
    tell_state(j);
    const int left = before_swap(j.record.state) ? 18 : 0;
    EXPECT_EQ(j.live.backlog, left) << name;
    EXPECT_THAT(metrics.text(), HasSubstr(series + std::to_string(left) + "\n")) << name;
  }
}

}  // namespace
}  // namespace eidolon::daemon
