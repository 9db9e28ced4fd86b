#include "daemon/api/target.hpp"

#include <charconv>
#include <utility>

namespace eidolon::daemon::api {
namespace {

// The text up to the separator, which is taken away with it.
std::string_view take_until(char separator, std::string_view& rest) {
  const auto end = rest.find(separator);
  const auto part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  return part;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i] == '+' ? ' ' : text[i]);
      continue;
    }
    unsigned char byte{};
    const auto digits = text.substr(i + 1, 2);
    const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (error != std::errc{} || digits.size() != 2 || rest != digits.data() + 2) return std::nullopt;
    out.push_back(static_cast<char>(byte));
    i += 2;
  }
  return out;
}

std::string_view without_origin(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    const auto slash = text.find('/', scheme.size());
    return slash == std::string_view::npos ? std::string_view{"/"} : text.substr(slash);
  }
  return text;
}

}  // namespace

std::optional<target> parse_target(std::string_view text) {
  auto query = without_origin(text);
  target result;
  result.path = take_until('?', query);
  if (!result.path.starts_with('/')) return std::nullopt;
  while (!query.empty()) {
    auto pair = take_until('&', query);
    const auto name = percent_decoded(take_until('=', pair));
    const auto value = percent_decoded(pair);
    if (!name || !value) return std::nullopt;
    result.query.insert_or_assign(*name, *value);
  }
  return result;
}

std::optional<std::string_view> match_pattern(std::string_view pattern, std::string_view path) {
  std::string_view id;
  for (bool more = true; more;) {
    more = pattern.find('/') != std::string_view::npos;
    if (more != (path.find('/') != std::string_view::npos)) return std::nullopt;
    const auto expected = take_until('/', pattern);
    const auto found = take_until('/', path);
    if (expected == "{id}" ? found.empty() : found != expected) return std::nullopt;
    if (expected == "{id}") id = found;
  }
  return id;
}

}  // namespace eidolon::daemon::api
