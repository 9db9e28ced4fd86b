// When a state will be over, by what was done since somebody looked.
#include "daemon/step_progress.hpp"

#include <gtest/gtest.h>

namespace eidolon::daemon {
namespace {

using namespace std::chrono_literals;

const clock::time_point start{1000s};

TEST(step_progress, knows_nothing_before_it_is_told) {
  step_progress p;
  EXPECT_FALSE(p.ratio());
  EXPECT_FALSE(p.left(start));
  p.reached(start, 0.5);
  EXPECT_EQ(p.ratio(), 0.5);
  EXPECT_FALSE(p.left(start + 10s)) << "how long the first half took is not known";
}

TEST(step_progress, goes_on_as_it_went) {
  step_progress p;
  p.reached(start, 0.5);
  p.reached(start + 10s, 0.6);
  EXPECT_DOUBLE_EQ(p.left(start + 10s).value(), 40);
  p.reached(start + 50s, 1);
  EXPECT_DOUBLE_EQ(p.left(start + 50s).value(), 0);
}

TEST(step_progress, begins_anew) {
  step_progress p;
  p.reached(start, 0);
  p.reached(start + 10s, 0.5);
  p.reached(start + 100s, 0.1);
  EXPECT_EQ(p.ratio(), 0.1);
  EXPECT_FALSE(p.left(start + 100s));
  p.clear();
  EXPECT_FALSE(p.ratio());
}

}  // namespace
}  // namespace eidolon::daemon
