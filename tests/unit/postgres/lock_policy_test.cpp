// When to ask for a lock again, and when to clear the way.
#include <gtest/gtest.h>

#include "postgres/lock_attempt.hpp"

namespace eidolon::postgres {
namespace {

using namespace std::chrono_literals;

TEST(lock_policy, pauses_double_up_to_the_longest) {
  lock_policy p{.first_pause = 500ms, .longest_pause = 5s};
  EXPECT_EQ(pause_before(p, 1, 1.0), 500ms);
  EXPECT_EQ(pause_before(p, 2, 1.0), 1s);
  EXPECT_EQ(pause_before(p, 4, 1.0), 4s);
  EXPECT_EQ(pause_before(p, 5, 1.0), 5s);
  EXPECT_EQ(pause_before(p, 100'000, 1.0), 5s);
}

TEST(lock_policy, jitter_halves_a_pause_at_most) {
  lock_policy p{.first_pause = 500ms};
  EXPECT_EQ(pause_before(p, 1, 0.0), 250ms);
  EXPECT_EQ(pause_before(p, 1, 0.5), 375ms);
  EXPECT_EQ(pause_before(p, 1, -3.0), 250ms);
  EXPECT_EQ(pause_before(p, 1, 3.0), 500ms);
  EXPECT_EQ(pause_before(p, 0, 1.0), 500ms);
}

TEST(lock_policy, force_is_off_unless_asked_for) {
  for (int attempt : {0, 1, 100}) EXPECT_EQ(force_at({.force_after = 0}, attempt), force::none);
}

TEST(lock_policy, cancels_first_and_terminates_later) {
  lock_policy p{.force_after = 3};
  EXPECT_EQ(force_at(p, 2), force::none);
  EXPECT_EQ(force_at(p, 3), force::cancel);
  EXPECT_EQ(force_at(p, 5), force::cancel);
  EXPECT_EQ(force_at(p, 6), force::terminate);
  EXPECT_EQ(force_at(p, 60), force::terminate);
}

TEST(lock_policy, the_budget_stays_below_the_deadlock_timeout) {
  lock_policy p{.timeout = 300ms};
  EXPECT_EQ(attempt_budget(p, 1000ms), 300ms);
  EXPECT_EQ(attempt_budget(p, 300ms), 270ms);
  EXPECT_EQ(attempt_budget(p, 100ms), 90ms);
  EXPECT_EQ(attempt_budget(p, 1ms), 1ms);
}

TEST(lock_deadline, never_has_less_than_nothing_left) {
  lock_deadline spent{0ms};
  EXPECT_EQ(spent.left(), 0ms);
  EXPECT_EQ(spent.waited(), 0us);
  EXPECT_LE(lock_deadline{300ms}.left(), 300ms);
}

}  // namespace
}  // namespace eidolon::postgres
