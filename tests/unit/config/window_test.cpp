// Calm hours over local times, across midnight and when clocks change.
#include "config/window.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace eidolon::config {
namespace {

using testing::HasSubstr;

window make(bool allows, const char* days, const char* hours) {
  window w;
  w.allows = allows;
  w.days = parse_days(days).value();
  std::tie(w.from, w.to) = parse_hours(hours).value();
  w.zone = "here";
  w.text = std::string{days} + " " + hours;
  return w;
}

constexpr int at(int hour, int minute) { return hour * 60 + minute; }

TEST(window, days_are_names_ranges_and_lists) {
  EXPECT_EQ(parse_days("mon"), std::bitset<7>{0b0000001});
  EXPECT_EQ(parse_days("mon-fri"), std::bitset<7>{0b0011111});
  EXPECT_EQ(parse_days("sat-mon"), std::bitset<7>{0b1100001});
  EXPECT_EQ(parse_days("tue, thu-fri"), std::bitset<7>{0b0011010});
  EXPECT_EQ(parse_days("all"), std::bitset<7>{0b1111111});
  EXPECT_EQ(parse_days("Mon-FRI"), std::bitset<7>{0b0011111});
  EXPECT_EQ(parse_days("All"), std::bitset<7>{0b1111111});
  for (const auto* text : {"", "monday", "mon-", "-mon", "mon,", "mo", "mon fri"})
    EXPECT_EQ(parse_days(text), std::nullopt) << text;
}

TEST(window, hours_are_two_times) {
  EXPECT_EQ(parse_hours("22:00-06:30"), (std::pair{1320, 390}));
  EXPECT_EQ(parse_hours("00:00-24:00"), (std::pair{0, 1440}));
  EXPECT_EQ(parse_hours("9:00-17:00"), (std::pair{540, 1020}));
  EXPECT_EQ(parse_hours("0:00-6:30"), (std::pair{0, 390}));
  for (const auto* text : {"", "22:00", "22-06", "25:00-26:00", "10:60-11:00", "10:00-10:00", "24:00-06:00", "1:0-2:00",
                           "1:000-2:00", ":00-2:00", "009:00-17:00", "-1:00-2:00", "24:01-03:00"})
    EXPECT_EQ(parse_hours(text), std::nullopt) << text;
}

TEST(window, begins_with_its_first_minute_and_ends_before_its_last) {
  const auto w = make(true, "mon-fri", "09:00-17:00");
  EXPECT_FALSE(covers(w, {0, at(8, 59)}));
  EXPECT_TRUE(covers(w, {0, at(9, 0)}));
  EXPECT_TRUE(covers(w, {4, at(16, 59)}));
  EXPECT_FALSE(covers(w, {4, at(17, 0)}));
  EXPECT_FALSE(covers(w, {5, at(12, 0)}));
  EXPECT_TRUE(covers(make(true, "mon", "00:00-24:00"), {0, at(23, 59)}));
}

TEST(window, across_midnight_it_belongs_to_the_day_on_which_it_begins) {
  const auto w = make(true, "fri", "22:00-06:00");
  EXPECT_FALSE(covers(w, {4, at(5, 0)})) << "that night began on Thursday";
  EXPECT_TRUE(covers(w, {4, at(22, 0)}));
  EXPECT_TRUE(covers(w, {5, at(5, 59)}));
  EXPECT_FALSE(covers(w, {5, at(6, 0)}));
  EXPECT_FALSE(covers(w, {5, at(23, 0)}));
  const auto sunday = make(true, "sun", "22:00-06:00");
  EXPECT_TRUE(covers(sunday, {0, at(1, 0)})) << "Monday morning";
}

// Minutes of real time for which the window is open in the night in which clocks jump, at `jump`
// minutes past midnight, by `by` minutes.
int open_minutes(const window& w, int jump, int by) {
  int open = 0;
  for (int passed = 0; passed < 24 * 60 - by; ++passed) {
    const int local = passed < jump ? passed : passed + by;
    open += covers(w, {6, local});
  }
  return open;
}

TEST(window, follows_the_clock_when_it_changes) {
  const auto night = make(true, "all", "01:00-04:00");
  EXPECT_EQ(open_minutes(night, at(2, 0), 60), 120) << "spring: one hour is missing";
  EXPECT_EQ(open_minutes(night, at(3, 0), -60), 240) << "autumn: one hour comes twice";
  const auto gone = make(true, "all", "02:10-02:50");
  EXPECT_EQ(open_minutes(gone, at(2, 0), 60), 0) << "these minutes do not exist";
  EXPECT_EQ(open_minutes(gone, at(3, 0), -60), 80);
}

TEST(window, where_one_allows_the_rest_is_denied_and_a_denial_wins) {
  const std::map<std::string, local_time> night{{"here", {0, at(23, 0)}}}, noon{{"here", {0, at(12, 0)}}};
  const std::vector<window> allow{make(true, "all", "22:00-06:00"), make(true, "sat", "00:00-24:00")};
  EXPECT_EQ(denial(allow, windowed::copy, night), "");
  EXPECT_EQ(denial(allow, windowed::copy, noon), "copying is allowed only: all 22:00-06:00; sat 00:00-24:00");
  auto both = allow;
  both.push_back(make(false, "mon", "22:30-23:30"));
  EXPECT_EQ(denial(both, windowed::cutover, night), "the cutover is denied: mon 22:30-23:30");
  EXPECT_EQ(denial({}, windowed::copy, noon), "");
}

TEST(window, concerns_only_what_it_says) {
  auto w = make(false, "all", "00:00-24:00");
  w.copy = false;
  const std::map<std::string, local_time> now{{"here", {0, 0}}};
  EXPECT_EQ(denial({w}, windowed::copy, now), "");
  EXPECT_THAT(denial({w}, windowed::cutover, now), HasSubstr("denied"));
}

TEST(window, a_zone_without_a_time_denies) {
  EXPECT_THAT(denial({make(true, "all", "00:00-24:00")}, windowed::copy, {}),
              HasSubstr("does not tell the time in here"));
}

}  // namespace
}  // namespace eidolon::config
