// The daemon's log: one line per message to stderr, as text or as JSON. Everything logs through
// spdlog's default logger; log() adds fields that programs can read (job, database, …).
#pragma once
#include <spdlog/common.h>

#include <boost/json/object.hpp>
#include <memory>
#include <string_view>

namespace eidolon::daemon {

enum class log_format { text, json };

// Names as in the configuration: trace, debug, info, warning, error; text, json.
// Throws std::invalid_argument for any other.
spdlog::level::level_enum log_level_from(std::string_view name);
log_format log_format_from(std::string_view name);

// Makes spdlog's default logger write to stderr. May be called again: the next message follows it.
void start_logging(std::string_view level, std::string_view format);

// text: "2026-01-01T00:00:00.000Z info message key=value"; json: {"time":…,"level":…,"message":…,"key":value}.
void log(spdlog::level::level_enum level, std::string_view message, const boost::json::object& fields = {});

// One line of the given format for a message and the fields that log() was given.
std::unique_ptr<spdlog::formatter> make_log_formatter(log_format format);

}  // namespace eidolon::daemon
