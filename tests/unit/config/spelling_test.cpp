// Which name somebody may have meant.
#include "config/spelling.hpp"

#include <gtest/gtest.h>

namespace eidolon::config {
namespace {

TEST(spelling, finds_what_is_at_most_two_edits_away) {
  const std::vector<std::string_view> names{"workers", "verify", "max_lag", "max_log", "max_lag_bytes"};
  const std::vector<std::pair<std::string_view, std::string_view>> cases{{"workers", "workers"},
                                                                         {"worker", "workers"},
                                                                         {"wrokers", "workers"},
                                                                         {"workkers", "workers"},
                                                                         {"wokres", ""},
                                                                         {"max_lgg", "max_lag"},
                                                                         {"max_lg", "max_lag"},
                                                                         {"max_log", "max_log"},
                                                                         {"max_lag_bits", "max_lag_bytes"},
                                                                         {"veryfi", "verify"},
                                                                         {"", ""},
                                                                         {"x", ""},
                                                                         {"MAX_LAG", ""}};
  for (const auto& [word, expected] : cases) EXPECT_EQ(meant_by(word, names), expected) << word;
  EXPECT_EQ(meant_by("workers", {}), "");
}

}  // namespace
}  // namespace eidolon::config
