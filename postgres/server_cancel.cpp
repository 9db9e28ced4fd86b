#include "postgres/server_cancel.hpp"

#include <libpq-fe.h>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <future>
#include <memory>

namespace eidolon::postgres {

namespace {

namespace asio = boost::asio;

// How long the end of the process waits for cancellations that are under way.
constexpr std::chrono::seconds exit_patience{1};

struct free_cancel {
  void operator()(PGcancel* c) const { PQfreeCancel(c); }
};

// Never destroyed: joining its thread could take as long as a connect to a host that does not answer.
asio::thread_pool& cancel_thread() {
  static auto& thread = *new asio::thread_pool{1};
  static const struct drain {
    ~drain() {
      auto done = std::make_shared<std::promise<void>>();
      asio::post(thread, [done] { done->set_value(); });
      done->get_future().wait_for(exit_patience);
    }
  } drain_at_exit;
  return thread;
}

}  // namespace

void cancel_on_server(pg_conn* connection) noexcept {
  std::unique_ptr<PGcancel, free_cancel> cancel{PQgetCancel(connection)};
  if (!cancel) return;
  asio::post(cancel_thread(), [cancel = std::move(cancel)] {
    std::array<char, 256> message{};
    PQcancel(cancel.get(), message.data(), static_cast<int>(message.size()));
  });
}

}  // namespace eidolon::postgres
