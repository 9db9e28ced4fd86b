// What index builds that run side by side leave one another.
#include "copier/index_builds.hpp"

#include <gtest/gtest.h>

namespace eidolon::copier {
namespace {

postgres::statement_error failed(const std::string& state) {
  postgres::statement_error::fields f;
  f.sqlstate = state;
  f.message = "it failed";
  return postgres::statement_error{std::move(f)};
}

TEST(index_builds, end_with_one_that_has_no_room_or_meets_a_row_that_does_not_fit) {
  for (const auto* state : {"53100", "58030", "58P01", "23505", "22012", "P0001"})
    EXPECT_TRUE(ends_other_builds(failed(state))) << state;
}

TEST(index_builds, go_on_beside_one_that_does_no_harm) {
  for (const auto* state : {"53000", "53200", "53300", "55P03", "40P01", "57014", "42501", "EI001", "XX000"})
    EXPECT_FALSE(ends_other_builds(failed(state))) << state;
}

TEST(index_builds, share_the_sessions) {
  EXPECT_EQ(parallel_workers(2, 1), 1);
  EXPECT_EQ(parallel_workers(2, 2), 0);
  EXPECT_EQ(parallel_workers(2, 9), 0);
  EXPECT_EQ(parallel_workers(4, 1), 3);
  EXPECT_EQ(parallel_workers(4, 2), 1);
  EXPECT_EQ(parallel_workers(4, 3), 0);
  EXPECT_EQ(parallel_workers(1, 1), 0);
  EXPECT_EQ(parallel_workers(1, 3), 0);
}

// Each build by its session and its workers.
TEST(index_builds, never_take_more_processes_than_sessions) {
  for (int sessions = 1; sessions <= 32; ++sessions) {
    for (int unfinished = 1; unfinished <= 40; ++unfinished) {
      const int workers = parallel_workers(sessions, unfinished);
      ASSERT_GE(workers, 0);
      ASSERT_LE(std::min(sessions, unfinished) * (1 + workers), sessions) << sessions << ", " << unfinished;
    }
  }
}

}  // namespace
}  // namespace eidolon::copier
