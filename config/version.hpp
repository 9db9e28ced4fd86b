// The version of the program, as the build knows it.
#pragma once
#include <string_view>

namespace eidolon::config {

extern const std::string_view version;

}  // namespace eidolon::config
