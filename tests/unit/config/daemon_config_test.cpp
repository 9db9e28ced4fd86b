// The configuration file: what is read, and that everything wrong with it is told at once, with its line.
#include "config/daemon_config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/host_port.hpp"

namespace eidolon::config {

void PrintTo(const config_error& e, std::ostream* out) { *out << e.file << ":" << e.line << ": " << e.message; }

namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view one_database = "[[database]]\nname = \"main\"\ndsn = \"dbname=app\"\n";

auto error_at(unsigned line, const std::string& part) {
  return AllOf(Field(&config_error::file, "test.toml"), Field(&config_error::line, line),
               Field(&config_error::message, HasSubstr(part)));
}

std::vector<config_error> errors_of(std::string_view text) { return parse_config(text, "test.toml").errors; }

TEST(daemon_config, a_default_is_written_in_its_own_type) {
  const auto with = [](const std::string& line) { return std::string{one_database} + "[defaults]\n" + line + "\n"; };
  for (const auto* line : {"workers = 3", "copy_ratio = 1", "copy_ratio = 0.5", "keep_old = \"0s\"", "index_memory = 0",
                           "index_memory = \"512MB\"", "throttle_threshold = 7", "force_after = \"off\"",
                           "force_after = 3", "max_log = 0", "max_log = \"1GB\"", "critical = \"max_active=5\"",
                           "critical = { max_active = 200, max_lag = \"1m30s\" }", "critical = {}"})
    EXPECT_THAT(errors_of(with(line)), testing::IsEmpty()) << line;
  for (const auto* line :
       {"workers = \"3\"", "workers = 3.0", "copy_ratio = \"1\"", "keep_old = 0", "lock_retries = \"9\"",
        "critical = { max_activ = 200 }", "critical = { max_lag = \"soon\" }", "critical = [\"max_active=5\"]",
        "max_lag = { max_lag = \"5s\" }"})
    EXPECT_THAT(errors_of(with(line)), testing::SizeIs(1)) << line;
}

TEST(config_file, is_read_whole) {
  const auto [config, errors] = parse_config(R"(
[listen]
socket = "/tmp/e.sock"
socket_mode = "0600"
http = "[::1]:9000"
[log]
level = "debug"
format = "json"
[[database]]
name = "main"
dsn = "dbname=app"
replicas = ["host=r1", "host=r2"]
[[database]]
name = "second"
dsn = "dbname=other"
[defaults]
workers = 4
max_lag = "3s"
copy_ratio = 0.5
verify = "off"
)",
                                             "test.toml");
  EXPECT_THAT(errors, IsEmpty());
  EXPECT_EQ(config.socket, "/tmp/e.sock");
  EXPECT_EQ(config.socket_mode, 0600U);
  EXPECT_EQ(config.http, "[::1]:9000");
  EXPECT_EQ(config.log_level, "debug");
  EXPECT_EQ(config.log_format, "json");
  const database_config main{"main", "dbname=app", {"host=r1", "host=r2"}, {}};
  const database_config second{"second", "dbname=other", {}, {}};
  EXPECT_THAT(config.databases, ElementsAre(main, second));
  EXPECT_EQ(config.defaults.workers, 4);
  EXPECT_EQ(config.defaults.max_lag, 3s);
  EXPECT_EQ(config.defaults.copy_ratio, 0.5);
  EXPECT_EQ(config.defaults.verify, verify_mode::off);
}

TEST(config_file, needs_no_more_than_a_database) {
  const auto [config, errors] = parse_config(one_database, "test.toml");
  EXPECT_THAT(errors, IsEmpty());
  EXPECT_EQ(config.socket, "/run/eidolon/eidolon.sock");
  EXPECT_EQ(config.socket_mode, 0660U);
  EXPECT_EQ(config.http, "127.0.0.1:9187");
  EXPECT_EQ(config.defaults, job_settings{});
}

TEST(config_file, a_window_belongs_to_the_database_that_it_names_or_to_all) {
  const auto [config, errors] = parse_config(R"(
[[database]]
name = "a"
dsn = "dbname=a"
[[database]]
name = "b"
dsn = "dbname=b"
[[window]]
rule = "deny"
hours = "08:00-18:00"
[[window]]
rule = "allow"
what = "cutover"
days = "sat,sun"
zone = "Europe/Berlin"
database = "b"
)",
                                             "test.toml");
  EXPECT_THAT(errors, IsEmpty());
  ASSERT_EQ(config.databases.size(), 2U);
  ASSERT_EQ(config.databases[0].windows.size(), 1U);
  ASSERT_EQ(config.databases[1].windows.size(), 2U);
  const auto& all = config.databases[0].windows[0];
  EXPECT_FALSE(all.allows);
  EXPECT_TRUE(all.copy && all.cutover);
  EXPECT_EQ(all.from, 480);
  EXPECT_EQ(all.to, 1080);
  EXPECT_EQ(all.zone, "UTC");
  const auto& weekend = config.databases[1].windows[1];
  EXPECT_TRUE(weekend.allows && weekend.cutover && !weekend.copy);
  EXPECT_EQ(weekend.text, "sat,sun 00:00-24:00 Europe/Berlin");
}

TEST(config_file, what_is_wrong_with_a_window_is_told) {
  EXPECT_THAT(errors_of(std::string{one_database} + R"([[window]]
what = "copies"
days = "monday"
hours = "8-18"
until = "noon"
database = "other"
)"),
              testing::UnorderedElementsAre(error_at(4, "rule in [[window]]"), error_at(5, "what in [[window]]"),
                                            error_at(6, "days in [[window]]"), error_at(7, "hours in [[window]]"),
                                            error_at(8, "unknown key until"), error_at(9, "no database \"other\"")));
}

TEST(config_file, takes_natural_values) {
  const auto [config, errors] = parse_config(R"(
[listen]
http = ":9187"
[log]
level = "warn"
[[database]]
name = "main"
dsn = "dbname=app"
[[window]]
rule = "deny"
days = "Mon-Fri"
hours = "9:00-17:00"
[defaults]
keep_old = "1d 12h"
index_memory = "1.5 GiB"
[defaults.critical]
max_active = 200
max_lag = "30 s"
)",
                                             "test.toml");
  EXPECT_THAT(errors, IsEmpty());
  EXPECT_EQ(parse_host_port(config.http), (host_port{"0.0.0.0", 9187}));
  EXPECT_EQ(config.log_level, "warning");
  EXPECT_EQ(config.databases.at(0).windows.at(0).days, std::bitset<7>{0b0011111});
  EXPECT_EQ(config.databases.at(0).windows.at(0).from, 540);
  EXPECT_EQ(config.defaults.keep_old, 36h);
  EXPECT_EQ(config.defaults.index_memory, 1536 * 1024);
  EXPECT_EQ(config.defaults.critical.max_active, 200);
  EXPECT_EQ(config.defaults.critical.max_lag, 30s);
}

TEST(config_file, a_bad_item_of_a_level_is_named) {
  const std::string defaults = std::string{one_database} + "[defaults]\n";
  EXPECT_THAT(errors_of(defaults + "critical = { max_lag = \"soon\" }\n"),
              ElementsAre(error_at(5, "max_lag must be a duration")));
  EXPECT_THAT(errors_of(defaults + "abort_at = { max_activ = 5 }\n"),
              ElementsAre(error_at(5, "no limit \"max_activ\"; did you mean max_active?")));
}

TEST(config_file, may_turn_http_off) {
  EXPECT_THAT(errors_of("listen = { http = \"\" }\n" + std::string{one_database}), IsEmpty());
}

TEST(config_file, every_error_is_told_with_its_line) {
  EXPECT_THAT(errors_of(R"([listen]
socket = ""
socket_mode = "0999"
http = "nowhere"
sokcet = "x"
[log]
level = "loud"
format = 3
[[database]]
name = "a"
replicas = "r1"
[[database]]
name = "a"
dsn = ""
[[database]]
dsn = 5
name = ""
port = 1
replicas = ["", 3]
[defaults]
workers = 99
max_lag = "soon"
wrokers = 1
chunk_target = 2024-01-01
[extra]
)"),
              ElementsAre(error_at(2, "socket in [listen] must not be empty"), error_at(3, "socket_mode"),
                          error_at(4, "HOST:PORT"), error_at(5, "unknown key sokcet in [listen]"),
                          error_at(7, "level in [log]"), error_at(8, "format in [log] must be a string, not integer"),
                          error_at(9, "needs dsn"), error_at(11, "replicas in [[database]] must be an array"),
                          error_at(13, "two databases with the name \"a\""), error_at(14, "dsn in [[database]]"),
                          error_at(16, "dsn in [[database]] must be a string"), error_at(17, "name in [[database]]"),
                          error_at(18, "unknown key port"), error_at(19, "replicas"), error_at(19, "replicas"),
                          error_at(21, "workers must be a whole number from 1 to 32, not 99"),
                          error_at(22, "max_lag must be a duration"), error_at(23, "no setting \"wrokers\""),
                          error_at(24, "chunk_target must be"), error_at(25, "unknown key extra")));
}

// Each of its jobs would be there twice.
TEST(config_file, names_one_database_once) {
  const std::string again = std::string{one_database} + "[[database]]\nname = \"other\"\ndsn = ";
  EXPECT_THAT(errors_of(again + "\"dbname=app\"\n"),
              ElementsAre(error_at(6, "the dsn of database \"other\" is that of another one")));
  EXPECT_THAT(errors_of(again + "\"dbname=app2\"\n"), IsEmpty());
}

TEST(config_file, without_a_database_is_an_error) {
  EXPECT_THAT(errors_of(""), ElementsAre(error_at(0, "no database is configured")));
  EXPECT_THAT(errors_of("database = []"), ElementsAre(error_at(0, "no database is configured")));
  EXPECT_THAT(errors_of("database = \"app\""), ElementsAre(error_at(1, "database must be an array")));
  EXPECT_THAT(errors_of("database = [1]"), ElementsAre(error_at(1, "written as [[database]]")));
  EXPECT_THAT(errors_of("[database]\nname = \"a\""),
              ElementsAre(error_at(1, "[database] must be written as [[database]]")));
}

TEST(config_file, with_a_syntax_error_names_its_line) {
  EXPECT_THAT(errors_of("[listen]\nsocket = \n"), ElementsAre(error_at(2, "")));
  EXPECT_THAT(errors_of("[log]\nlevel = \"info\"\nlevel = \"info\"\n"), ElementsAre(error_at(3, "level")));
}

TEST(config_file, sections_must_be_tables) {
  EXPECT_THAT(errors_of("listen = 1\nlog = []\ndefaults = \"x\"\n" + std::string{one_database}),
              ElementsAre(error_at(1, "listen must be a table"), error_at(2, "log must be a table"),
                          error_at(3, "defaults must be a table")));
}

TEST(config_file, socket_path_must_fit_into_an_address) {
  const auto with_path = [](std::size_t length) {
    return errors_of("listen = { socket = \"/" + std::string(length - 1, 'x') + "\" }\n" + std::string{one_database});
  };
  EXPECT_THAT(with_path(107), IsEmpty());
  EXPECT_THAT(with_path(108), ElementsAre(error_at(1, "longer than 107 bytes")));
}

class config_on_disk : public ::testing::Test {
 protected:
  config_on_disk() {
    std::string name = (std::filesystem::temp_directory_path() / "eidolon-config-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~config_on_disk() override { std::filesystem::remove_all(directory_); }
  std::filesystem::path directory_;
};

TEST_F(config_on_disk, is_read_from_its_file) {
  const auto file = directory_ / "e.toml";
  std::ofstream{file} << one_database << "[nonsense]\n";
  const auto result = read_config(file);
  ASSERT_EQ(result.config.databases.size(), 1U);
  ASSERT_EQ(result.errors.size(), 1U);
  EXPECT_EQ(result.errors[0].file, file.string());
  EXPECT_EQ(result.errors[0].line, 4U);
}

TEST_F(config_on_disk, is_reported_when_it_cannot_be_read) {
  for (const auto& path : {directory_ / "missing.toml", directory_}) {
    const auto result = read_config(path);
    ASSERT_EQ(result.errors.size(), 1U) << path;
    EXPECT_EQ(result.errors[0].file, path.string());
    EXPECT_THAT(result.errors[0].message, HasSubstr("cannot be read: "));
  }
}

TEST(host_and_port, are_told_apart) {
  const host_port v4{"127.0.0.1", 9187};
  const host_port v6{"::1", 1};
  const host_port named{"localhost", 0}, any{"0.0.0.0", 80};
  EXPECT_EQ(parse_host_port("127.0.0.1:9187"), v4);
  EXPECT_EQ(parse_host_port("[::1]:1"), v6);
  EXPECT_EQ(parse_host_port("localhost:0"), named);
  EXPECT_EQ(parse_host_port(":80"), any);
  for (const auto* text : {"", ":", "host", "host:", "host:x", "host:65536", "host:-1", "::1:80", "[::1]", "[]:1",
                           "host:80 ", "[::1:80"}) {
    EXPECT_EQ(parse_host_port(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace eidolon::config
