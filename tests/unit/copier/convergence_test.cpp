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

}  // namespace
}  // namespace eidolon::copier
