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
      {"250ms", 250ms}, {"2s", 2s}, {"5m", 5min},     {"24h", 24h}, {"1d", 24h},
      {"0s", 0ms},      {"0", 0ms}, {"1.5s", 1500ms}, {"0d", 0ms},  {"100000ms", 100s},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(parse_duration(text), expected) << text;
}

TEST(duration, is_refused_when_it_is_none) {
  for (const auto* text : {"", "5", "s", "-1s", "-0s", "1 s", "1x", "1ms ", " 1s", "0.5ms", "1e3s", "nan", "inf",
                           "nans", "infs", "1S", "99999999999999d", "1h30m"}) {
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
      {"min_free_space", "1TB", "1TB"},
      {"min_free_space", "100B", "100B"},
      {"throttle_threshold", "-1.5", -1.5},
      {"critical", "", ""},
      {"critical", " max_active = 5 ,max_lag=60s,", "max_lag=1m, max_active=5"},
      {"abort_at", "throttle_threshold=0", "throttle_threshold=0"},
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
      {"index_memory", "64 MB"},
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
      {"max_lag_bytes", "64mb"},
      {"max_lag_bytes", "-1MB"},
      {"max_lag_bytes", "0.3B"},
      {"max_lag_bytes", "99999999TB"},
      {"max_slot_wal", 5},
      {"throttle_query", 1},
      {"throttle_query", json::string("a\0b", 3)},
      {"throttle_threshold", "many"},
      {"critical", "max_active"},
      {"critical", "max_active=many"},
      {"critical", "workers=5"},
      {"critical", "max_lag=10s; max_active=5"},
      {"abort_at", 5},
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
