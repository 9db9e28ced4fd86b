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

TEST(chunk_size, is_limited_in_time_but_for_a_single_block) {
  EXPECT_EQ(time_limit(2, 500ms), 10s);
  EXPECT_EQ(time_limit(128, 2'500ms), 10s);
  EXPECT_EQ(time_limit(128, 60s), 240s);
  EXPECT_EQ(time_limit(1, 500ms), 0s);
  EXPECT_EQ(time_limit(1, 60s), 0s);
}

// A statement that somebody cancels says little; what is cut short at the least size is slow.
TEST(chunk_size, is_halved_when_it_is_cut_short) {
  size_limits limits{16, 1'000};
  EXPECT_EQ(size_after_cut(128, limits), 64);
  EXPECT_EQ(size_after_cut(32, limits), 16);
  EXPECT_EQ(limits.least, 16);
  EXPECT_EQ(size_after_cut(16, limits), 8);
  EXPECT_EQ(limits.least, 1);
  EXPECT_EQ(limits.most, 1'000);
}

// Whatever its rows cost, a lane comes to a chunk that has all the time it needs.
TEST(chunk_size, reaches_a_single_block) {
  size_limits limits{16, 2'048};
  for (std::int64_t left = 2; left < 3'000; left += 7) {
    std::int64_t size = 128;
    for (int cuts = 0; even_part(left, size) > 1; ++cuts) {
      ASSERT_LT(cuts, 8) << left;
      size = size_after_cut(even_part(left, size), limits);
    }
    ASSERT_EQ(time_limit(even_part(left, size), 500ms), 0s);
  }
  EXPECT_EQ(next_size(1, 1h, 500ms, limits), 1) << "and the next one is no larger";
}

}  // namespace
}  // namespace eidolon::copier
