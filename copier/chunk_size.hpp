// How large the next chunk should be. Pure: the copy, the apply and the verification all steer by it.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>

namespace eidolon::copier {

struct size_limits {
  std::int64_t least{1}, most{131'072};
};

// A usual size, or less where rows are heavy (row_weight.hpp).
inline std::int64_t lighter(std::int64_t usual, double weight) {
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(usual) / weight));
}

// Proportional to target / took, at most doubled or halved at once, within the limits.
std::int64_t next_size(std::int64_t size, std::chrono::microseconds took, std::chrono::microseconds target,
                       const size_limits& limits);

// How long a statement that copies so many blocks may take; 0: as long as it wants. Behind its lock on the source an
// application's DDL waits, and behind that everybody else. A single block is not limited: whatever its rows cost, the
// copy comes to its end.
std::chrono::milliseconds time_limit(std::int64_t blocks, std::chrono::milliseconds target);

// The size that follows a chunk of so many blocks, 2 or more, that was cut short. Where it is below the least one, rows
// are slow, and from then on any size will do.
std::int64_t size_after_cut(std::int64_t blocks, size_limits& limits);

// The first of the equal parts into which `left`, at least 1, is divided, each at most an eighth larger than `size`, at
// least 1: no short one is left over, which would cost as much around it as a whole one.
std::int64_t even_part(std::int64_t left, std::int64_t size);

}  // namespace eidolon::copier
