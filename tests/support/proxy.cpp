#include "proxy.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>

namespace eidolon::test {

namespace asio = boost::asio;
using asio::use_awaitable;
using asio::ip::tcp;

struct proxy::pair {
  socket client, server;
};

proxy::proxy(int server_port) {
  tcp::acceptor acceptor{io_, {asio::ip::address_v4::loopback(), 0}};
  port_ = acceptor.local_endpoint().port();
  asio::co_spawn(io_, listen(std::move(acceptor), server_port), asio::detached);
  thread_ = std::thread{[this] { io_.run(); }};
}

proxy::~proxy() {
  io_.stop();
  thread_.join();
}

asio::awaitable<void> proxy::listen(tcp::acceptor acceptor, int server_port) {
  tcp::endpoint server{asio::ip::address_v4::loopback(), static_cast<asio::ip::port_type>(server_port)};
  for (;;) {
    socket client = co_await acceptor.async_accept(use_awaitable);
    auto p = std::make_shared<pair>(pair{std::move(client), socket{io_}});
    co_await p->server.async_connect(server, use_awaitable);
    asio::co_spawn(io_, pass(p, false), asio::detached);
    asio::co_spawn(io_, pass(p, true), asio::detached);
  }
}

asio::awaitable<void> proxy::pass(std::shared_ptr<pair> p, bool answers) {
  socket& from = answers ? p->server : p->client;
  socket& to = answers ? p->client : p->server;
  std::array<char, 16384> bytes{};
  std::chrono::steady_clock::time_point due{};
  try {
    for (;;) {
      std::size_t n = co_await from.async_read_some(asio::buffer(bytes), use_awaitable);
      if (answers && lose_.exchange(false)) break;
      asio::steady_timer timer{io_};
      const auto rate = rate_.load();
      if (answers && rate > 0) {
        due = std::max(due, std::chrono::steady_clock::now()) +
              std::chrono::nanoseconds{1'000'000'000 * static_cast<std::int64_t>(n) / rate};
        timer.expires_at(due);
        co_await timer.async_wait(use_awaitable);
      }
      while (cut_) {
        timer.expires_after(std::chrono::milliseconds{10});
        co_await timer.async_wait(use_awaitable);
      }
      co_await asio::async_write(to, asio::buffer(bytes, n), use_awaitable);
    }
  } catch (const boost::system::system_error&) {
    // One side has gone: so does the other.
  }
  from.close();
  to.close();
}

}  // namespace eidolon::test
