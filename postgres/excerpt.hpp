// The beginning of a text, for a line that people read.
#pragma once
#include <cstddef>
#include <string_view>

namespace eidolon::postgres {

// At most `most` bytes of UTF-8, cut between characters: half of one would be refused by the server that stores the
// line.
std::string_view excerpt(std::string_view utf8, std::size_t most);

}  // namespace eidolon::postgres
