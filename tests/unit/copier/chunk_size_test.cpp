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

TEST(chunk_size, leaves_no_short_part_over) {
  EXPECT_EQ(even_part(1'025, 512), 513);
  EXPECT_EQ(even_part(1'000, 300), 334);
  EXPECT_EQ(even_part(512, 512), 512);
  EXPECT_EQ(even_part(2, 512), 2);
  EXPECT_EQ(even_part(1, 1), 1);
  EXPECT_EQ(even_part(7, 1), 1);
  for (std::int64_t left = 1; left < 3'000; left += 7) {
    for (const std::int64_t size : {1, 16, 128, 512}) {
      std::int64_t rest = left, least = left, most = 0;
      while (rest > 0) {
        const auto part = even_part(rest, size);
        ASSERT_GE(part, 1);
        ASSERT_LE(part, size + size / 8);
        rest -= part;
        least = std::min(least, part);
        most = std::max(most, part);
      }
      ASSERT_EQ(rest, 0);
      ASSERT_LE(most - least, 1) << left << " by " << size;
    }
  }
}

// From one block the size must be able to grow again, and never reach none.
TEST(chunk_size, grows_again_from_one) {
  const size_limits limits{1, 1'000};
  EXPECT_EQ(next_size(1, 1h, 500ms, limits), 1);
  EXPECT_EQ(next_size(1, 1ms, 500ms, limits), 2);
}

}  // namespace
}  // namespace eidolon::copier
