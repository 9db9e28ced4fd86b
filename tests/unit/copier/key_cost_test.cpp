// How many entries the cutover may apply under its locks.
#include "copier/key_cost.hpp"

#include <gtest/gtest.h>

namespace eidolon::copier {
namespace {

using namespace std::chrono_literals;

TEST(key_cost, as_many_as_ever_while_nothing_is_known_or_they_are_cheap) {
  key_cost c;
  EXPECT_EQ(c.keys_in(200ms, 2000), 2000);
  c.learn(45ms, 1000);  // 40 us each
  EXPECT_EQ(c.keys_in(200ms, 2000), 2000);
  EXPECT_EQ(c.keys_in(20ms, 2000), 500);
}

TEST(key_cost, fewer_when_rows_are_large_or_expressions_slow) {
  key_cost c;
  c.learn(1005ms, 200);  // 5 ms each
  EXPECT_EQ(c.keys_in(200ms, 2000), 40);
  EXPECT_EQ(c.keys_in(1500ms, 2000), 300);
}

TEST(key_cost, few_keys_tell_of_what_they_waited_for_and_not_of_themselves) {
  key_cost c;
  c.learn(300ms, 5);
  EXPECT_EQ(c.keys_in(200ms, 2000), 2000);
  c.learn(505ms, 5);
  EXPECT_EQ(c.keys_in(2s, 2000), 20) << "too slow to be passed over";
  c.learn(5ms, 5);
  EXPECT_EQ(c.keys_in(200ms, 2000), 2000);
  c.learn(5ms, 20);
  EXPECT_EQ(c.keys_in(200ms, 2000), 2000) << "the statements take that long by themselves";
  c.learn(10s, 20);  // somebody had locked the table
  EXPECT_EQ(c.keys_in(200ms, 2000), 10);
  c.learn(10ms, 0);
  EXPECT_EQ(c.keys_in(200ms, 2000), 10);
  c.learn(10ms, 5);  // 1 ms each
  EXPECT_EQ(c.keys_in(200ms, 2000), 200) << "unless they say that it is less";
}

TEST(key_cost, some_always) {
  key_cost c;
  c.learn(60s, 20);
  EXPECT_EQ(c.keys_in(200ms, 2000), 10);
}

}  // namespace
}  // namespace eidolon::copier
