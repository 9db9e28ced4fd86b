#include "copier/turns.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <stdexcept>

namespace eidolon::copier {
namespace {

namespace asio = boost::asio;

class turns_test : public testing::Test {
 protected:
  // Takes so many turns, and notes who else has one meanwhile.
  asio::awaitable<void> work(bool alone, int times) {
    for (int i = 0; i < times; ++i) {
      const auto turn = co_await turns_.take(alone);
      ++working_;
      most_ = std::max(most_, working_);
      if (alone) most_beside_alone_ = std::max(most_beside_alone_, working_);
      asio::steady_timer timer{co_await asio::this_coro::executor, std::chrono::milliseconds{1}};
      // The first do not end before the others have begun.
      do {
        co_await timer.async_wait(asio::use_awaitable);
        timer.expires_after(std::chrono::milliseconds{1});
      } while (!alone && i == 0 && working_ < together_ && done_ == 0);
      if (alone) most_beside_alone_ = std::max(most_beside_alone_, working_);
      --working_;
      ++done_;
    }
  }

  asio::io_context io_;
  turns turns_;
  int together_{1};  // who work side by side at first
  int working_{}, most_{}, most_beside_alone_{}, done_{};
};

TEST_F(turns_test, are_side_by_side_or_alone) {
  together_ = 3;
  for (const bool alone : {false, false, false, true, true}) asio::co_spawn(io_, work(alone, 5), asio::detached);
  io_.run();
  EXPECT_EQ(done_, 25);
  EXPECT_EQ(most_, 3);
  EXPECT_EQ(most_beside_alone_, 1);
}

TEST_F(turns_test, end_with_who_has_them) {
  auto fails = [this]() -> asio::awaitable<void> {
    const auto turn = co_await turns_.take(true);
    throw std::runtime_error{"lost"};
  };
  asio::co_spawn(io_, fails(), [](const std::exception_ptr& e) { EXPECT_TRUE(e); });
  asio::co_spawn(io_, work(false, 1), asio::detached);
  io_.run();
  EXPECT_EQ(done_, 1);
}

}  // namespace
}  // namespace eidolon::copier
