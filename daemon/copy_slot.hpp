// The one place in a database in which a job may work on its copy; the others queue for it.
#pragma once
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <set>
#include <vector>

#include "daemon/notifier.hpp"

namespace eidolon::daemon {

// A job that wants the slot, as it is at the moment of the decision.
struct claim {
  std::int64_t job{};
  int priority{};
  bool begun{};  // it has a ghost already: it goes first, so that triggers do not burden a table in vain
  bool waits{};  // for something else, and lets others pass
};

// Who is next: jobs that have begun, then by priority, highest first, then by age. Nobody, if all wait.
std::optional<std::int64_t> next_in_queue(const std::vector<claim>& claims);

class copy_slot {
 public:
  // A job that has begun is about to acquire it, or to be released: until then it goes to no job that has not.
  void expect(std::int64_t job) { expected_.insert(job); }
  void expect_nobody() { expected_.clear(); }
  // Returns when the job holds the slot; at once when it does already. `describe` is asked whenever the slot is free.
  asio::awaitable<void> acquire(std::int64_t job, std::function<claim()> describe);
  void release(std::int64_t job);               // or does not expect it any more; nothing else when it does not hold it
  void reconsider() { changed_.notify_all(); }  // what a claim says has changed
  std::optional<std::int64_t> holder() const { return holder_; }
  // A job that has begun, and for which those that have not are kept waiting.
  std::optional<std::int64_t> expected() const {
    return expected_.empty() ? std::nullopt : std::optional{*expected_.begin()};
  }

 private:
  std::optional<std::int64_t> next() const;

  std::optional<std::int64_t> holder_;
  std::list<std::function<claim()>> waiting_;
  std::set<std::int64_t> expected_;
  notifier changed_;
};

}  // namespace eidolon::daemon
