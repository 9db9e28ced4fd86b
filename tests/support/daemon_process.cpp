#include "daemon_process.hpp"

#include <fmt/format.h>
#include <stdlib.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <stdexcept>

#include "await.hpp"

namespace eidolon::test {
namespace {

constexpr std::chrono::seconds patience{60};  // for starting and for stopping

std::filesystem::path make_directory() {
  auto path = (std::filesystem::temp_directory_path() / "eidolond-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error{"no temporary directory: " + path};
  return path;
}

}  // namespace

std::string daemon_process::program(const std::string& name) { return std::string{EIDOLON_BINARY_DIR "/"} + name; }

daemon_process::daemon_process(std::string conninfo, std::vector<std::string> arguments)
    : conninfo_{std::move(conninfo)}, arguments_{std::move(arguments)}, directory_{make_directory()} {
  start();
}

daemon_process::~daemon_process() {
  process_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void daemon_process::start(until when) {
  process_options options{.command = {program("eidolond"), "--dsn", conninfo_, "--socket", socket(), "--http", ""}};
  options.command.insert(options.command.end(), arguments_.begin(), arguments_.end());
  process_.emplace(std::move(options));
  const auto path = when == until::it_is_ready ? "/readyz" : "/healthz";
  const bool up = eventually([&] { return !process_->running() || get(path).first == 200; }, patience);
  if (!up || !process_->running()) throw std::runtime_error{"eidolond did not come up:\n" + log()};
}

std::pair<int, std::string> daemon_process::get(const std::string& path) const {
  namespace asio = boost::asio;
  asio::io_context io;
  asio::local::stream_protocol::socket s{io};
  boost::system::error_code error;
  s.connect({socket()}, error);
  if (error) return {0, ""};
  asio::write(s, asio::buffer(fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path)),
              error);
  std::string answer;
  asio::read(s, asio::dynamic_buffer(answer), error);
  const auto space = answer.find(' '), blank = answer.find("\r\n\r\n");
  if (space == std::string::npos || blank == std::string::npos) return {0, ""};
  return {std::stoi(answer.substr(space + 1)), answer.substr(blank + 4)};
}

finished_process daemon_process::client(std::vector<std::string> arguments, std::chrono::milliseconds timeout) const {
  process_options options{.command = {program("eidolon"), "--socket", socket()}};
  options.command.insert(options.command.end(), arguments.begin(), arguments.end());
  return run_process(std::move(options), timeout);
}

std::string daemon_process::submit(const std::string& table, const std::string& alter,
                                   std::vector<std::string> arguments) const {
  std::vector<std::string> command{"submit", "--table", table, "--alter", alter};
  command.insert(command.end(), arguments.begin(), arguments.end());
  auto answer = client(std::move(command));
  if (answer.status != 0) throw std::runtime_error{"submit: " + answer.err};
  while (!answer.out.empty() && answer.out.back() == '\n') answer.out.pop_back();
  return answer.out;
}

int daemon_process::wait(const std::string& id, std::chrono::seconds timeout, std::optional<std::string> state) const {
  std::vector<std::string> command{"wait", id, "--timeout", std::to_string(timeout.count())};
  if (state) command.insert(command.end(), {"--state", *state});
  return client(std::move(command), timeout + patience).status;
}

boost::json::object daemon_process::job(const std::string& id) const {
  const auto answer = client({"--json", "status", id});
  if (answer.status == 3) throw std::runtime_error{"status: " + answer.err};
  return boost::json::parse(answer.out).as_object();
}

std::string daemon_process::state(const std::string& id) const { return std::string{job(id).at("state").as_string()}; }

std::optional<int> daemon_process::stop() {
  process_->signal(SIGTERM);
  return process_->wait(patience);
}

void daemon_process::kill() {
  process_->signal(SIGKILL);
  process_->wait(patience);
}

}  // namespace eidolon::test
