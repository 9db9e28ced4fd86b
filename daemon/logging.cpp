#include "daemon/logging.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <boost/json/serialize.hpp>
#include <stdexcept>
#include <utility>

namespace eidolon::daemon {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<std::string_view, spdlog::level::level_enum>, 5> levels{{
    {"trace", spdlog::level::trace},
    {"debug", spdlog::level::debug},
    {"info", spdlog::level::info},
    {"warning", spdlog::level::warn},
    {"error", spdlog::level::err},
}};

// spdlog's messages carry no fields. A formatter runs inside the call that logs, so the
// fields of the message being logged can be found here.
thread_local const json::object* current_fields = nullptr;

std::string_view name_of(spdlog::level::level_enum level) {
  for (const auto& [name, value] : levels) {
    if (value == level) return name;
  }
  return "error";
}

std::string timestamp(spdlog::log_clock::time_point at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(at - seconds);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     ms.count());
}

// A line stays one line whatever the message holds: SQL has line breaks, and names may hold anything.
void append_on_one_line(std::string_view text, spdlog::memory_buf_t& out) {
  for (const char c : text) {
    if (c == '\n') {
      fmt::format_to(fmt::appender{out}, "\\n");
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      fmt::format_to(fmt::appender{out}, "\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out.push_back(c);
    }
  }
}

bool is_plain(std::string_view text) {
  return !text.empty() && text.find_first_of(" =\"\\\n\t") == std::string_view::npos;
}

class text_formatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    fmt::format_to(fmt::appender{out}, "{} {} ", timestamp(message.time), name_of(message.level));
    append_on_one_line({message.payload.data(), message.payload.size()}, out);
    if (current_fields != nullptr) append_fields(*current_fields, out);
    out.push_back('\n');
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<text_formatter>(); }

 private:
  static void append_fields(const json::object& fields, spdlog::memory_buf_t& out) {
    for (const auto& [key, value] : fields) {
      const bool bare = value.is_string() && is_plain(value.get_string());
      fmt::format_to(fmt::appender{out}, " {}=", std::string_view{key});
      append_on_one_line(bare ? std::string{value.get_string()} : json::serialize(value), out);
    }
  }
};

class json_formatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    json::object line{{"time", timestamp(message.time)},
                      {"level", name_of(message.level)},
                      {"message", std::string_view{message.payload.data(), message.payload.size()}}};
    if (current_fields != nullptr) line.insert(current_fields->begin(), current_fields->end());
    const auto text = json::serialize(line);
    out.append(text.data(), text.data() + text.size());
    out.push_back('\n');
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<json_formatter>(); }
};

}  // namespace

spdlog::level::level_enum log_level_from(std::string_view name) {
  for (const auto& [known, level] : levels) {
    if (known == name) return level;
  }
  throw std::invalid_argument{fmt::format("\"{}\" is no log level", name)};
}

log_format log_format_from(std::string_view name) {
  if (name == "text") return log_format::text;
  if (name == "json") return log_format::json;
  throw std::invalid_argument{fmt::format("\"{}\" is no log format", name)};
}

std::unique_ptr<spdlog::formatter> make_log_formatter(log_format format) {
  if (format == log_format::json) return std::make_unique<json_formatter>();
  return std::make_unique<text_formatter>();
}

void start_logging(std::string_view level, std::string_view format) {
  auto logger = std::make_shared<spdlog::logger>("eidolon", std::make_shared<spdlog::sinks::stderr_sink_st>());
  logger->set_formatter(make_log_formatter(log_format_from(format)));
  logger->set_level(log_level_from(level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

void log(spdlog::level::level_enum level, std::string_view message, const json::object& fields) {
  current_fields = &fields;
  spdlog::default_logger_raw()->log(level, spdlog::string_view_t{message.data(), message.size()});
  current_fields = nullptr;
}

}  // namespace eidolon::daemon
