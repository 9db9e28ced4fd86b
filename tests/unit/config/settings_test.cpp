// Job settings: names, bounds and formats, and durations as people write them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "config/daemon_config.hpp"
#include "config/setting_table.hpp"

namespace eidolon::config {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(duration, is_read_in_every_unit) {
  const std::vector<std::pair<std::string_view, std::chrono::milliseconds>> cases{
      {"250ms", 250ms}, {"2s", 2s},       {"5m", 5min}, {"24h", 24h},       {"1d", 24h},    {"0s", 0ms},
      {"0", 0ms},       {"1.5s", 1500ms}, {"0d", 0ms},  {"100000ms", 100s}, {"5min", 5min},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(parse_duration(text), expected) << text;
}

TEST(duration, is_the_sum_of_its_parts_however_they_are_spaced) {
  const std::vector<std::pair<std::string_view, std::chrono::milliseconds>> cases{
      {"1m30s", 90s}, {"1h30m", 90min}, {"1d 12h", 36h}, {"30s1m", 90s},        {"1.5h30min", 2h},
      {"1 s", 1s},    {" 1s", 1s},      {"1ms ", 1ms},   {"2 h 5 min", 125min}, {"1s500ms", 1500ms},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(parse_duration(text), expected) << text;
}

TEST(duration, is_refused_when_it_is_none) {
  for (const auto* text : {"",     " ",      "5",      "s",     "-1s",
                           "-0s",  "1x",     "0.5ms",  "1e3s",  "nan",
                           "inf",  "nans",   "infs",   "1S",    "99999999999999d",
                           "1h30", "1h,30m", "1h-30m", "1h30x", "h30m",
                           "100y"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(duration, is_written_in_the_largest_whole_unit_and_read_back) {
  const std::vector<std::pair<std::chrono::milliseconds, std::string_view>> cases{
      {0ms, "0s"}, {1500ms, "1500ms"}, {2s, "2s"}, {90s, "90s"}, {5min, "5m"}, {24h, "24h"}, {25h, "25h"}};
  for (const auto& [d, expected] : cases) {
    EXPECT_EQ(to_string(d), expected);
    EXPECT_EQ(parse_duration(to_string(d)), d);
  }
}

TEST(size, is_read_as_people_write_it) {
  constexpr std::int64_t k = 1024, m = k * k, g = m * k, t = g * k;
  const std::vector<std::pair<std::string_view, std::int64_t>> cases{
      {"64kB", 64 * k},  {"64k", 64 * k},   {"64K", 64 * k},      {"64KB", 64 * k}, {"64KiB", 64 * k},
      {"64kib", 64 * k}, {"1MB", m},        {"1mb", m},           {"1M", m},        {"1Mi", m},
      {"10 GB", 10 * g}, {"10gib", 10 * g}, {"1.5GB", 3 * g / 2}, {"0.5 m", m / 2}, {"2TB", 2 * t},
      {"2t", 2 * t},     {"100B", 100},     {"100b", 100},        {"0", 0},         {"0kB", 0},
      {"0.1kB", 102},    {" 1GB ", g},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(parse_size(text), expected) << text;
}

TEST(size, is_refused_when_it_is_none) {
  for (const auto* text : {"", "64", "MB", "-1MB", "1iB", "1i", "1PB", "1kBB", "1GB5MB", "0.3B", "1e3kB", "nan", "inf",
                           "99999999TB", "1,5GB"})
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
}

struct accepted {
  const char* name;
  json::value value;
  json::value then;
};

TEST(setting, takes_its_values_as_numbers_or_as_text_up_to_its_bounds) {
  const std::vector<accepted> cases{
      {"chunk_target", "10ms", "10ms"},
      {"chunk_target", "60s", "1m"},
      {"copy_method", "insert", "insert"},
      {"copy_method", "stream", "stream"},
      {"workers", 1, 1},
      {"indexes", "before", "before"},
      {"indexes", "after", "after"},
      {"index_workers", -1, -1},
      {"index_memory", "64MB", "64MB"},
      {"index_memory", "2048MB", "2GB"},
      {"index_memory", "1024kB", "1MB"},
      {"index_memory", "2047GB", "2047GB"},
      {"index_memory", 0, 0},
      {"index_memory", "0", 0},
      {"index_memory", "64 MB", "64MB"},
      {"index_memory", "1.5g", "1536MB"},
      {"index_memory", "1 TiB", "1024GB"},
      {"wal_compression", "on", "on"},
      {"wal_compression", "off", "off"},
      {"workers", "32", 32},
      {"workers", 4.0, 4},
      {"max_lag", "0s", "0s"},
      {"max_lag", 0, "0s"},
      {"max_lag", "24h", "24h"},
      {"copy_ratio", 0, 0.0},
      {"copy_ratio", "0.5", 0.5},
      {"copy_ratio", 1, 1.0},
      {"max_active", 0, 0},
      {"max_active", "100", 100},
      {"max_lag_bytes", "1024kB", "1MB"},
      {"max_lag_bytes", "0.5MB", "512kB"},
      {"max_slot_wal", 0, "0"},
      {"max_lag_bytes", "64mb", "64MB"},
      {"min_free_space", "1TB", "1TB"},
      {"min_free_space", "100B", "100B"},
      {"throttle_threshold", "-1.5", -1.5},
      {"throttle_file", "/run/stop", "/run/stop"},
      {"throttle_file", "", ""},
      {"critical", "", ""},
      {"critical", " max_active = 5 ,max_lag=60s,", "max_lag=1m, max_active=5"},
      {"critical", {{"max_active", 5}, {"max_lag", "60s"}}, "max_lag=1m, max_active=5"},
      {"critical", json::object{}, ""},
      {"abort_at", "throttle_threshold=0", "throttle_threshold=0"},
      {"abort_at", "throttle_file=/run/end it,max_active=9", "max_active=9, throttle_file=/run/end it"},
      {"abort_at", {{"max_transaction_age", "1h30m"}}, "max_transaction_age=90m"},
      {"lock_timeout", "10s", "10s"},
      {"lock_retries", 0, 0},
      {"force_after", "3", 3},
      {"force_after", "off", 0},
      {"verify", "off", "off"},
      {"verify", "full", "full"},
      {"keep_old", "0s", "0s"},
      {"keep_old", "30d", "720h"},
      {"priority", -5, -5},
  };
  for (const auto& c : cases) {
    job_settings s;
    EXPECT_THAT(apply_settings({{c.name, c.value}}, s), IsEmpty()) << c.name;
    EXPECT_EQ(to_json(s).at(c.name), c.then) << c.name;
  }
}

TEST(setting, refuses_what_is_out_of_bounds_or_of_another_type) {
  const std::vector<std::pair<const char*, json::value>> cases{
      {"chunk_target", "9ms"},
      {"chunk_target", "61s"},
      {"chunk_target", 500},
      {"chunk_target", nullptr},
      {"copy_method", "copy"},
      {"copy_method", 1},
      {"workers", 0},
      {"indexes", "first"},
      {"indexes", true},
      {"index_workers", -2},
      {"index_memory", 64},
      {"index_memory", "64"},
      {"index_memory", "MB"},
      {"index_memory", "1000kB"},
      {"index_memory", "2048GB"},
      {"index_memory", "-1MB"},
      {"index_memory", "64 MBit"},
      {"index_memory", "1B"},
      {"wal_compression", true},
      {"workers", 33},
      {"workers", 2.5},
      {"workers", "two"},
      {"workers", ""},
      {"workers", true},
      {"workers", "2x"},
      {"max_lag", "25h"},
      {"max_lag", "-1s"},
      {"copy_ratio", 1.01},
      {"copy_ratio", -0.1},
      {"copy_ratio", "nan"},
      {"copy_ratio", "inf"},
      {"max_active", -1},
      {"max_lag_bytes", "64"},
      {"max_lag_bytes", "-1MB"},
      {"max_lag_bytes", "0.3B"},
      {"max_lag_bytes", "99999999TB"},
      {"max_slot_wal", 5},
      {"throttle_query", 1},
      {"throttle_query", json::string("a\0b", 3)},
      {"throttle_threshold", "many"},
      {"throttle_file", "stop"},
      {"throttle_file", "./run/stop"},
      {"throttle_file", json::string("/a\0b", 4)},
      {"throttle_file", 1},
      {"critical", "max_active"},
      {"critical", "max_active=many"},
      {"critical", "workers=5"},
      {"critical", "max_lag=10s; max_active=5"},
      {"critical", {{"max_active", nullptr}}},
      {"critical", {{"workers", 5}}},
      {"critical", json::array{"max_active=5"}},
      {"abort_at", 5},
      {"abort_at", "throttle_file=stop"},
      {"abort_at", {{"throttle_file", "/run/a,b"}}},
      {"abort_at", {{"throttle_file", "/run/a "}}},
      {"lock_timeout", "9ms"},
      {"lock_timeout", "11s"},
      {"lock_retries", -1},
      {"force_after", -1},
      {"verify", "half"},
      {"verify", true},
      {"keep_old", "tomorrow"},
      {"priority", 1e300},
      {"priority", "9999999999"},
      {"workers", json::array{1}},
      {"workers", json::object{}},
  };
  for (const auto& [name, value] : cases) {
    job_settings s;
    EXPECT_THAT(apply_settings({{name, value}}, s), ElementsAre(AllOf(HasSubstr(name), HasSubstr("must be"))))
        << name << " " << value;
    EXPECT_EQ(s, job_settings{}) << name;
  }
}

TEST(setting, says_what_its_value_looks_like) {
  job_settings s;
  EXPECT_EQ(apply_setting("max_lag", "soon", s),
            "setting max_lag must be a duration from 0s to 24h (such as 250ms, 2s, 5m, 24h), not \"soon\"");
  EXPECT_EQ(apply_setting("max_log", 5, s), "setting max_log must be a size, or 0 (such as 64MB, 10GB), not 5");
  EXPECT_EQ(apply_setting("workers", 0, s), "setting workers must be a whole number from 1 to 32, not 0");
}

TEST(setting, of_a_level_names_the_item_that_is_wrong) {
  job_settings s;
  const auto complaint = [&](const json::value& v) { return apply_setting("critical", v, s); };
  const std::string begins = "setting critical must be limits such as \"max_lag=10s, max_active=200\"";
  const auto duration = ": max_lag must be a duration from 0s to 24h (such as 250ms, 2s, 5m, 24h), not \"soon\"";
  EXPECT_EQ(complaint("max_active=5, max_lag=soon"), begins + duration);
  EXPECT_EQ(complaint({{"max_lag", "soon"}}), begins + duration);
  EXPECT_EQ(complaint("max_active"), begins + ": max_active must be a whole number, 0 or more, not null");
  EXPECT_EQ(complaint("max_activ=5"), begins + ": there is no limit \"max_activ\"; did you mean max_active?");
  EXPECT_EQ(complaint("workers=5"), begins + ": there is no limit \"workers\"");
  EXPECT_EQ(complaint(5), begins + ", not 5");
  EXPECT_EQ(s, job_settings{});
}

TEST(setting, that_does_not_exist_is_likened_to_one_that_does) {
  job_settings s;
  EXPECT_EQ(apply_setting("wrokers", 5, s), "there is no setting \"wrokers\"; did you mean workers?");
  EXPECT_EQ(apply_setting("max-lag", "5s", s), "there is no setting \"max-lag\"; did you mean max_lag?");
  EXPECT_EQ(apply_setting("nonsense", 5, s), "there is no setting \"nonsense\"");
}

TEST(setting, errors_are_told_all_at_once_and_nothing_is_taken_over) {
  job_settings s;
  const auto errors = apply_settings({{"workers", 5}, {"wrokers", 5}, {"verify", 1}}, s);
  EXPECT_THAT(errors,
              ElementsAre(HasSubstr("no setting \"wrokers\""), HasSubstr("setting verify must be \"full\" or")));
  EXPECT_EQ(s, job_settings{});
}

TEST(setting, every_one_survives_being_written_and_read_back) {
  job_settings s;
  ASSERT_THAT(
      apply_settings({{"chunk_target", "250ms"},
                      {"copy_method", "stream"},
                      {"workers", 7},
                      {"indexes", "before"},
                      {"index_workers", 3},
                      {"index_memory", "1536kB"},
                      {"wal_compression", "off"},
                      {"max_lag", "3s"},
                      {"copy_ratio", 0.25},
                      {"max_lag_bytes", "64MB"},
                      {"max_slot_wal", "10GB"},
                      {"max_archive_backlog", 12},
                      {"max_active", 9},
                      {"max_lock_waits", 3},
                      {"min_free_space", "1.5GB"},
                      {"max_transaction_age", "1h"},
                      {"max_xid_age", 500'000'000},
                      {"throttle_query", "SELECT 1"},
                      {"throttle_threshold", 0.5},
                      {"throttle_file", "/run/stop"},
                      {"critical", "max_lag=10s, max_active=100, max_transaction_age=2h, max_xid_age=1000000000"},
                      {"abort_at", "throttle_threshold=7,max_slot_wal=20GB,min_free_space=100MB"},
                      {"lock_timeout", "150ms"},
                      {"max_hold", "1s"},
                      {"lock_budget", "30s"},
                      {"young_snapshots", "wait"},
                      {"max_log", "1GB"},
                      {"lock_retries", 11},
                      {"force_after", 4},
                      {"verify", "off"},
                      {"keep_old", "2h"},
                      {"all_tables_publications", "allow"},
                      {"priority", -3}},
                     s),
      IsEmpty());
  const auto written = to_json(s);
  EXPECT_EQ(written.size(), setting_table().size());
  const job_settings defaults;
  for (const auto& row : setting_table()) EXPECT_NE(row.format(s), row.format(defaults)) << row.name << " was not set";
  job_settings read;
  EXPECT_THAT(apply_settings(written, read), IsEmpty());
  EXPECT_EQ(read, s);
}

}  // namespace
}  // namespace eidolon::config
