// Log lines: one per message whatever it holds, and JSON that programs can read.
#include "daemon/logging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <sstream>

namespace eidolon::daemon {
namespace {

namespace json = boost::json;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

// Puts spdlog's default logger back when it goes.
class logged : public ::testing::Test {
 protected:
  logged() : before_{spdlog::default_logger()} {}
  ~logged() override { spdlog::set_default_logger(before_); }

  void use(log_format format) {
    auto logger = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_st>(out_));
    logger->set_formatter(make_log_formatter(format));
    spdlog::set_default_logger(logger);
  }

  std::ostringstream out_;

 private:
  std::shared_ptr<spdlog::logger> before_;
};

TEST_F(logged, text_is_time_level_message_and_fields) {
  use(log_format::text);
  log(spdlog::level::warn, "table is locked", {{"job", 7}, {"database", "main"}, {"by", "a b"}});
  EXPECT_THAT(out_.str(), MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z warning table is locked "
                                       "job=7 database=main by=\"a b\"\n"));
}

TEST_F(logged, text_stays_on_one_line) {
  use(log_format::text);
  spdlog::info("SELECT 1;\nDROP\tTABLE\x1b[0m");
  EXPECT_THAT(out_.str(), EndsWith("info SELECT 1;\\nDROP\\x09TABLE\\x1b[0m\n"));
}

TEST_F(logged, json_is_one_object_a_line_with_the_fields_in_it) {
  use(log_format::json);
  const std::string message = "a \"quoted\"\nline\twith \\ and \x01";
  log(spdlog::level::err, message, {{"job", 7}, {"level", "cannot be replaced"}});
  const auto text = out_.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  const auto line = json::parse(text).as_object();
  EXPECT_EQ(line.at("message"), message.c_str());
  EXPECT_EQ(line.at("level"), "error");
  EXPECT_EQ(line.at("job"), 7);
  EXPECT_THAT(std::string{line.at("time").as_string()}, EndsWith("Z"));
}

TEST_F(logged, fields_belong_to_their_message_only) {
  use(log_format::json);
  log(spdlog::level::info, "with", {{"job", 7}});
  out_.str("");
  spdlog::info("without");
  EXPECT_FALSE(json::parse(out_.str()).as_object().contains("job"));
}

TEST_F(logged, goes_to_stderr) {
  start_logging("info", "text");
  ::testing::internal::CaptureStderr();
  spdlog::debug("unseen");
  spdlog::info("seen");
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), EndsWith("Z info seen\n"));
}

TEST(log_names, are_refused_when_unknown) {
  EXPECT_EQ(log_level_from("warning"), spdlog::level::warn);
  EXPECT_THROW(log_level_from("loud"), std::invalid_argument);
  EXPECT_EQ(log_format_from("json"), log_format::json);
  EXPECT_THROW(log_format_from("xml"), std::invalid_argument);
}

}  // namespace
}  // namespace eidolon::daemon
