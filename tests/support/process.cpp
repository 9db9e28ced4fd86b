#include "process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <system_error>
#include <thread>
#include <utility>

namespace eidolon::test {

namespace {

[[noreturn]] void fail(const std::string& what) { throw std::system_error{errno, std::generic_category(), what}; }

int unnamed_file(const char* purpose) {
  int file = ::memfd_create(purpose, MFD_CLOEXEC);
  if (file < 0) fail("memfd_create");
  return file;
}

int unnamed_file_with(const std::string& content) {
  int file = unnamed_file("input");
  if (::pwrite(file, content.data(), content.size(), 0) != static_cast<ssize_t>(content.size())) fail("pwrite");
  return file;
}

std::string content(int file) {
  std::string text;
  char buffer[16384];
  for (ssize_t n; (n = ::pread(file, buffer, sizeof buffer, static_cast<off_t>(text.size()))) > 0;) {
    text.append(buffer, static_cast<std::size_t>(n));
  }
  return text;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (auto& s : strings) result.push_back(s.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  auto all = added;
  for (char** entry = environ; *entry; ++entry) {
    std::string_view text{*entry};
    auto equals = text.find('=');
    if (equals != std::string_view::npos) all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  std::vector<std::string> result;
  for (const auto& [name, value] : all) result.push_back(name + '=' + value);
  return result;
}

void clear_close_on_exec(int file) { ::fcntl(file, F_SETFD, 0); }

}  // namespace

process::process(process_options options) : out_{unnamed_file("out")}, err_{unnamed_file("err")} {
  auto environment = merged_environment(options.environment);
  auto arguments = pointers(options.command);
  auto variables = pointers(environment);
  int in = unnamed_file_with(options.input);
  pid_ = ::fork();
  if (pid_ < 0) fail("fork");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(in, STDIN_FILENO);
    ::dup2(out_, STDOUT_FILENO);
    ::dup2(err_, STDERR_FILENO);
    for (int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) clear_close_on_exec(standard);
    ::execvpe(arguments[0], arguments.data(), variables.data());
    ::dprintf(STDERR_FILENO, "%s cannot be started\n", arguments[0]);
    ::_exit(127);
  }
  ::close(in);
}

process::process(process&& other) noexcept
    : pid_{std::exchange(other.pid_, -1)},
      status_{std::exchange(other.status_, std::nullopt)},
      out_{std::exchange(other.out_, -1)},
      err_{std::exchange(other.err_, -1)} {}

process& process::operator=(process&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(status_, other.status_);
  std::swap(out_, other.out_);
  std::swap(err_, other.err_);
  return *this;
}

process::~process() {
  if (running()) {
    signal(SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (out_ >= 0) ::close(out_);
  if (err_ >= 0) ::close(err_);
}

bool process::running() {
  if (pid_ < 0 || status_) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return false;
}

void process::signal(int number) {
  if (running()) ::kill(pid_, number);
}

std::optional<int> process::wait(std::chrono::milliseconds timeout) {
  auto end = std::chrono::steady_clock::now() + timeout;
  while (running()) {
    if (std::chrono::steady_clock::now() >= end) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return status_;
}

std::string process::out() const { return content(out_); }

std::string process::err() const { return content(err_); }

finished_process run_process(process_options options, std::chrono::milliseconds timeout) {
  std::string name = options.command.at(0);
  process p{std::move(options)};
  auto status = p.wait(timeout);
  if (!status) throw std::runtime_error{fmt::format("{} did not end within {} ms", name, timeout.count())};
  return {*status, p.out(), p.err()};
}

std::vector<std::string> unprivileged(std::vector<std::string> command) {
  if (::geteuid() != 0) return command;
  std::vector<std::string> result{"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"};
  result.insert(result.end(), command.begin(), command.end());
  return result;
}

}  // namespace eidolon::test
