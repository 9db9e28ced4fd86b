// Whether catch-up gets anywhere.
#pragma once
#include <cstdint>

namespace eidolon::copier {

// Pure.
class convergence {
 public:
  // Takes the backlog at the beginning of a pass; true when it has not shrunk for several passes.
  bool diverges(std::int64_t backlog) {
    grown_ = passes_++ > 0 && backlog >= last_ ? grown_ + 1 : 0;
    last_ = backlog;
    return grown_ >= enough;
  }

 private:
  static constexpr int enough = 3;
  std::int64_t last_{};
  int passes_{}, grown_{};
};

// Whether passes come to nothing because most of what they read meets unique values of other keys, and is set aside: then
// only all together can tell what a true violation is. Pure.
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
