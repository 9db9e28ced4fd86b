// "HOST:PORT" and "[IPv6]:PORT", as the http address is written; ":PORT" is that of every IPv4 address.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eidolon::config {

struct host_port {
  std::string host;  // without brackets
  std::uint16_t port{};
  friend bool operator==(const host_port&, const host_port&) = default;
};

std::optional<host_port> parse_host_port(std::string_view text);

}  // namespace eidolon::config
