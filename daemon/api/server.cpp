#include "daemon/api/server.hpp"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "config/host_port.hpp"
#include "daemon/api/connection.hpp"
#include "daemon/api/control_socket.hpp"
#include "daemon/api/problem_document.hpp"
#include "daemon/logging.hpp"

namespace eidolon::daemon::api {
namespace {

using boost::system::error_code;
using tcp = asio::ip::tcp;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// After a failed accept, so that a lack of descriptors does not become a busy loop.
constexpr std::chrono::milliseconds accept_pause{100};

}  // namespace

struct server::impl {
  impl(asio::any_io_executor e, service& s, limits l) : executor{std::move(e)}, svc{s}, bounds{l}, changed{executor} {}

  template <typename Acceptor>
  asio::awaitable<void> accept_on(Acceptor& acceptor, surface offered);
  template <typename Acceptor>
  void start_accepting(Acceptor& acceptor, surface offered);
  void start_serving(asio::generic::stream_protocol::socket socket, surface offered);
  void spawn_counted(asio::awaitable<void> activity, asio::cancellation_slot slot, std::function<void()> at_end);
  tcp::endpoint listen_on_each(const tcp::resolver::results_type& found);
  void stop();
  void cancel_all();
  asio::awaitable<void> wait_for_change();

  asio::any_io_executor executor;
  service& svc;
  limits bounds;
  std::list<control_socket> control;
  std::list<tcp::acceptor> monitoring;
  std::set<std::shared_ptr<connection>> connections;
  std::size_t running{};  // coroutines that were spawned and have not ended
  bool stopping{};
  asio::steady_timer changed;  // its waits end when stop() was called or a coroutine ended
};

void server::impl::spawn_counted(asio::awaitable<void> activity, asio::cancellation_slot slot,
                                 std::function<void()> at_end) {
  ++running;
  auto ended = [this, at_end = std::move(at_end)](std::exception_ptr failure) {
    if (failure && !stopping) problem_from(failure, "connection");  // logs it
    at_end();
    --running;
    changed.cancel();
  };
  asio::co_spawn(executor, std::move(activity), asio::bind_cancellation_slot(slot, std::move(ended)));
}

void server::impl::start_serving(asio::generic::stream_protocol::socket socket, surface offered) {
  // Of this listener only: whoever crowds the HTTP port keeps nobody from the control socket.
  const auto same = [offered](const auto& other) { return other->offered == offered; };
  const auto count = static_cast<std::size_t>(std::count_if(connections.begin(), connections.end(), same));
  // Each that is refused in words has a descriptor for some seconds: beyond four times the bound it is closed at once.
  if (count >= 4 * bounds.connections) return;
  auto c = std::make_shared<connection>(std::move(socket), offered);
  auto activity = count < bounds.connections ? serve(c, svc, bounds) : refuse(c, bounds);
  connections.insert(c);
  spawn_counted(std::move(activity), c->cancel.slot(), [this, c] { connections.erase(c); });
}

template <typename Acceptor>
asio::awaitable<void> server::impl::accept_on(Acceptor& acceptor, surface offered) {
  asio::steady_timer pause{executor};
  while (!stopping) {
    auto [failed, socket] = co_await acceptor.async_accept(as_result);
    if (stopping) co_return;
    if (!failed) {
      start_serving(std::move(socket), offered);
      continue;
    }
    log(spdlog::level::warn, "a connection could not be accepted", {{"error", failed.message()}});
    pause.expires_after(accept_pause);
    co_await pause.async_wait(as_result);
  }
}

template <typename Acceptor>
void server::impl::start_accepting(Acceptor& acceptor, surface offered) {
  spawn_counted(accept_on(acceptor, offered), {}, [] {});
}

void server::impl::stop() {
  if (std::exchange(stopping, true)) return;
  for (auto& socket : control) socket.close();
  for (auto& acceptor : monitoring) {
    error_code ignored;
    acceptor.close(ignored);
  }
  const auto all = connections;  // a cancelled connection may end, and leave the set, at once
  for (const auto& c : all) {
    c->stopping = true;
    if (!c->busy) c->cancel.emit(asio::cancellation_type::terminal);
  }
  changed.cancel();
}

void server::impl::cancel_all() {
  const auto all = connections;
  for (const auto& c : all) c->cancel.emit(asio::cancellation_type::terminal);
}

asio::awaitable<void> server::impl::wait_for_change() { co_await changed.async_wait(as_result); }

// A name such as localhost may stand for several addresses, of which the machine may lack some. Throws when it has
// none.
tcp::endpoint server::impl::listen_on_each(const tcp::resolver::results_type& found) {
  std::optional<tcp::endpoint> first;
  std::optional<boost::system::system_error> failure;
  for (const auto& entry : found) {
    auto at = entry.endpoint();
    if (first && at.port() == 0) at.port(first->port());
    try {
      tcp::acceptor acceptor{executor, at};
      const auto bound = monitoring.emplace_back(std::move(acceptor)).local_endpoint();
      if (!first) first = bound;
    } catch (const boost::system::system_error& e) {
      const bool lacking = e.code() == asio::error::address_family_not_supported ||
                           e.code() == boost::system::errc::address_not_available;
      if (!lacking) throw;
      failure = e;
    }
  }
  if (!first) throw *failure;
  return *first;
}

server::server(asio::any_io_executor executor, service& svc, limits l)
    : impl_{std::make_unique<impl>(std::move(executor), svc, l)} {}

server::~server() = default;

void server::listen_control(const std::string& path, unsigned mode) {
  impl_->control.emplace_back(impl_->executor, path, mode);
}

tcp::endpoint server::listen_http(const std::string& host_port) {
  const auto where = config::parse_host_port(host_port);
  if (!where) throw std::runtime_error{fmt::format("cannot listen on {}: it is not HOST:PORT", host_port)};
  try {
    tcp::resolver resolver{impl_->executor};
    const auto found = resolver.resolve(where->host, std::to_string(where->port), tcp::resolver::passive);
    return impl_->listen_on_each(found);
  } catch (const boost::system::system_error& e) {
    throw std::runtime_error{fmt::format("cannot listen on {}: {}", host_port, e.code().message())};
  }
}

asio::awaitable<void> server::run() {
  auto& self = *impl_;
  for (auto& socket : self.control) self.start_accepting(socket.acceptor(), surface::control);
  for (auto& acceptor : self.monitoring) self.start_accepting(acceptor, surface::monitoring);
  self.changed.expires_at(asio::steady_timer::time_point::max());
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!self.stopping) {
    co_await self.wait_for_change();
    const auto cancelled = co_await asio::this_coro::cancellation_state;
    if (cancelled.cancelled() != asio::cancellation_type::none) self.stop();
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const auto deadline = std::chrono::steady_clock::now() + self.bounds.stop_grace;
  self.changed.expires_at(deadline);
  while (self.running > 0 && std::chrono::steady_clock::now() < deadline) co_await self.wait_for_change();
  if (self.running > 0) self.cancel_all();
  self.changed.expires_at(asio::steady_timer::time_point::max());
  while (self.running > 0) co_await self.wait_for_change();
}

void server::stop() { impl_->stop(); }

}  // namespace eidolon::daemon::api
