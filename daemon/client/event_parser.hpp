// Server-sent events out of text that comes in any pieces.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace eidolon::client {

class event_parser {
 public:
  // Called with the name and the data of each event that is complete.
  using sink = std::function<void(std::string_view name, std::string_view data)>;
  explicit event_parser(sink on_event) : on_event_{std::move(on_event)} {}

  void feed(std::string_view text);

 private:
  void take_line(std::string_view line);

  sink on_event_;
  std::string rest_;  // of a line that is not complete
  std::string name_, data_;
};

}  // namespace eidolon::client
