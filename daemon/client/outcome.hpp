// What a job's state means to someone who waits for it.
#pragma once
#include <boost/json/value.hpp>
#include <span>
#include <string>
#include <string_view>

namespace eidolon::client {

std::span<const std::string_view> state_names();

enum class outcome {
  reached,     // also when the job is past it already
  possible,    // not yet
  impossible,  // the job cannot come there any more
};

// Of waiting for a state.
outcome toward(std::string_view target, std::string_view present);

// Of waiting for the end: `done`; or `retaining`, when the old table is kept for a while, because
// the new shape is live then. `failed` and `aborted` are impossible to get out of.
outcome toward_the_end(const boost::json::value& job);

}  // namespace eidolon::client
