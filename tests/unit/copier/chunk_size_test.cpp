// The next chunk's size, by how long the last one took.
#include "copier/chunk_size.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace eidolon::copier {
namespace {

using namespace std::chrono_literals;

TEST(chunk_size, follows_the_time_taken) {
  const size_limits limits{1, 1'000};
  EXPECT_EQ(next_size(100, 500ms, 500ms, limits), 100);
  EXPECT_EQ(next_size(100, 400ms, 500ms, limits), 125);
  EXPECT_EQ(next_size(100, 625ms, 500ms, limits), 80);
}

TEST(chunk_size, is_at_most_doubled_or_halved) {
  const size_limits limits{1, 1'000};
  EXPECT_EQ(next_size(100, 1us, 500ms, limits), 200);
  EXPECT_EQ(next_size(100, 0us, 500ms, limits), 200);
  EXPECT_EQ(next_size(100, 1h, 500ms, limits), 50);
  EXPECT_EQ(next_size(100, std::chrono::microseconds{std::numeric_limits<std::int64_t>::max()}, 500ms, limits), 50);
  EXPECT_EQ(next_size(100, 500ms, 0us, limits), 50);
}

TEST(chunk_size, stays_within_its_limits) {
  const size_limits limits{10, 150};
  EXPECT_EQ(next_size(100, 1us, 500ms, limits), 150);
  EXPECT_EQ(next_size(12, 1h, 500ms, limits), 10);
}

// From one block the size must be able to grow again, and never reach none.
TEST(chunk_size, grows_again_from_one) {
  const size_limits limits{1, 1'000};
  EXPECT_EQ(next_size(1, 1h, 500ms, limits), 1);
  EXPECT_EQ(next_size(1, 1ms, 500ms, limits), 2);
}

}  // namespace
}  // namespace eidolon::copier
