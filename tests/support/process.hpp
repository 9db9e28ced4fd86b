// A child process of a test: the daemon, the client, a tool of PostgreSQL.
//
// What it writes goes to files without a name, so that it never blocks on a full pipe and
// can be read while it runs. It is killed when its object goes, or when the test process
// dies, however that happens.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace eidolon::test {

struct process_options {
  std::vector<std::string> command;                  // the program, looked up in PATH, and its arguments
  std::map<std::string, std::string> environment{};  // beside, or in place of, the test's own
  std::string input{};                               // its standard input
};

class process {
 public:
  explicit process(process_options options);  // throws std::system_error when the program cannot be started
  process(process&& other) noexcept;
  process& operator=(process&& other) noexcept;
  ~process();  // SIGKILL, unless it has ended

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number);

  // The exit status; 128 + the signal's number when a signal ended it; nullopt when it still runs after timeout.
  std::optional<int> wait(std::chrono::milliseconds timeout);

  // What it has written so far.
  std::string out() const;
  std::string err() const;

 private:
  pid_t pid_{-1};
  std::optional<int> status_;
  int out_{-1}, err_{-1};
};

struct finished_process {
  int status{};
  std::string out, err;
};

// Runs a command to its end; throws std::runtime_error when that does not come within timeout.
finished_process run_process(process_options options, std::chrono::milliseconds timeout = std::chrono::minutes{2});

// The command as the user `postgres` when the tests run as root (PostgreSQL refuses root), else as it is.
std::vector<std::string> unprivileged(std::vector<std::string> command);

}  // namespace eidolon::test
