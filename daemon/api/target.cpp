#include "daemon/api/target.hpp"

#include <fmt/format.h>

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

// Of the first character, in bytes; 0 when it is none: cut off, longer than need be, a surrogate, or beyond Unicode.
std::size_t length_of_first(std::string_view utf8) {
  const auto byte = [&](std::size_t i) { return i < utf8.size() ? static_cast<unsigned char>(utf8[i]) : 0U; };
  const auto first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  auto code = first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return 0;
    code = code << 6U | (byte(i) & 0x3fU);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (length == 3) return code >= 0x800 && !surrogate ? length : 0;
  return length == 2 || (code >= 0x10000 && code <= 0x10ffff) ? length : 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = length_of_first(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// nullopt when it is not encoded so, or not UTF-8.
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
  return is_utf8(out) ? std::optional{std::move(out)} : std::nullopt;
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
  if (!is_utf8(text)) return std::nullopt;
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

std::string target_for_log(std::string_view text) {
  if (is_utf8(text)) return std::string{text};
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x80 ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return out;
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
