#include "copier/convergence.hpp"

#include <gtest/gtest.h>

namespace eidolon::copier {
namespace {

TEST(convergence, is_in_doubt_once_the_backlog_has_grown_for_three_passes) {
  convergence c;
  EXPECT_FALSE(c.diverges(50'000));
  EXPECT_FALSE(c.diverges(60'000));
  EXPECT_FALSE(c.diverges(60'000));
  EXPECT_TRUE(c.diverges(61'000));
  EXPECT_TRUE(c.diverges(70'000));
  EXPECT_FALSE(c.diverges(69'999)) << "it shrinks again";
  EXPECT_FALSE(c.diverges(80'000));
}

TEST(convergence, is_not_in_doubt_while_the_backlog_shrinks) {
  convergence c;
  for (int backlog = 100'000; backlog > 0; backlog -= 10'000) EXPECT_FALSE(c.diverges(backlog));
}

TEST(stalemate, is_reached_when_three_passes_set_half_of_what_they_read_aside) {
  stalemate s;
  s.passed(5'000, 2'500);
  s.passed(4'000, 4'000);
  EXPECT_FALSE(s.reached());
  s.passed(4'000, 4'000);
  EXPECT_TRUE(s.reached());
}

TEST(stalemate, is_not_reached_while_passes_apply_something) {
  stalemate s;
  for (int i = 0; i < 10; ++i) {
    s.passed(5'000, 5'000);
    s.passed(5'000, 5'000);
    s.passed(5'000, 2'499);
    EXPECT_FALSE(s.reached());
    s.passed(0, 0);
    EXPECT_FALSE(s.reached());
  }
}

}  // namespace
}  // namespace eidolon::copier
