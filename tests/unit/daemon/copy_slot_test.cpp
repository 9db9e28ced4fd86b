// Who gets the slot, decided and carried out.
#include "daemon/copy_slot.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace eidolon::daemon {
namespace {

TEST(next_in_queue, nobody_without_claims) { EXPECT_EQ(next_in_queue({}), std::nullopt); }

TEST(next_in_queue, begun_first_then_priority_then_age) {
  EXPECT_EQ(next_in_queue({{7, 0, false, false}, {3, 0, false, false}}), 3);
  EXPECT_EQ(next_in_queue({{7, 1, false, false}, {3, 0, false, false}}), 7);
  EXPECT_EQ(next_in_queue({{7, 1, false, false}, {3, -5, true, false}}), 3);
  EXPECT_EQ(next_in_queue({{7, -1, false, false}, {3, 0, false, false}}), 3);
}

TEST(next_in_queue, a_job_that_waits_for_something_else_lets_others_pass) {
  EXPECT_EQ(next_in_queue({{7, 9, false, true}, {3, 0, false, false}}), 3);
  EXPECT_EQ(next_in_queue({{7, 9, false, true}}), std::nullopt);
}

class copy_slot_test : public testing::Test {
 protected:
  // Each job notes when it gets the slot, and gives it back when it is told to.
  void start(std::int64_t id) {
    auto work = [](copy_slot_test& t, std::int64_t job) -> asio::awaitable<void> {
      co_await t.slot_.acquire(job, [&t, job] { return t.claims_.at(job); });
      t.order_.push_back(job);
    };
    asio::co_spawn(context_, work(*this, id), asio::detached);
  }
  void settle() {
    context_.restart();
    context_.poll();
  }

  asio::io_context context_;
  copy_slot slot_;
  std::map<std::int64_t, claim> claims_;
  std::vector<std::int64_t> order_;
};

TEST_F(copy_slot_test, goes_from_one_to_the_next_in_order) {
  claims_ = {{1, {1, 0, false, false}}, {2, {2, 5, false, false}}, {3, {3, 0, true, false}}};
  for (const auto id : {1, 2, 3}) start(id);
  settle();
  EXPECT_THAT(order_, testing::ElementsAre(3));
  slot_.release(1);  // it does not hold it
  settle();
  EXPECT_THAT(order_, testing::ElementsAre(3));
  slot_.release(3);
  settle();
  EXPECT_THAT(order_, testing::ElementsAre(3, 2));
  slot_.release(2);
  settle();
  EXPECT_THAT(order_, testing::ElementsAre(3, 2, 1));
}

// After a restart every job reads first where it was, and that takes the longer the further it is.
TEST_F(copy_slot_test, waits_for_those_that_have_begun) {
  claims_ = {{1, {1, 0, true, false}}, {2, {2, 9, false, false}}, {3, {3, 0, true, false}}};
  slot_.expect(1);
  slot_.expect(3);
  start(2);
  settle();
  EXPECT_THAT(order_, testing::IsEmpty());
  slot_.release(3);  // it has come to its end
  settle();
  EXPECT_THAT(order_, testing::IsEmpty());
  start(1);
  settle();
  EXPECT_THAT(order_, testing::ElementsAre(1));
  slot_.release(1);
  settle();
  EXPECT_THAT(order_, testing::ElementsAre(1, 2));
}

TEST_F(copy_slot_test, a_change_is_seen_when_it_is_reconsidered) {
  claims_ = {{1, {1, 0, false, true}}};
  start(1);
  settle();
  EXPECT_THAT(order_, testing::IsEmpty());
  claims_[1].waits = false;
  slot_.reconsider();
  settle();
  EXPECT_THAT(order_, testing::ElementsAre(1));
}

TEST_F(copy_slot_test, who_gives_up_waiting_is_forgotten) {
  claims_ = {{1, {1, 0, false, false}}, {2, {2, 9, false, false}}, {3, {3, 0, false, false}}};
  start(1);
  settle();
  asio::cancellation_signal stop;
  const std::function<claim()> second = [this] { return claims_.at(2); };
  asio::co_spawn(context_, slot_.acquire(2, second), asio::bind_cancellation_slot(stop.slot(), asio::detached));
  start(3);
  settle();
  stop.emit(asio::cancellation_type::terminal);
  settle();
  slot_.release(1);
  settle();
  EXPECT_THAT(order_, testing::ElementsAre(1, 3));
}

}  // namespace
}  // namespace eidolon::daemon
