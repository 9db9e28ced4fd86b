#include "daemon/api/event_frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

namespace eidolon::daemon::api {

std::string event_frame(const boost::json::object& event) {
  // A line break in the name would end its line; in the data, JSON has escaped them.
  std::string kind{event.at("kind").as_string()};
  std::replace_if(
      kind.begin(), kind.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", boost::json::serialize(event.at("seq")), kind,
                     boost::json::serialize(event));
}

std::string problem_frame(const boost::json::object& document) {
  return fmt::format("event: problem\ndata: {}\n\n", boost::json::serialize(document));
}

}  // namespace eidolon::daemon::api
