// A level of load, `critical` or `abort_at`, as it is written: "max_lag=10s, max_active=200", or an object of the same.
#pragma once
#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "config/settings.hpp"

namespace eidolon::config {

// One sentence about the first limit that cannot be, and `into` is as it was; empty when all were taken over; none when
// `v` is neither a text nor an object.
std::optional<std::string> take_level(const boost::json::value& v, load_limits& into);

// What take_level reads to the same limits.
std::string level_text(const load_limits& limits);

}  // namespace eidolon::config
