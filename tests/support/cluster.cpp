#include "cluster.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "process.hpp"

namespace eidolon::test {

namespace fs = std::filesystem;

namespace {

// No fsync: these clusters do not outlive the tests.
const std::map<std::string, std::string> default_settings{
    {"fsync", "off"},
    {"listen_addresses", "127.0.0.1"},
    {"track_activity_query_size", "32kB"},  // tests look for what a session runs
    {"max_connections", "200"},
    {"max_prepared_transactions", "10"},
    {"wal_level", "replica"},
    {"log_line_prefix", "%m [%p] %d %a "},
    {"lc_messages", "C"},
    {"cluster_name", "eidolon_test"},
};

// EIDOLON_PG_BINDIR, or the newest of Debian's versions.
fs::path binary_directory() {
  if (const char* given = std::getenv("EIDOLON_PG_BINDIR")) return given;
  fs::path newest;
  int newest_version = 0;
  for (const auto& entry : fs::directory_iterator{"/usr/lib/postgresql"}) {
    int version = std::atoi(entry.path().filename().c_str());
    if (version > newest_version && fs::exists(entry.path() / "bin/initdb")) {
      newest_version = version;
      newest = entry.path() / "bin";
    }
  }
  if (newest.empty()) throw std::runtime_error{"no PostgreSQL server is installed under /usr/lib/postgresql"};
  return newest;
}

void run_or_throw(std::vector<std::string> command) {
  std::string text = fmt::format("{}", fmt::join(command, " "));
  auto done = run_process({.command = unprivileged(std::move(command))});
  if (done.status != 0) throw std::runtime_error{fmt::format("{}: {}{}", text, done.out, done.err)};
}

fs::path make_directory() {
  std::string path = (fs::temp_directory_path() / "eidolon-test-XXXXXX").string();
  if (!::mkdtemp(path.data())) throw std::runtime_error{"mkdtemp failed in " + path};
  if (::geteuid() == 0) {
    const passwd* user = ::getpwnam("postgres");
    if (!user || ::chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) {
      throw std::runtime_error{"the directory cannot be given to the user postgres"};
    }
  }
  return path;
}

int free_port() {
  int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  bool found = ::bind(s, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
               ::getsockname(s, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  ::close(s);
  if (!found) throw std::runtime_error{"no free TCP port"};
  return ntohs(address.sin_port);
}

std::string unique_name(std::string_view kind) {
  static int counter = 0;
  return fmt::format("{}_{}_{}", kind, ::getpid(), ++counter);
}

}  // namespace

std::string cluster::program(std::string_view name) {
  static const fs::path directory = binary_directory();
  return (directory / name).string();
}

cluster& cluster::shared() {
  static cluster instance;
  return instance;
}

cluster::cluster(cluster_options options) : options_{std::move(options)}, directory_{make_directory()} {
  keep();
  initialise();
  start();
}

cluster::~cluster() {
  ::close(keeper_pipe_);
  ::waitpid(keeper_, nullptr, 0);
}

// The keeper's standard input ends when this process does, or closes its end of the pipe.
void cluster::keep() {
  std::string script = fmt::format("trap '' INT TERM HUP; cat; '{}' stop -s -m immediate -D '{}'; rm -rf '{}'",
                                   program("pg_ctl"), data_directory().string(), directory_.string());
  auto command = unprivileged({"sh", "-c", script});
  std::vector<char*> arguments;
  for (auto& a : command) arguments.push_back(a.data());
  arguments.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error{"pipe2 failed"};
  keeper_ = ::fork();
  if (keeper_ == 0) {
    ::setsid();
    ::dup2(ends[0], STDIN_FILENO);
    int null = ::open("/dev/null", O_WRONLY);
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(ends[0]);
  keeper_pipe_ = ends[1];
}

void cluster::initialise() {
  if (options_.primary) {
    run_or_throw({program("pg_basebackup"), "--no-sync", "-c", "fast", "-X", "stream", "-R", "-d",
                  options_.primary->conninfo("postgres"), "-D", data_directory().string()});
  } else {
    run_or_throw({program("initdb"), "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C.UTF-8",
                  "-D", data_directory().string()});
  }
  auto settings = options_.settings;
  settings.insert(default_settings.begin(), default_settings.end());
  settings.emplace("unix_socket_directories", directory_.string());
  std::ofstream file{data_directory() / "postgresql.conf", std::ios::app};
  for (const auto& [name, value] : settings) file << name << " = '" << value << "'\n";
}

// A port that was free a moment ago may be taken now.
void cluster::start() {
  for (int attempts = 3;; --attempts) {
    if (port_ == 0) port_ = free_port();
    try {
      return run_or_throw({program("pg_ctl"), "start", "-s", "-w", "-D", data_directory().string(), "-l",
                           (directory_ / "log").string(), "-o", fmt::format("-p {}", port_)});
    } catch (const std::runtime_error& e) {
      if (attempts == 1) throw std::runtime_error{std::string{e.what()} + log()};
      port_ = 0;
    }
  }
}

void cluster::stop(std::string_view mode) {
  run_or_throw({program("pg_ctl"), "stop", "-s", "-w", "-m", std::string{mode}, "-D", data_directory().string()});
}

void cluster::restart(std::string_view mode) {
  stop(mode);
  start();
}

std::string cluster::log() const {
  std::ifstream file{directory_ / "log"};
  return (std::ostringstream{} << file.rdbuf()).str();
}

std::string cluster::conninfo(std::string_view database, std::string_view more) const {
  return fmt::format("host={} port={} user=postgres dbname={} {}", directory_.string(), port_, database, more);
}

std::string cluster::tcp_conninfo(std::string_view database, std::string_view more) const {
  return fmt::format("host=127.0.0.1 port={} user=postgres dbname={} {}", port_, database, more);
}

rows cluster::sql(std::string_view database, const std::string& text) const {
  return session{conninfo(database)}.sql(text);
}

std::string cluster::pg_dump(std::string_view database, std::vector<std::string> arguments) const {
  std::vector<std::string> command{program("pg_dump"), "-d", conninfo(database)};
  command.insert(command.end(), arguments.begin(), arguments.end());
  auto done = run_process({.command = std::move(command)});
  if (done.status != 0) throw std::runtime_error{"pg_dump: " + done.err};
  return done.out;
}

database::database(cluster& c) : cluster_{&c}, name_{unique_name("db")} {
  cluster_->sql("postgres", "CREATE DATABASE " + name_);
}

database::~database() {
  try {
    cluster_->sql("postgres", "DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  } catch (const std::exception& e) {
    std::cerr << e.what();
  }
}

role::role(std::string_view options, cluster& c) : cluster_{&c}, name_{unique_name("role")} {
  cluster_->sql("postgres", fmt::format("CREATE ROLE {} LOGIN {}", name_, options));
}

role::~role() {
  try {
    cluster_->sql("postgres", "DROP ROLE IF EXISTS " + name_);
  } catch (const std::exception& e) {
    std::cerr << e.what();
  }
}

}  // namespace eidolon::test
