// Runs coroutines from a test's plain function, and waits for what another process does.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

namespace eidolon::test {

// Runs body(), a coroutine, on an io_context of its own, and returns what it returns or
// throws. A body that is not done within the limit is a failure, and is destroyed.
// (EXPECT_… works inside; ASSERT_… does not, since it returns.)
template <class Body>
auto await(Body body, std::chrono::seconds limit = std::chrono::seconds{60}) {
  boost::asio::io_context io;
  auto answer = boost::asio::co_spawn(io, body(), boost::asio::use_future);
  auto end = std::chrono::steady_clock::now() + limit;
  while (answer.wait_for(std::chrono::seconds{0}) != std::future_status::ready) {
    if (io.run_one_until(end) == 0) throw std::runtime_error{"the coroutine did not come to its end"};
  }
  return answer.get();
}

// Polls until holds() is true; false when it is not within the limit.
template <class Condition>
bool eventually(Condition holds, std::chrono::milliseconds limit = std::chrono::seconds{60}) {
  auto end = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

}  // namespace eidolon::test
