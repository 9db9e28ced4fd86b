#include "config/host_port.hpp"

#include <charconv>

namespace eidolon::config {

std::optional<host_port> parse_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of(":[]") != std::string_view::npos) {
    return std::nullopt;  // an IPv6 address without brackets
  }
  host_port result{std::string{host.empty() ? "0.0.0.0" : host}, 0};
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result.port);
  if (error != std::errc{} || rest != digits.data() + digits.size()) return std::nullopt;
  return result;
}

}  // namespace eidolon::config
