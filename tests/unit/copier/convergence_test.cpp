#include "copier/convergence.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace eidolon::copier {
namespace {

// The last answer, after all of these passes.
bool diverges(convergence& c, const std::vector<std::int64_t>& backlogs) {
  bool answer = false;
  for (const auto b : backlogs) answer = c.diverges(b);
  return answer;
}

TEST(convergence, is_not_judged_before_six_passes) {
  convergence c;
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(c.diverges(50'000));
  EXPECT_TRUE(c.diverges(50'000)) << "what does not shrink does not end";
}

TEST(convergence, is_not_in_doubt_while_the_backlog_shrinks) {
  convergence c;
  for (int backlog = 100'000; backlog > 0; backlog -= 10'000) EXPECT_FALSE(c.diverges(backlog));
}

TEST(convergence, is_missed_soon_when_each_pass_finds_half_as_much_again) {
  convergence c;
  EXPECT_FALSE(diverges(c, {2'000, 3'000}));
  EXPECT_TRUE(c.diverges(4'500));
  EXPECT_FALSE(c.diverges(6'700)) << "growing, but slower: too early to tell";
}

// As recorded with one worker, and sixteen from the fourth pass on (daemon/convergence_test.cpp of the integration
// tests).
TEST(convergence, is_missed_with_one_worker_and_found_with_sixteen) {
  convergence c;
  EXPECT_FALSE(diverges(c, {2'687, 4'713}));
  EXPECT_TRUE(c.diverges(16'731));
  EXPECT_TRUE(c.diverges(32'903));
  EXPECT_FALSE(c.diverges(8'232));
}

TEST(convergence, begins_anew_when_it_has_caught_up) {
  convergence c;
  EXPECT_TRUE(diverges(c, {3'000, 3'000, 3'000, 3'000, 3'000, 3'000}));
  c.caught_up();
  EXPECT_FALSE(diverges(c, {3'000, 3'000, 3'000, 3'000, 3'000}));
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
