#include "postgres/excerpt.hpp"

namespace eidolon::postgres {

std::string_view excerpt(std::string_view utf8, std::size_t most) {
  if (utf8.size() <= most) return utf8;
  const auto continues = [&](std::size_t i) { return (static_cast<unsigned char>(utf8[i]) & 0xc0) == 0x80; };
  while (most > 0 && continues(most)) --most;
  return utf8.substr(0, most);
}

}  // namespace eidolon::postgres
