// The list of settings that --help ends with.
#include "daemon/client/setting_help.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "config/setting_table.hpp"

namespace eidolon::client {
namespace {

using ::testing::HasSubstr;

TEST(setting_help, has_a_row_for_each_setting) {
  const auto text = setting_help();
  for (const auto& s : config::setting_table()) {
    EXPECT_THAT(text, HasSubstr("\n  " + std::string{s.name} + " ")) << s.name;
    EXPECT_THAT(text, HasSubstr(" " + std::string{s.expects} + "\n    ")) << s.name;
  }
  EXPECT_THAT(text, HasSubstr("\n  max_lag                  1500ms  a duration from 0s to 24h\n"
                              "    A replica further behind than this holds the job back; with 0s any lag that\n"
                              "    can be measured does.\n"));
  EXPECT_THAT(text, HasSubstr("\n  throttle_file            \"\"      an absolute path, or \"\"\n"));
  EXPECT_THAT(text, HasSubstr("\n  copy_ratio               1       a number from 0 to 1\n"));
}

TEST(setting_help, fits_into_80_columns) {
  std::istringstream lines{setting_help()};
  for (std::string line; std::getline(lines, line);) EXPECT_LT(line.size(), 80U) << line;
}

}  // namespace
}  // namespace eidolon::client
