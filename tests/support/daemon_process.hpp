// The daemon and its client as a user runs them: the real binaries, over the real socket.
#pragma once
#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "process.hpp"

namespace eidolon::test {

class daemon_process {
 public:
  // Starts eidolond for one database, named `main`, and returns when it leads
  // it, or another daemon does.
  // Further arguments are appended. Throws std::runtime_error with its log when it does not come up.
  explicit daemon_process(std::string conninfo, std::vector<std::string> arguments = {});
  ~daemon_process();
  daemon_process(const daemon_process&) = delete;
  daemon_process& operator=(const daemon_process&) = delete;

  // The client with these arguments, to its end.
  finished_process client(std::vector<std::string> arguments,
                          std::chrono::milliseconds timeout = std::chrono::minutes{3}) const;
  // Submits and returns the job's id. Throws when it is refused.
  std::string submit(const std::string& table, const std::string& alter, std::vector<std::string> arguments = {}) const;
  // Waits for a state, or an end; the client's exit status.
  int wait(const std::string& id, std::chrono::seconds timeout, std::optional<std::string> state = {}) const;
  boost::json::object job(const std::string& id) const;
  std::string state(const std::string& id) const;

  enum class until { it_answers, it_is_ready };
  void start(until when = until::it_is_ready);  // again, after stop() or kill()
  std::optional<int> stop();                    // SIGTERM; its exit status, nullopt when it does not end in time
  void kill();                                  // SIGKILL
  // GET over the control socket: the status, 0 when nobody answers, and the body.
  std::pair<int, std::string> get(const std::string& path) const;
  std::string log() const { return process_->err(); }
  int pid() const { return process_->pid(); }
  std::string socket() const { return (directory_ / "eidolon.sock").string(); }

  static std::string program(const std::string& name);  // eidolond, eidolon

 private:
  std::string conninfo_;
  std::vector<std::string> arguments_;
  std::filesystem::path directory_;
  std::optional<process> process_;
};

}  // namespace eidolon::test
