// How far a state is of which that can be told, and when it will be over: by how fast it went since this was first
// asked, for what was done before a restart took time that nobody knows.
#pragma once
#include <algorithm>
#include <optional>

#include "daemon/load.hpp"

namespace eidolon::daemon {

class step_progress {
 public:
  // ratio: 0 to 1. One that is below what it was means that something begins anew.
  void reached(clock::time_point now, double ratio) {
    if (!first_ || ratio < last_) first_ = {now, ratio};
    last_ = std::clamp(ratio, 0.0, 1.0);
  }
  void clear() { *this = {}; }

  std::optional<double> ratio() const { return first_ ? std::optional{last_} : std::nullopt; }

  // Seconds; nullopt before enough of it is done to tell.
  std::optional<double> left(clock::time_point now) const {
    constexpr double enough = 0.01;
    if (!first_ || last_ - first_->ratio < enough) return std::nullopt;
    const std::chrono::duration<double> passed = now - first_->at;
    return passed.count() * (1 - last_) / (last_ - first_->ratio);
  }

 private:
  struct point {
    clock::time_point at{};
    double ratio{};
  };
  std::optional<point> first_;
  double last_{};
};

}  // namespace eidolon::daemon
