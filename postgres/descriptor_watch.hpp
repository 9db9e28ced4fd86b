// Waits for a descriptor that somebody else owns (libpq's socket), under one deadline.
//
// One timer per statement, not a race of two coroutines per wait: a statement whose answer
// comes in time costs one timer and no allocation beyond Asio's recycled ones.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string_view>

namespace eidolon::postgres {

namespace asio = boost::asio;

class descriptor_watch {
 public:
  explicit descriptor_watch(const asio::any_io_executor& executor);
  ~descriptor_watch();
  descriptor_watch(const descriptor_watch&) = delete;
  descriptor_watch& operator=(const descriptor_watch&) = delete;

  void assign(int descriptor);
  // Forgets the descriptor without closing it; a coroutine that waits for it sees
  // operation_aborted. Must come before the owner closes it.
  void release() noexcept;

  // From now on, until disarm(), waits fail with timeout_error once timeout has passed; 0: never.
  // `what` names the activity in that error; it must stay valid until disarm().
  void arm(std::chrono::milliseconds timeout, std::string_view what);
  void disarm();

  // Throw timeout_error; boost::system::system_error(operation_aborted) when cancelled.
  asio::awaitable<void> readable();
  asio::awaitable<void> writable();

 private:
  struct state;
  void check(const boost::system::error_code& problem) const;
  std::shared_ptr<state> state_;  // the timer's handler may outlive the watch
};

}  // namespace eidolon::postgres
