// Server-sent events, as text: https://html.spec.whatwg.org/multipage/server-sent-events.html.
#pragma once
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace eidolon::daemon::api {

inline constexpr std::string_view heartbeat_frame = ": heartbeat\n\n";

// An event of a job: its seq as id, its kind as name, the whole of it as data.
std::string event_frame(const boost::json::object& event);
// The last frame of a stream that could not go on.
std::string problem_frame(const boost::json::object& document);

}  // namespace eidolon::daemon::api
