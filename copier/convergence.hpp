// Whether catch-up gets anywhere. Pure.
#pragma once
#include <cstdint>

namespace eidolon::copier {

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

}  // namespace eidolon::copier
