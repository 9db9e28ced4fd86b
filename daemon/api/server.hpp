// The HTTP/1.1 server: the control API on a Unix socket, and what monitoring may read on TCP.
//
// Every connection is a coroutine on the server's executor, which must be single-threaded.
// A connection that is silent, or slow to send its request, is closed after request_timeout.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "daemon/service.hpp"

namespace eidolon::daemon::api {

struct limits {
  std::chrono::milliseconds request_timeout{30'000};   // from the first wait for a request to its last byte
  std::chrono::milliseconds response_timeout{30'000};  // for a client to take what it asked for
  std::chrono::milliseconds heartbeat{15'000};         // between comments on a silent event stream
  std::chrono::milliseconds stop_grace{2'000};         // for requests in progress when the server stops
  std::uint32_t header_bytes{16 * 1024};
  std::uint64_t body_bytes{1024 * 1024};
  std::size_t connections{128};  // of each listener; one more is answered 503
};

class server {
 public:
  // `svc` must outlive the server.
  server(asio::any_io_executor executor, service& svc, limits l = {});
  ~server();  // removes the control socket's file

  // Both throw std::runtime_error with a sentence that names the address and the reason.
  // The socket's directory is made when it is missing; a socket file on which nobody answers is replaced.
  void listen_control(const std::string& path, unsigned mode);
  // "HOST:PORT", "[::1]:PORT"; port 0 takes a free one. Returns where it listens.
  asio::ip::tcp::endpoint listen_http(const std::string& host_port);

  // Serves until stop(); returns when the last connection has ended.
  asio::awaitable<void> run();
  // Accepts no more, ends idle connections and event streams at once, and gives requests in progress
  // stop_grace. The control socket's file is gone when this returns.
  void stop();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace eidolon::daemon::api
