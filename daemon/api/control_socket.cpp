#include "daemon/api/control_socket.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace eidolon::daemon::api {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

[[noreturn]] void fail(const std::string& path, std::string_view reason) {
  throw std::runtime_error{fmt::format("cannot listen on {}: {}", path, reason)};
}

void make_directory(const std::string& path) {
  const auto directory = std::filesystem::absolute(path).parent_path();
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) fail(path, fmt::format("the directory cannot be made: {}", failed.message()));
}

// A file that a daemon left when it was killed is in the way; one that is in use is not touched.
void remove_stale_file(const asio::any_io_executor& executor, const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) {
    if (errno == ENOENT) return;
    fail(path, std::strerror(errno));
  }
  if (!S_ISSOCK(found.st_mode)) fail(path, "there is a file that is not a socket");
  stream_protocol::socket probe{executor};
  error_code failed;
  probe.connect(stream_protocol::endpoint{path}, failed);
  if (!failed) fail(path, "another daemon answers there");
  if (failed != asio::error::connection_refused) fail(path, failed.message());
  if (::unlink(path.c_str()) != 0) fail(path, std::strerror(errno));
}

// Between bind and chmod the file must not be open to more than it will be in the end.
class restricted_umask {
 public:
  explicit restricted_umask(unsigned mode) : before_{::umask(0777 & ~mode)} {}
  ~restricted_umask() { ::umask(before_); }
  restricted_umask(const restricted_umask&) = delete;
  restricted_umask& operator=(const restricted_umask&) = delete;

 private:
  mode_t before_;
};

void bind_with_mode(stream_protocol::acceptor& acceptor, const std::string& path, unsigned mode) {
  const restricted_umask restricted{mode};
  error_code failed;
  acceptor.open(stream_protocol{}, failed);
  if (!failed) acceptor.bind(stream_protocol::endpoint{path}, failed);
  if (!failed && ::chmod(path.c_str(), mode) != 0) failed = error_code{errno, boost::system::system_category()};
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) fail(path, failed.message());
}

}  // namespace

control_socket::control_socket(asio::any_io_executor executor, const std::string& path, unsigned mode)
    : path_{path}, acceptor_{executor} {
  if (path.size() > stream_protocol::endpoint{}.capacity() - sizeof(sa_family_t) - 1)
    fail(path, "the path is too long");
  make_directory(path);
  remove_stale_file(executor, path);
  bind_with_mode(acceptor_, path, mode);
  struct stat made {};
  if (::lstat(path.c_str(), &made) != 0) fail(path, std::strerror(errno));
  device_ = made.st_dev;
  inode_ = made.st_ino;
}

control_socket::~control_socket() { close(); }

void control_socket::close() {
  if (!acceptor_.is_open()) return;
  error_code ignored;
  acceptor_.close(ignored);
  struct stat found {};
  const bool ours = ::lstat(path_.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_;
  if (ours) ::unlink(path_.c_str());
}

}  // namespace eidolon::daemon::api
