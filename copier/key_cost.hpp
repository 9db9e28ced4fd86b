// What applying one key costs, as the last batches went: how many entries fit into the moment that the cutover has for
// them under its locks.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>

namespace eidolon::copier {

// Pure.
class key_cost {
 public:
  // A batch of few keys says more of the disk, or of what it waited for, than of the keys, unless it was fast, or so
  // slow that it had better be believed.
  void learn(std::chrono::microseconds took, std::int64_t keys) {
    if (keys == 0) return;
    const auto applying = std::max(std::chrono::microseconds{0}, took - statements);
    const auto cost = static_cast<double>(applying.count()) / static_cast<double>(keys);
    if (keys >= worth_learning || cost < cost_ || took >= very_slow) cost_ = cost;
  }

  // Never none, or a slow disk once would be a job that never ends; never more than most.
  std::int64_t keys_in(std::chrono::milliseconds time, std::int64_t most) const {
    const auto us = static_cast<double>(std::chrono::microseconds{time}.count());
    if (cost_ * static_cast<double>(most) <= us) return most;
    return std::max(least, static_cast<std::int64_t>(us / cost_));
  }

 private:
  static constexpr std::int64_t worth_learning = 20, least = 10;
  static constexpr std::chrono::microseconds statements{5'000}, very_slow{500'000};  // statements: without any key
  double cost_{};  // microseconds of one session; 0: not known, or too little to tell
};

}  // namespace eidolon::copier
