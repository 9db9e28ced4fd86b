// Whether catch-up gets anywhere.
#pragma once
#include <algorithm>
#include <cstdint>
#include <deque>

namespace eidolon::copier {

// Pure.
class convergence {
 public:
  // Takes the backlog at the beginning of a pass.
  bool diverges(std::int64_t backlog) {
    passes_.push_back(backlog);
    if (passes_.size() > 2 * some) passes_.pop_front();
    return leaps() || lingers();
  }
  void caught_up() { passes_.clear(); }

 private:
  // Each of the last passes found half as much again as the one before. It is told early, for each takes longer, too.
  bool leaps() const {
    if (passes_.size() < some) return false;
    const auto small_step = [](auto before, auto after) { return 2 * after < 3 * before; };
    return std::adjacent_find(passes_.end() - some, passes_.end(), small_step) == passes_.end();
  }
  // The lowest of the last passes is no lower than that of as many before: a single one may have been lucky or not.
  bool lingers() const {
    if (passes_.size() < 2 * some) return false;
    const auto later = passes_.begin() + some;
    return *std::min_element(later, passes_.end()) >= *std::min_element(passes_.begin(), later);
  }

  static constexpr int some = 3;
  std::deque<std::int64_t> passes_;
};

// Whether passes come to nothing because most of what they read meets unique values of other keys, and is set aside:
// then only all together can tell what a true violation is. Pure.
class stalemate {
 public:
  void passed(std::int64_t read, std::int64_t set_aside) {
    in_vain_ = set_aside > 0 && 2 * set_aside >= read ? in_vain_ + 1 : 0;
  }
  bool reached() const { return in_vain_ >= enough; }

 private:
  static constexpr int enough = 3;
  int in_vain_{};
};

}  // namespace eidolon::copier
