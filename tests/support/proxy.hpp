// A TCP proxy between the code under test and the server, which can lose what the server
// answers: the request arrives, its answer never does; and which can be slow, or let nothing through.
#pragma once
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <thread>

namespace eidolon::test {

class proxy {
 public:
  explicit proxy(int server_port);
  ~proxy();
  proxy(const proxy&) = delete;
  proxy& operator=(const proxy&) = delete;

  int port() const { return port_; }
  // Breaks both sides of the connection that the server answers on next, instead of passing the answer on.
  void lose_next_answer() { lose_ = true; }
  // Nothing passes, either way, and nobody is told, until it is mended.
  void cut(bool now) { cut_ = now; }
  // What the server sends passes at so many bytes a second; 0: at once.
  void slow_down(std::int64_t bytes_per_second) { rate_ = bytes_per_second; }

 private:
  using socket = boost::asio::ip::tcp::socket;
  struct pair;
  boost::asio::awaitable<void> listen(boost::asio::ip::tcp::acceptor acceptor, int server_port);
  boost::asio::awaitable<void> pass(std::shared_ptr<pair> p, bool answers);

  boost::asio::io_context io_;
  std::atomic<bool> lose_{false}, cut_{false};
  std::atomic<std::int64_t> rate_{0};
  int port_{0};
  std::thread thread_;
};

}  // namespace eidolon::test
