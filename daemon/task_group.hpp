// Coroutines that are started together, cancelled together and awaited together: who starts
// an activity awaits its end.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <list>

#include "daemon/notifier.hpp"

namespace eidolon::daemon {

class task_group {
 public:
  explicit task_group(asio::any_io_executor executor) : executor_{std::move(executor)} {}
  task_group(const task_group&) = delete;
  task_group& operator=(const task_group&) = delete;

  // The task must not throw anything but operation_aborted; whatever else it throws is logged as an error.
  void spawn(asio::awaitable<void> task);
  void cancel();
  // Returns when no task is left. The group must outlive its tasks: join before destroying it.
  asio::awaitable<void> join();
  bool empty() const { return running_.empty(); }

 private:
  asio::any_io_executor executor_;
  std::list<asio::cancellation_signal> running_;
  notifier ended_;
};

}  // namespace eidolon::daemon
