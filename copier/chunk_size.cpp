#include "copier/chunk_size.hpp"

#include <algorithm>

namespace eidolon::copier {

std::int64_t next_size(std::int64_t size, std::chrono::microseconds took, std::chrono::microseconds target,
                       const size_limits& limits) {
  const double ratio =
      static_cast<double>(target.count()) / static_cast<double>(std::max<std::int64_t>(took.count(), 1));
  const auto next = static_cast<std::int64_t>(static_cast<double>(size) * std::clamp(ratio, 0.5, 2.0));
  return std::clamp(next, limits.least, limits.most);
}

std::chrono::milliseconds time_limit(std::int64_t blocks, std::chrono::milliseconds target) {
  using std::chrono::milliseconds;
  return blocks > 1 ? std::max(milliseconds{10'000}, 4 * target) : milliseconds{0};
}

std::int64_t size_after_cut(std::int64_t blocks, size_limits& limits) {
  const auto half = blocks / 2;
  if (half < limits.least) limits.least = 1;
  return half;
}

std::int64_t even_part(std::int64_t left, std::int64_t size) {
  const auto parts = (left + size + size / 8 - 1) / (size + size / 8);
  return (left + parts - 1) / parts;
}

}  // namespace eidolon::copier
