// When a batch may start, on a clock that the tests set.
#include "daemon/throttle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eidolon::daemon {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

const clock::time_point start{1000s};

load_report fresh(std::vector<replica_lag> replicas = {}) {
  load_report r;
  r.measured_at = start;
  r.replicas = std::move(replicas);
  return r;
}

std::vector<hold> holds(const config::job_settings& s, const pause_state& p, const load_report& r,
                        clock::time_point now) {
  return daemon::holds(s, p, r, job_load{}, now);
}

auto reason(const char* name) { return Field(&hold::reason, name); }

TEST(holds, nothing_holds_an_idle_server_without_replicas) { EXPECT_THAT(holds({}, {}, fresh(), start), IsEmpty()); }

TEST(holds, a_pause_holds_and_says_why) {
  EXPECT_THAT(holds({}, {true, ""}, fresh(), start), ElementsAre(Field(&hold::detail, "paused on request")));
  EXPECT_THAT(holds({}, {true, "locks"}, fresh(), start), ElementsAre(Field(&hold::detail, "locks")));
}

TEST(holds, a_replica_is_late_beyond_max_lag_only) {
  config::job_settings s;
  s.max_lag = 1500ms;
  EXPECT_THAT(holds(s, {}, fresh({{"r1", 1.5s, 0, "direct", ""}}), start), IsEmpty());
  const auto held = holds(s, {}, fresh({{"r1", 3.2s, 0, "direct", ""}, {"r2", 0s, 0, "direct", ""}}), start);
  ASSERT_THAT(held, ElementsAre(reason("lag")));
  EXPECT_EQ(held.front().detail, "replica r1 is 3.2 s behind");
}

TEST(holds, a_replica_that_cannot_be_asked_counts_as_late) {
  const auto held = holds({}, {}, fresh({{"r1", std::nullopt, std::nullopt, "direct", "connection refused"}}), start);
  ASSERT_THAT(held, ElementsAre(reason("lag")));
  EXPECT_THAT(held.front().detail, HasSubstr("connection refused"));
}

TEST(holds, an_old_report_or_none_holds) {
  EXPECT_THAT(holds({}, {}, load_report{}, start), ElementsAre(reason("lag")));
  EXPECT_THAT(holds({}, {}, fresh(), start + stale_after), IsEmpty());
  EXPECT_THAT(holds({}, {}, fresh(), start + stale_after + 1ms), ElementsAre(reason("lag")));
}

TEST(holds, active_backends_hold_only_when_a_limit_is_set) {
  auto busy = fresh();
  busy.active = 9;
  config::job_settings s;
  EXPECT_THAT(holds(s, {}, busy, start), IsEmpty());
  s.max_active = 9;
  EXPECT_THAT(holds(s, {}, busy, start), IsEmpty());
  s.max_active = 8;
  EXPECT_THAT(holds(s, {}, busy, start), ElementsAre(reason("max_active")));
}

TEST(holds, activity_that_cannot_be_seen_holds_when_a_limit_is_set) {
  auto hidden = fresh();
  hidden.activity_hidden = true;
  config::job_settings s;
  EXPECT_THAT(holds(s, {}, hidden, start), IsEmpty());
  s.max_active = 100;
  EXPECT_THAT(holds(s, {}, hidden, start), ElementsAre(reason("max_active")));
}

TEST(holds, a_ratio_of_zero_stands_still_and_all_reasons_are_told) {
  config::job_settings s;
  s.copy_ratio = 0;
  EXPECT_THAT(holds(s, {true, ""}, fresh({{"r", 60s, 0, "direct", ""}}), start),
              ElementsAre(reason("paused"), reason("copy_ratio"), reason("lag")));
}

// What the drop relieves would otherwise keep it from doing so.
TEST(holds_the_drop, is_the_load_and_not_what_the_drop_relieves) {
  for (const auto* r :
       {"lag", "max_active", "max_lock_waits", "throttle_query", "throttle_file", "read_only", "window"})
    EXPECT_TRUE(holds_the_drop(r)) << r;
  for (const auto* r : {"min_free_space", "max_slot_wal", "max_archive_backlog", "max_transaction_age", "max_xid_age"})
    EXPECT_FALSE(holds_the_drop(r)) << r;
}

TEST(load_alarm, pauses_at_once_and_aborts_when_it_lasts) {
  config::job_settings s;
  s.critical.max_active = 10;
  s.abort_at.max_active = 20;
  const auto busy = [](int active, clock::time_point now) {
    auto r = fresh();
    r.measured_at = now;
    r.active = active;
    return r;
  };
  load_alarm alarm;
  const auto at = [&](int active, clock::duration after) {
    return alarm.judge(s, busy(active, start + after), {}, start + after);
  };
  EXPECT_EQ(at(10, 0s).pause, "");
  EXPECT_THAT(at(11, 1s).pause, HasSubstr("11 active backends"));
  EXPECT_EQ(at(21, 2s).abort, "");
  EXPECT_EQ(at(21, 6s).abort, "");
  EXPECT_EQ(at(5, 6500ms).abort, "") << "it has not lasted";
  EXPECT_EQ(at(21, 7s).abort, "");
  EXPECT_THAT(at(21, 12s).abort, HasSubstr("21 active backends, more than 20"));
}

TEST(load_alarm, an_old_report_or_an_unknown_lag_is_no_reason) {
  config::job_settings s;
  s.critical.max_lag = s.abort_at.max_lag = 1ms;
  load_alarm alarm;
  EXPECT_EQ(alarm.judge(s, fresh({{"r", 60s, 0, "direct", ""}}), {}, start + 60s).pause, "");
  EXPECT_EQ(alarm.judge(s, fresh({{"r", std::nullopt, 0, "direct", "gone"}}), {}, start).pause, "");
  EXPECT_THAT(alarm.judge(s, fresh({{"r", 60s, 0, "direct", ""}}), {}, start).pause, HasSubstr("60.0 s behind"));
}

TEST(duty_cycle, rests_in_proportion_to_the_work) {
  const duty_cycle::rest r{start, 300ms};
  EXPECT_EQ(duty_cycle::over(r, 1.0), start);
  EXPECT_EQ(duty_cycle::over(r, 0.5), start + 300ms);
  EXPECT_EQ(duty_cycle::over(r, 0.75), start + 100ms);
  EXPECT_EQ(duty_cycle::over(r, 0.1), start + 2700ms);
  EXPECT_EQ(duty_cycle::over(r, 0.0), clock::time_point::max());
}

// n workers that each work for a while, say so, and take the oldest rest keep the ratio together.
TEST(duty_cycle, keeps_the_ratio_with_several_workers) {
  struct worker {
    clock::time_point free_at{start};
    clock::duration busy{};  // of the batch that ends then
  };
  duty_cycle cycle;
  constexpr double ratio = 0.25;
  std::vector<worker> workers(2);
  clock::duration worked{};
  for (int batch = 0; batch < 400; ++batch) {
    auto& w = *std::min_element(workers.begin(), workers.end(), [](auto& a, auto& b) { return a.free_at < b.free_at; });
    if (w.busy.count() > 0) cycle.finished(w.free_at, w.busy, 2);
    auto begins = w.free_at;
    if (const auto rest = cycle.take()) begins = std::max(begins, duty_cycle::over(*rest, ratio));
    w.busy = std::chrono::milliseconds{50 + 37 * (batch % 5)};
    w.free_at = begins + w.busy;
    worked += w.busy;
  }
  const auto elapsed = std::max(workers[0].free_at, workers[1].free_at) - start;
  const double share =
      std::chrono::duration<double>(worked).count() / (2 * std::chrono::duration<double>(elapsed).count());
  EXPECT_NEAR(share, ratio, 0.02);
}

TEST(duty_cycle, a_first_batch_does_not_rest) {
  duty_cycle cycle;
  EXPECT_FALSE(cycle.take());
  cycle.finished(start, 10ms, 1);
  EXPECT_TRUE(cycle.take());
  EXPECT_FALSE(cycle.take());
}

// As in verification: one admission for a range of each session.
TEST(duty_cycle, keeps_the_ratio_of_rounds_that_are_admitted_once) {
  duty_cycle cycle;
  constexpr double ratio = 0.25;
  auto now = start;
  clock::duration worked{};
  for (int round = 0; round < 200; ++round) {
    if (const auto rest = cycle.take()) now = std::max(now, duty_cycle::over(*rest, ratio));
    now += 100ms;
    worked += 100ms;
    for (int session = 0; session < 4; ++session) cycle.finished(now, 100ms, 4);
  }
  EXPECT_NEAR(std::chrono::duration<double>(worked) / std::chrono::duration<double>(now - start), ratio, 0.02);
}

TEST(rate_window, averages_the_last_ten_seconds) {
  rate_window w;
  EXPECT_EQ(w.at(start).rows, 0);
  for (int second = 0; second <= 20; ++second) w.add(start + std::chrono::seconds{second}, 100, 800);
  EXPECT_NEAR(w.at(start + 20s).rows, 110, 11);
  EXPECT_NEAR(w.at(start + 20s).bytes, 880, 88);
  EXPECT_EQ(w.at(start + 60s).rows, 0);
}

TEST(rate_window, begins_anew_after_being_cleared) {
  rate_window w;
  w.add(start, 1000, 1000);
  w.clear();
  w.add(start + 100s, 10, 10);
  EXPECT_DOUBLE_EQ(w.at(start + 101s).rows, 10);
}

TEST(hold_log, keeps_since_when_and_tells_the_time_that_passed) {
  hold_log log;
  const std::chrono::system_clock::time_point wall{100s};
  EXPECT_THAT(log.update({{"lag", "a"}}, start, wall), testing::SizeIs(1));
  const auto told = log.update({{"lag", "b"}}, start + 2s, wall + 2s);
  ASSERT_THAT(told, testing::SizeIs(1));
  EXPECT_TRUE(told[0].now);
  EXPECT_EQ(told[0].time, 2s);
  EXPECT_EQ(log.entries().at("lag").since, wall);
  EXPECT_EQ(log.entries().at("lag").detail, "b");

  const auto ended = log.update({}, start + 3s, wall + 3s);
  ASSERT_THAT(ended, testing::SizeIs(1));
  EXPECT_FALSE(ended[0].now);
  EXPECT_EQ(ended[0].time, 1s);
  EXPECT_THAT(log.entries(), IsEmpty());
}

TEST(hold_news, tell_what_has_lasted_and_its_end) {
  const std::chrono::system_clock::time_point wall{100s};
  hold_news news;
  std::map<std::string, hold_log::entry> held{
      {"lag", {"r1 is behind", wall, start}}, {"paused", {"", wall, start}}, {"pace", {"", wall, start}}};
  EXPECT_THAT(news.update(held, wall + 4s), IsEmpty());
  EXPECT_THAT(news.update(held, wall + 5s), ElementsAre("held by lag: r1 is behind, since 1970-01-01T00:01:40Z"));
  EXPECT_THAT(news.update(held, wall + 9s), IsEmpty()) << "once";
  held.erase("lag");
  EXPECT_THAT(news.update(held, wall + 12s), ElementsAre("lag held the job for 12 s and does no longer"));
  held["lag"] = {"again", wall + 12s, start};
  EXPECT_THAT(news.update(held, wall + 13s), IsEmpty());
  held["lag"].since = wall + 14s;
  EXPECT_THAT(news.update(held, wall + 18s), IsEmpty()) << "it went and came back";
}

}  // namespace
}  // namespace eidolon::daemon
