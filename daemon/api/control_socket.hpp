// The Unix socket's file: made with its mode, never taken from a daemon that still answers, and
// removed by the one who made it.
#pragma once
#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <string>

namespace eidolon::daemon::api {

class control_socket {
 public:
  // Throws std::runtime_error with a sentence that names the path and the reason.
  control_socket(boost::asio::any_io_executor executor, const std::string& path, unsigned mode);
  ~control_socket();
  control_socket(const control_socket&) = delete;
  control_socket& operator=(const control_socket&) = delete;

  boost::asio::local::stream_protocol::acceptor& acceptor() { return acceptor_; }
  void close();  // stops listening and removes the file, if it is still the one made here

 private:
  std::string path_;
  boost::asio::local::stream_protocol::acceptor acceptor_;
  dev_t device_{};
  ino_t inode_{};
};

}  // namespace eidolon::daemon::api
