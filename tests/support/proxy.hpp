// A TCP proxy between the code under test and the server, which can lose what the server
// answers: the request arrives, its answer never does.
#pragma once
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
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

 private:
  using socket = boost::asio::ip::tcp::socket;
  struct pair;
  boost::asio::awaitable<void> listen(boost::asio::ip::tcp::acceptor acceptor, int server_port);
  boost::asio::awaitable<void> pass(std::shared_ptr<pair> p, bool answers);

  boost::asio::io_context io_;
  std::atomic<bool> lose_{false};
  int port_{0};
  std::thread thread_;
};

}  // namespace eidolon::test
