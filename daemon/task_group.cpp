// A task's end is noticed in its completion, which runs on the group's executor.
#include "daemon/task_group.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include "daemon/logging.hpp"

namespace eidolon::daemon {

namespace {

void report(const std::exception_ptr& failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& e) {
    if (e.code() != asio::error::operation_aborted) log(spdlog::level::err, e.what());
  } catch (const std::exception& e) {
    log(spdlog::level::err, e.what());
  }
}

}  // namespace

void task_group::spawn(asio::awaitable<void> task) {
  running_.emplace_back();
  const auto self = std::prev(running_.end());
  auto ended = [this, self](const std::exception_ptr& failure) {
    report(failure);
    // Later, because the signal must outlive the completion that is running now.
    asio::post(executor_, [this, self] {
      running_.erase(self);
      ended_.notify_all();
    });
  };
  asio::co_spawn(executor_, std::move(task), asio::bind_cancellation_slot(self->slot(), std::move(ended)));
}

void task_group::cancel() {
  // A task may end while its signal is emitted; the iterator is advanced first.
  for (auto i = running_.begin(); i != running_.end();) (i++)->emit(asio::cancellation_type::terminal);
}

asio::awaitable<void> task_group::join() {
  while (!running_.empty()) co_await ended_.wait(std::chrono::hours{1});
}

}  // namespace eidolon::daemon
