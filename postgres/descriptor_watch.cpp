#include "postgres/descriptor_watch.hpp"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "postgres/error.hpp"
#include "postgres/excerpt.hpp"

namespace eidolon::postgres {

namespace {
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t longest_description = 120;
}  // namespace

struct descriptor_watch::state {
  explicit state(const asio::any_io_executor& executor) : descriptor{executor}, timer{executor} {}
  asio::posix::stream_descriptor descriptor;
  asio::steady_timer timer;
  std::chrono::milliseconds timeout{};
  std::string_view what;
  std::uint64_t round{};  // tells a handler that was queued already from the one that counts
  bool expired{};
};

descriptor_watch::descriptor_watch(const asio::any_io_executor& executor) : state_{std::make_shared<state>(executor)} {}

descriptor_watch::~descriptor_watch() {
  disarm();
  release();
}

void descriptor_watch::assign(int descriptor) { state_->descriptor.assign(descriptor); }

void descriptor_watch::release() noexcept {
  if (state_->descriptor.is_open()) state_->descriptor.release();
}

void descriptor_watch::arm(std::chrono::milliseconds timeout, std::string_view what) {
  disarm();
  state_->timeout = timeout;
  state_->what = what;
  if (timeout <= timeout.zero()) return;
  state_->timer.expires_after(timeout);
  state_->timer.async_wait([weak = std::weak_ptr{state_}, round = state_->round](const auto& problem) {
    auto self = weak.lock();
    if (problem || !self || self->round != round) return;
    self->expired = true;
    self->descriptor.cancel();
  });
}

void descriptor_watch::disarm() {
  ++state_->round;
  state_->expired = false;
  if (state_->timeout > state_->timeout.zero()) state_->timer.cancel();
  state_->timeout = state_->timeout.zero();
}

void descriptor_watch::check(const boost::system::error_code& problem) const {
  if (state_->expired) {
    throw timeout_error{
        fmt::format("no answer within {} ms: {}", state_->timeout.count(), excerpt(state_->what, longest_description))};
  }
  if (problem == asio::error::operation_aborted) throw boost::system::system_error{problem};
  if (problem) throw connection_error{problem.message()};
}

asio::awaitable<void> descriptor_watch::readable() {
  check({});
  auto [problem] = co_await state_->descriptor.async_wait(asio::posix::descriptor_base::wait_read, as_tuple);
  check(problem);
}

asio::awaitable<void> descriptor_watch::writable() {
  check({});
  auto [problem] = co_await state_->descriptor.async_wait(asio::posix::descriptor_base::wait_write, as_tuple);
  check(problem);
}

}  // namespace eidolon::postgres
