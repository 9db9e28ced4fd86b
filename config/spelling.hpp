// What somebody may have meant by a name that does not exist.
#pragma once
#include <string_view>
#include <vector>

namespace eidolon::config {

// The nearest of the names, at most two edits (a character more, less or another one) away; empty when there is none.
std::string_view meant_by(std::string_view word, const std::vector<std::string_view>& names);

}  // namespace eidolon::config
