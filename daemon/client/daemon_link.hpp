// Asks the daemon over its control socket. Each request has a connection of its own, so that a
// daemon that was restarted in between is not noticed.
#pragma once
#include <boost/beast/http/verb.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

namespace eidolon::client {

namespace json = boost::json;
using boost::beast::http::verb;

// Nobody answers, or not as a daemon does.
struct unreachable : std::runtime_error {
  unreachable(const std::string& sentence, std::string what_to_do)
      : std::runtime_error{sentence}, advice{std::move(what_to_do)} {}
  std::string advice;
};

struct timed_out : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The daemon answered with a problem document (RFC 9457).
struct refused : std::runtime_error {
  refused(unsigned http_status, json::object problem);
  unsigned status;
  json::object document;
};

class daemon_link {
 public:
  // Planning a table takes seconds at most; this is for a daemon that hangs.
  static constexpr std::chrono::milliseconds answer_timeout{120'000};

  explicit daemon_link(std::string socket_path) : socket_path_{std::move(socket_path)} {}

  // The answer's JSON. Throws unreachable, timed_out or refused.
  json::value ask(verb method, const std::string& target, const std::optional<json::value>& body = {},
                  std::chrono::milliseconds at_most = answer_timeout) const;

  // Calls `on_event` with each event of a job after the given one, until the stream ends. A stream that
  // breaks off ends likewise: the job's state tells which it was.
  void follow(std::int64_t job, std::int64_t after, const std::function<void(const json::object&)>& on_event) const;

 private:
  std::string socket_path_;
};

}  // namespace eidolon::client
