#include "daemon/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace eidolon::daemon {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

parsed_options parsed(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "eidolond");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

class configuration_file : public testing::Test {
 protected:
  explicit configuration_file() { std::filesystem::create_directory(directory_); }
  ~configuration_file() override { std::filesystem::remove_all(directory_); }

  parsed_options checked(const std::string& text) const {
    std::ofstream{file_} << text;
    return parsed({"--config", file_.c_str(), "--check-config"});
  }

  const std::filesystem::path directory_{std::filesystem::temp_directory_path() /
                                         ("eidolon-options-" + std::to_string(::getpid()))};
  const std::string file_{(directory_ / "eidolond.toml").string()};
};

// As a restart would find it, but before one; and without the password.
TEST_F(configuration_file, is_checked_for_connection_strings_too) {
  const auto wrong =
      checked("[[database]]\nname = \"main\"\ndsn = \"host=a pasword=secret\"\nreplicas = [\"host=b\", \"host='c\"]\n");
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.errors, AllOf(HasSubstr("dsn of database \"main\""), HasSubstr("replica 2 of database \"main\""),
                                  Not(HasSubstr("replica 1")), Not(HasSubstr("secret")), HasSubstr(".toml:3: "),
                                  HasSubstr(".toml:4: ")));
  const auto right = checked("[[database]]\nname = \"main\"\ndsn = \"postgresql://a/b\"\nreplicas = [\"host=b\"]\n");
  EXPECT_EQ(right.exit_code, 0) << right.errors;
}

// Else a reload would find a change of [listen] that nobody made.
TEST_F(configuration_file, is_read_again_under_the_flags_that_were_given_with_it) {
  std::ofstream{file_} << "[listen]\nsocket = \"/a\"\nhttp = \"127.0.0.1:1\"\n"
                       << "[[database]]\nname = \"main\"\ndsn = \"host=a\"\n";
  const auto given = parsed({"--config", file_.c_str(), "--socket", "/b", "--http", ""});
  ASSERT_TRUE(given.value) << given.errors;
  EXPECT_EQ(given.value->config.socket, "/b");
  EXPECT_EQ(given.value->config.http, "");
  const auto again = read_configuration(*given.value);
  EXPECT_EQ(to_text(again.errors), "");
  EXPECT_EQ(again.config.socket, "/b");
  EXPECT_EQ(again.config.http, "");
  const auto bare = parsed({"--config", file_.c_str()});
  ASSERT_TRUE(bare.value) << bare.errors;
  EXPECT_EQ(read_configuration(*bare.value).config.http, "127.0.0.1:1");
}

TEST(options, are_refused_with_a_connection_string_that_is_none) {
  const auto wrong = parsed({"--dsn", "host=a nonsense=1"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.errors, HasSubstr("dsn of database \"main\""));
  EXPECT_TRUE(parsed({"--dsn", "host=a"}).value);
}

TEST(options, name_all_jobs_for_their_removal_alone) {
  const auto wrong = parsed({"--dsn", "host=a", "--all-jobs"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.errors, HasSubstr("--clean-orphans"));
  const auto right = parsed({"--dsn", "host=a", "--clean-orphans", "--all-jobs"});
  ASSERT_TRUE(right.value) << right.errors;
  EXPECT_TRUE(right.value->clean_orphans && right.value->all_jobs);
  EXPECT_FALSE(parsed({"--dsn", "host=a", "--clean-orphans"}).value->all_jobs);
}

}  // namespace
}  // namespace eidolon::daemon
