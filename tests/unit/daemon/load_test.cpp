// What of the load is above which limit, and what cannot be told.
#include "daemon/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/throttle.hpp"

namespace eidolon::daemon {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

const clock::time_point now{1000s};

load_report calm() {
  load_report r;
  r.measured_at = now;
  return r;
}
job_load calm_table() {
  job_load l;
  l.measured_at = now;
  return l;
}

struct limit_case {
  const char* reason;
  void (*limit)(config::load_limits&);
  void (*at_it)(load_report&, job_load&);
  void (*above_it)(load_report&, job_load&);
};

const limit_case limits[] = {
    {"lag", [](auto& l) { l.max_lag_bytes = 1000; },
     [](auto& r, auto&) {
       r.replicas = {{"r", 0s, 1000, "direct", ""}};
     },
     [](auto& r, auto&) {
       r.replicas = {{"r", 0s, 1001, "direct", ""}};
     }},
    {"max_slot_wal", [](auto& l) { l.max_slot_wal = 1000; }, [](auto& r, auto&) { r.slot_wal.value = 1000; },
     [](auto& r, auto&) { r.slot_wal.value = 1001; }},
    {"max_archive_backlog", [](auto& l) { l.max_archive_backlog = 3; },
     [](auto& r, auto&) { r.archive_backlog.value = 3; }, [](auto& r, auto&) { r.archive_backlog.value = 4; }},
    {"max_active", [](auto& l) { l.max_active = 3; }, [](auto& r, auto&) { r.active = 3; },
     [](auto& r, auto&) { r.active = 4; }},
    {"max_lock_waits", [](auto& l) { l.max_lock_waits = 3; }, [](auto&, auto& l) { l.lock_waits = 3; },
     [](auto&, auto& l) { l.lock_waits = 4; }},
    {"min_free_space", [](auto& l) { l.min_free_space = 1000; }, [](auto& r, auto&) { r.free_space.value = 1000; },
     [](auto& r, auto&) { r.free_space.value = 999; }},
    {"max_transaction_age", [](auto& l) { l.max_transaction_age = 3s; },
     [](auto& r, auto&) { r.oldest_transaction = 3; }, [](auto& r, auto&) { r.oldest_transaction = 3.5; }},
    {"max_xid_age", [](auto& l) { l.max_xid_age = 1000; }, [](auto& r, auto&) { r.xid_age = 1000; },
     [](auto& r, auto&) { r.xid_age = 1001; }},
    {"throttle_query", [](auto& l) { l.throttle_threshold = 3; }, [](auto&, auto& l) { l.answer = 3; },
     [](auto&, auto& l) { l.answer = 3.5; }},
    {"throttle_file", [](auto& l) { l.throttle_file = "/run/stop"; }, [](auto&, auto& l) { l.files = {"/run/halt"}; },
     [](auto&, auto& l) {
       l.files = {"/run/halt", "/run/stop"};
     }},
};

TEST(above, each_limit_holds_beyond_itself_and_not_when_it_is_off) {
  for (const auto& c : limits) {
    config::load_limits off, on;
    c.limit(on);
    auto r = calm();
    auto own = calm_table();
    c.at_it(r, own);
    EXPECT_THAT(above(on, r, own, now), IsEmpty()) << c.reason;
    c.above_it(r, own);
    EXPECT_THAT(above(on, r, own, now), ElementsAre(Field(&hold::reason, c.reason)));
    EXPECT_THAT(above(off, r, own, now), IsEmpty()) << c.reason;
    EXPECT_THAT(above(on, r, own, now + 6s), IsEmpty()) << "too old to say anything: " << c.reason;
    EXPECT_THAT(hold_reasons, Contains(c.reason)) << "its series is there before it holds";
  }
}

TEST(in_the_way, what_is_limited_and_cannot_be_told_holds) {
  config::job_settings s;
  auto r = calm();
  r.archive_backlog = {std::nullopt, "", "no right to look"};
  auto own = calm_table();
  EXPECT_THAT(in_the_way(s, r, own, now), IsEmpty());
  s.min_free_space = 1;
  EXPECT_THAT(in_the_way(s, r, own, now), ElementsAre(Field(&hold::reason, "min_free_space")));
  s.min_free_space = 0;
  s.max_archive_backlog = 1;
  EXPECT_THAT(in_the_way(s, r, own, now), ElementsAre(Field(&hold::detail, "no right to look")));
  s.max_archive_backlog = 0;
  r.activity_hidden = true;
  EXPECT_THAT(in_the_way(s, r, own, now), IsEmpty());
  s.max_transaction_age = 1h;
  EXPECT_THAT(in_the_way(s, r, own, now), ElementsAre(Field(&hold::reason, "max_transaction_age")));
}

TEST(in_the_way, a_query_that_fails_or_was_not_asked_yet_holds_and_says_why) {
  config::job_settings s;
  s.throttle_query = "SELECT 1/0";
  auto own = calm_table();
  own.error = "division by zero";
  EXPECT_THAT(in_the_way(s, calm(), own, now),
              ElementsAre(AllOf(Field(&hold::reason, "throttle_query"), Field(&hold::detail, "division by zero"))));
  EXPECT_THAT(in_the_way(s, calm(), job_load{}, now), ElementsAre(Field(&hold::reason, "throttle_query")));
}

TEST(in_the_way, a_file_holds_while_it_exists) {
  config::job_settings s;
  s.throttle_file = "/tmp/stop";
  auto own = calm_table();
  EXPECT_THAT(in_the_way(s, calm(), own, now), IsEmpty());
  own.files = {"/tmp/stop"};
  EXPECT_THAT(in_the_way(s, calm(), own, now), ElementsAre(Field(&hold::detail, "/tmp/stop exists")));
  EXPECT_THAT(in_the_way(s, calm(), job_load{}, now), ElementsAre(Field(&hold::reason, "throttle_file")))
      << "it has not been looked for";
}

TEST(in_the_way, a_file_that_cannot_be_looked_at_holds_and_says_why) {
  config::job_settings s;
  s.throttle_file = "/root/stop";
  auto own = calm_table();
  own.file_error = "Permission denied";
  EXPECT_THAT(in_the_way(s, calm(), own, now),
              ElementsAre(AllOf(
                  Field(&hold::reason, "throttle_file"),
                  Field(&hold::detail, "/root/stop cannot be looked at: Permission denied (it counts as there)"))));
}

TEST(in_the_way, a_server_that_is_not_measured_holds_and_says_why) {
  auto r = calm();
  r.error = "permission denied for function pg_ls_waldir";
  EXPECT_THAT(in_the_way({}, r, calm_table(), now), IsEmpty()) << "the last measurement still counts";
  EXPECT_THAT(in_the_way({}, r, calm_table(), now + 6s),
              ElementsAre(AllOf(Field(&hold::reason, "lag"),
                                Field(&hold::detail,
                                      "the server's replicas and load have not been measured for some "
                                      "seconds: permission denied for function pg_ls_waldir"))));
  r.error.clear();
  EXPECT_THAT(
      in_the_way({}, r, calm_table(), now + 6s),
      ElementsAre(Field(&hold::detail, "the server's replicas and load have not been measured for some seconds")));
}

TEST(failure_news, each_cause_is_told_once_while_it_holds_jobs) {
  failure_news news;
  auto r = calm();
  r.error = "permission denied";
  EXPECT_FALSE(news.update(r, now)) << "it holds nobody yet";
  EXPECT_TRUE(news.update(r, now + 6s));
  EXPECT_FALSE(news.update(r, now + 7s)) << "it has been told";
  r.error = "connection refused";
  EXPECT_TRUE(news.update(r, now + 8s));
  r.measured_at = now + 9s;
  r.error.clear();
  EXPECT_FALSE(news.update(r, now + 9s));
  r.error = "connection refused";
  EXPECT_TRUE(news.update(r, now + 15s)) << "it was over meanwhile";
}

TEST(failure_news, a_server_that_was_never_measured_holds_from_the_first_failure_on) {
  failure_news news;
  load_report r;
  EXPECT_FALSE(news.update(r, now)) << "nothing has failed";
  r.error = "permission denied";
  EXPECT_TRUE(news.update(r, now));
}

TEST(warnings, tell_of_long_transactions_and_of_old_databases) {
  auto r = calm();
  r.oldest_transaction = 3599;
  r.xid_age = 999'999'999;
  EXPECT_THAT(warnings_of(r), IsEmpty());
  r.oldest_transaction = 7200;
  r.oldest_transaction_of = "process 7 (report)";
  r.xid_age = 1'500'000'000;
  EXPECT_THAT(warnings_of(r), ElementsAre(Field(&warning::sentence, HasSubstr("120 minutes: process 7 (report)")),
                                          Field(&warning::sentence, HasSubstr("1500 million"))));
}

TEST(near_limits, a_copy_slows_down_evenly_from_half_of_each) {
  struct {
    const char* name;
    void (*limit)(config::load_limits&);
    void (*fill)(load_report&, std::int64_t);
  } const piles[] = {
      {"max_lag_bytes", [](auto& l) { l.max_lag_bytes = 1000; },
       [](auto& r, auto v) {
         r.replicas = {{"r", 0s, v, "direct", ""}};
       }},
      {"max_slot_wal", [](auto& l) { l.max_slot_wal = 1000; }, [](auto& r, auto v) { r.slot_wal.value = v; }},
      {"max_archive_backlog", [](auto& l) { l.max_archive_backlog = 1000; },
       [](auto& r, auto v) { r.archive_backlog.value = v; }},
  };
  for (const auto& p : piles) {
    config::load_limits l;
    auto r = calm();
    p.fill(r, 999);
    EXPECT_EQ(near_limits(l, r, now).ratio, 1) << p.name << ": no limit";
    p.limit(l);
    for (const auto& [value, ratio] : {std::pair{0, 1.0}, std::pair{500, 1.0}, std::pair{750, 0.525},
                                       std::pair{1000, 0.05}, std::pair{5000, 0.05}}) {
      p.fill(r, value);
      const auto slow = near_limits(l, r, now);
      EXPECT_NEAR(slow.ratio, ratio, 1e-9) << p.name << " at " << value;
      EXPECT_EQ(slow.because.find(p.name) != std::string::npos, ratio < 1) << slow.because;
    }
    EXPECT_EQ(near_limits(l, r, now + 1h).ratio, 1) << "what is old holds by itself";
  }
}

TEST(near_limits, the_nearest_one_counts) {
  config::load_limits l;
  l.max_slot_wal = l.max_archive_backlog = 1000;
  auto r = calm();
  r.slot_wal = {700, "the slot", ""};
  r.archive_backlog.value = 900;
  EXPECT_THAT(near_limits(l, r, now).because, HasSubstr("max_archive_backlog"));
  r.slot_wal.value = 950;
  EXPECT_THAT(near_limits(l, r, now).because, HasSubstr("slot the slot retains"));
}

}  // namespace
}  // namespace eidolon::daemon
