// What a job may still cost the application in locks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/lock_attempts.hpp"

namespace eidolon::daemon {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

job_record blocked_for(double seconds, std::chrono::milliseconds budget) {
  job_record r;
  r.settings.lock_timeout = 300ms;
  r.settings.lock_budget = budget;
  r.timings["blocked_application_seconds"] = seconds;
  return r;
}

TEST(lock_budget, without_one_any_attempt_may_be_made) {
  EXPECT_EQ(budget_used_up(blocked_for(3600, 0s)), "");
  EXPECT_EQ(lock_policy_of(blocked_for(3600, 0s)).timeout, 300ms);
  EXPECT_EQ(budget_used_up(job_record{}), "") << "nothing is recorded yet";
}

TEST(lock_budget, no_attempt_takes_more_than_what_is_left) {
  EXPECT_EQ(lock_policy_of(blocked_for(0, 1s)).timeout, 300ms);
  EXPECT_EQ(lock_policy_of(blocked_for(0.85, 1s)).timeout, 150ms);
  EXPECT_EQ(budget_used_up(blocked_for(0.985, 1s)), "");
  EXPECT_THAT(budget_used_up(blocked_for(0.995, 1s)), HasSubstr("lock_budget is used up"));
  EXPECT_THAT(budget_used_up(blocked_for(7.5, 1s)), HasSubstr("has waited 7.5 s"));
  EXPECT_GT(lock_policy_of(blocked_for(7.5, 1s)).timeout, 0ms) << "for what goes on all the same";
}

}  // namespace
}  // namespace eidolon::daemon
