// The decision is taken anew whenever something changes, so that nothing has to be kept in order.
#include "daemon/copy_slot.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <tuple>

namespace eidolon::daemon {

std::optional<std::int64_t> next_in_queue(const std::vector<claim>& claims) {
  const claim* best = nullptr;
  const auto rank = [](const claim& c) { return std::tuple{!c.begun, -static_cast<std::int64_t>(c.priority), c.job}; };
  for (const auto& c : claims)
    if (!c.waits && (!best || rank(c) < rank(*best))) best = &c;
  if (!best) return std::nullopt;
  return best->job;
}

std::optional<std::int64_t> copy_slot::next() const {
  std::vector<claim> claims;
  for (const auto& describe : waiting_) {
    const auto c = describe();
    if (c.begun || expected_.empty()) claims.push_back(c);
  }
  return next_in_queue(claims);
}

asio::awaitable<void> copy_slot::acquire(std::int64_t job, std::function<claim()> describe) {
  if (holder_ == job) co_return;
  struct place {
    std::list<std::function<claim()>>& list;
    std::list<std::function<claim()>>::iterator at;
    ~place() { list.erase(at); }
  };
  const place p{waiting_, waiting_.insert(waiting_.end(), std::move(describe))};
  if (expected_.erase(job) > 0) changed_.notify_all();
  // All that are started together are in the queue before the first of them is chosen.
  const auto executor = co_await asio::this_coro::executor;
  co_await asio::post(executor, asio::use_awaitable);
  // What a claim says changes without a word where it is the clock's.
  while (holder_ || next() != job) co_await changed_.wait(std::chrono::seconds{1});
  holder_ = job;
}

void copy_slot::release(std::int64_t job) {
  const bool expected = expected_.erase(job) > 0;
  if (holder_ != job && !expected) return;
  if (holder_ == job) holder_.reset();
  changed_.notify_all();
}

}  // namespace eidolon::daemon
