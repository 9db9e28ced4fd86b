// What is looked at on the daemon's own host.
#include "daemon/job_probe.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/await.hpp"

namespace eidolon::daemon {
namespace {

job_load load_with(const std::string& throttle_file) {
  job_record r;
  r.settings.throttle_file = throttle_file;
  job_probe probe{postgres::connect_options{}};
  test::await([&] { return probe.measure(r, false); });
  return probe.load();
}

TEST(throttle_file, is_there_or_is_not) {
  const auto file = std::filesystem::temp_directory_path() / ("eidolon-probe-" + std::to_string(::getpid()));
  EXPECT_FALSE(load_with("").file_exists);
  EXPECT_FALSE(load_with(file.string()).file_exists);
  std::ofstream{file} << "";
  EXPECT_TRUE(load_with(file.string()).file_exists);
  EXPECT_EQ(load_with(file.string()).file_error, "");
  EXPECT_FALSE(load_with((file / "below").string()).file_exists);
  std::filesystem::remove(file);
}

TEST(throttle_file, counts_as_there_when_it_cannot_be_looked_at) {
  const auto load = load_with("/" + std::string(300, 'x'));
  EXPECT_TRUE(load.file_exists);
  EXPECT_EQ(load.file_error, "File name too long");
}

}  // namespace
}  // namespace eidolon::daemon
