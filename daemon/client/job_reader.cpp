#include "daemon/client/job_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eidolon::client {

const json::value* find(const json::value& in, std::string_view pointer) {
  json::error_code failed;
  const auto* const found = in.find_pointer({pointer.data(), pointer.size()}, failed);
  return found != nullptr && !found->is_null() ? found : nullptr;
}

std::optional<double> number_at(const json::value& in, std::string_view pointer) {
  const auto* const found = find(in, pointer);
  return found != nullptr && found->is_number() ? std::optional{found->to_number<double>()} : std::nullopt;
}

std::string text_at(const json::value& in, std::string_view pointer) {
  const auto* const found = find(in, pointer);
  if (found == nullptr) return {};
  if (found->is_double()) return fmt::format("{}", found->get_double());  // JSON may write 5E-1
  std::string text = found->is_string() ? std::string{found->get_string()} : json::serialize(*found);
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

bool true_at(const json::value& in, std::string_view pointer) {
  const auto* const found = find(in, pointer);
  return found != nullptr && found->is_bool() && found->get_bool();
}

const json::array& list_at(const json::value& in, std::string_view pointer) {
  static const json::array none;
  const auto* const found = find(in, pointer);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

}  // namespace eidolon::client
