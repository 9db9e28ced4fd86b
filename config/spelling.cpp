#include "config/spelling.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace eidolon::config {
namespace {

constexpr std::size_t most_edits = 2;

// Levenshtein's distance. costs[j]: from what is read of `a` to the first j characters of `b`.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> costs(b.size() + 1);
  std::iota(costs.begin(), costs.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = costs[0];
    costs[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = costs[j + 1];
      costs[j + 1] = std::min({replaced, diagonal + 1, costs[j] + 1});
    }
  }
  return costs.back();
}

}  // namespace

std::string_view meant_by(std::string_view word, const std::vector<std::string_view>& names) {
  std::string_view nearest;
  auto fewest = most_edits + 1;
  for (const auto name : names) {
    const auto edits = edits_between(word, name);
    if (edits >= fewest) continue;
    nearest = name;
    fewest = edits;
  }
  return nearest;
}

}  // namespace eidolon::config
