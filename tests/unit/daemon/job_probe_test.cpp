// What is looked at on the daemon's own host.
#include "daemon/job_probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/await.hpp"

namespace eidolon::daemon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string unthinkable = "/" + std::string(300, 'x');

job_load load_with(const config::job_settings& settings) {
  job_record r;
  r.settings = settings;
  job_probe probe{postgres::connect_options{}};
  test::await([&] { return probe.measure(r, false); });
  return probe.load();
}

job_load load_with(const std::string& throttle_file) {
  config::job_settings settings;
  settings.throttle_file = throttle_file;
  return load_with(settings);
}

TEST(throttle_file, is_there_or_is_not) {
  const auto file = std::filesystem::temp_directory_path() / ("eidolon-probe-" + std::to_string(::getpid()));
  EXPECT_THAT(load_with("").files, IsEmpty());
  EXPECT_THAT(load_with(file.string()).files, IsEmpty());
  std::ofstream{file} << "";
  EXPECT_THAT(load_with(file.string()).files, ElementsAre(file.string()));
  EXPECT_EQ(load_with(file.string()).file_error, "");
  EXPECT_THAT(load_with((file / "below").string()).files, IsEmpty());
  std::filesystem::remove(file);
}

TEST(throttle_file, counts_as_there_when_it_cannot_be_looked_at) {
  EXPECT_EQ(load_with(unthinkable).file_error, "File name too long");
}

// What a level says that is not known for certain neither pauses a job nor ends it.
TEST(throttle_file, of_a_level_counts_only_where_it_is_seen) {
  config::job_settings settings;
  settings.critical.throttle_file = unthinkable;
  settings.abort_at.throttle_file = "/";
  const auto load = load_with(settings);
  EXPECT_THAT(load.files, ElementsAre("/"));
  EXPECT_EQ(load.file_error, "");
}

}  // namespace
}  // namespace eidolon::daemon
