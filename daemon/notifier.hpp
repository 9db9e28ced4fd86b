// Wakes every coroutine that waits for something to change. Single-threaded: a waiter
// checks its condition, then waits; nothing can change in between.
#pragma once
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <list>

namespace eidolon::daemon {

namespace asio = boost::asio;

class notifier {
 public:
  notifier() = default;
  notifier(const notifier&) = delete;
  notifier& operator=(const notifier&) = delete;

  void notify_all() {
    for (auto* timer : waiting_) timer->cancel();
  }

  // Returns at the next notify_all(), or when `longest` has passed, whichever is first. When the
  // coroutine is cancelled it returns as well, and the coroutine's next wait throws operation_aborted.
  asio::awaitable<void> wait(std::chrono::milliseconds longest) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor, longest};
    const place p{waiting_, &timer};
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }

 private:
  struct place {
    place(std::list<asio::steady_timer*>& l, asio::steady_timer* t) : list{l}, at{l.insert(l.end(), t)} {}
    ~place() { list.erase(at); }
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    std::list<asio::steady_timer*>& list;
    std::list<asio::steady_timer*>::iterator at;
  };
  std::list<asio::steady_timer*> waiting_;
};

}  // namespace eidolon::daemon
