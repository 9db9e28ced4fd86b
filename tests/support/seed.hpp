// The seed of a test process's random choices: printed, so that a run can be repeated (its choices, not its timing)
// with EIDOLON_TEST_SEED.
#pragma once
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace eidolon::test {

inline std::uint64_t seed() {
  static const std::uint64_t value = [] {
    const char* given = std::getenv("EIDOLON_TEST_SEED");
    const std::uint64_t chosen = given != nullptr ? std::stoull(given) : std::random_device{}();
    std::cout << "EIDOLON_TEST_SEED=" << chosen << std::endl;
    return chosen;
  }();
  return value;
}

}  // namespace eidolon::test
