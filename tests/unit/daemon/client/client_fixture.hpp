// The real eidolon binary against the real server, whose service is a fake.
#pragma once
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/unit/daemon/api/api_fixture.hpp"

namespace eidolon::daemon::api {

struct outcome {
  int status;
  std::string out, err;
};

class client : public api_server {
 protected:
  client() {
    service_.known[7] = fake_job(7, "copying");
    ::unsetenv("EIDOLON_SOCKET");
  }

  static std::string read(const std::filesystem::path& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  outcome run_in_shell(const std::string& command) const {
    const auto out = directory_ / "out";
    const auto err = directory_ / "err";
    const int status = std::system(("{ " + command + "\n} >" + out.string() + " 2>" + err.string()).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(out), read(err)};
  }
  std::string command_line(const std::string& arguments) const {
    return std::string{EIDOLON_CLIENT} + " --socket " + socket_path() + " " + arguments;
  }
  outcome eidolon(const std::string& arguments) const { return run_in_shell(command_line(arguments)); }

  static json::object view(std::string_view state, std::string_view keep_old = "24h") {
    auto job = fake_job(7, state);
    job["settings"].as_object()["keep_old"] = keep_old;
    return job;
  }
};

}  // namespace eidolon::daemon::api
