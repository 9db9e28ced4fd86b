// A number and its unit, as durations and sizes are written: "64MB", "1.5 s". Spaces around either do not matter.
#pragma once
#include <optional>
#include <string_view>

namespace eidolon::config {

struct quantity {
  double amount{};        // finite, and not negative
  std::string_view unit;  // of letters; empty: none
};

// Takes the first one off the text; nullopt when it begins with none.
std::optional<quantity> take_quantity(std::string_view& text);

}  // namespace eidolon::config
