#include "daemon/client/event_parser.hpp"

namespace eidolon::client {

void event_parser::feed(std::string_view text) {
  rest_ += text;
  std::size_t begin = 0;
  for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', begin)) {
    const std::string line = rest_.substr(begin, end - begin);
    begin = end + 1;
    take_line(line);
  }
  rest_.erase(0, begin);
}

void event_parser::take_line(std::string_view line) {
  if (line.empty()) {
    const auto name = std::exchange(name_, {});
    const auto data = std::exchange(data_, {});
    if (!data.empty()) on_event_(name, data);
    return;
  }
  const auto colon = line.find(':');  // in front: a comment
  const auto field = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") name_ = value;
  if (field == "data") data_ += (data_.empty() ? "" : "\n") + std::string{value};
}

}  // namespace eidolon::client
