// Leases, the connections that idle between them, and the queue of those who wait.
#include "postgres/pool.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>

namespace eidolon::postgres {

namespace {

std::string_view job_in(std::string_view application_name) {
  std::size_t end = 0;
  for (int words = 0; words < 3 && end != std::string_view::npos; ++words) end = application_name.find(' ', end + 1);
  return application_name.substr(0, end);
}

// What the owner of one job's table left in the session is not another's.
bool is_left_by_another(const connection& c, std::string_view application_name) {
  return c.used() && job_in(c.name()) != job_in(application_name);
}

}  // namespace

struct pool_state {
  struct waiter {
    asio::steady_timer timer;
    bool woken{false};
  };

  pool_state(asio::any_io_executor e, connect_options o, int max, int idle_max)
      : executor{std::move(e)}, options{std::move(o)}, max_size{max}, idle_limit{idle_max} {}

  asio::any_io_executor executor;
  connect_options options;
  int max_size, idle_limit;
  int open{0};  // leased, idle, or being opened
  bool closed{false};
  bool met_another_server{false};
  std::vector<std::unique_ptr<connection>> idle;
  std::list<waiter*> waiting;  // first come, first served

  // One waiter looks again whenever something has become free.
  void wake_one() {
    if (waiting.empty()) return;
    waiter* first = waiting.front();
    waiting.pop_front();
    first->woken = true;
    first->timer.cancel();
  }

  void forget_one() {
    --open;
    wake_one();
  }

  bool is_of_the_server(const connection& c) const { return options.server.empty() || c.server() == options.server; }

  void give_back(std::unique_ptr<connection> c) {
    if (closed || !is_of_the_server(*c) || c->in_transaction() || !c->usable() || c->worn()) {
      c.reset();
      return forget_one();
    }
    idle.push_back(std::move(c));
    // While somebody waits, closing a good connection would only mean opening another. The one that has idled longest
    // goes: it may be of a job that has ended.
    const bool too_many = static_cast<int>(idle.size()) > idle_limit && waiting.empty();
    if (!too_many) return wake_one();
    idle.erase(idle.begin());
    forget_one();
  }

  // The connection used last that is fit for this use; null when there is none. Those that the server has closed
  // meanwhile are dropped, as is one of another job when there is no room for a new one beside it.
  std::unique_ptr<connection> take_idle(std::string_view application_name) {
    open -=
        static_cast<int>(std::erase_if(idle, [this](const auto& c) { return !c->usable() || !is_of_the_server(*c); }));
    const auto fits = [application_name](const auto& c) { return !is_left_by_another(*c, application_name); };
    if (const auto last = std::find_if(idle.rbegin(), idle.rend(), fits); last != idle.rend()) {
      auto c = std::move(*last);
      idle.erase(std::next(last).base());
      return c;
    }
    if (!idle.empty() && open >= max_size) {
      idle.erase(idle.begin());
      --open;
    }
    return nullptr;
  }

  void close_idle() {
    while (!idle.empty()) {
      idle.pop_back();
      forget_one();
    }
  }

  void close() {
    closed = true;
    close_idle();
    while (!waiting.empty()) wake_one();
  }
};

namespace {

// One of the open connections that are counted, given up again unless a lease takes it over.
class place {
 public:
  explicit place(std::shared_ptr<pool_state> s) : state_{std::move(s)} {}
  ~place() {
    if (state_) state_->forget_one();
  }
  place(const place&) = delete;
  place& operator=(const place&) = delete;
  void taken() { state_.reset(); }

 private:
  std::shared_ptr<pool_state> state_;
};

// A turn in the queue. Whoever is woken and then cancelled passes the turn on.
class turn {
 public:
  explicit turn(std::shared_ptr<pool_state> s)
      : state_{std::move(s)}, self_{asio::steady_timer{state_->executor, asio::steady_timer::time_point::max()}} {
    state_->waiting.push_back(&self_);
  }
  ~turn() {
    if (!self_.woken) {
      state_->waiting.remove(&self_);
    } else if (!used_) {
      state_->wake_one();
    }
  }
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;

  asio::awaitable<void> comes() {
    co_await self_.timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!self_.woken) throw boost::system::system_error{asio::error::operation_aborted};
  }
  void used() { used_ = true; }

 private:
  std::shared_ptr<pool_state> state_;
  pool_state::waiter self_;
  bool used_{false};
};

asio::awaitable<void> free_place(std::shared_ptr<pool_state> state) {
  while (!state->closed && state->idle.empty() && state->open >= state->max_size) {
    turn mine{state};
    co_await mine.comes();
    mine.used();
  }
  if (state->closed) throw connection_error{"the pool is closed"};
}

// False when the connection turned out to be lost.
asio::awaitable<bool> rename(connection& c, std::string application_name, milliseconds timeout) {
  try {
    co_await c.rename(std::move(application_name), timeout);
    co_return true;
  } catch (const connection_error&) {
  }
  co_return false;
}

}  // namespace

pool::lease::lease(lease&&) noexcept = default;

pool::lease& pool::lease::operator=(lease&& other) noexcept {
  std::swap(state_, other.state_);
  std::swap(connection_, other.connection_);
  return *this;
}

pool::lease::~lease() {
  if (connection_) state_->give_back(std::move(connection_));
}

pool::pool(asio::any_io_executor executor, connect_options options, int max_size, int idle_limit)
    : state_{std::make_shared<pool_state>(std::move(executor), std::move(options), max_size, idle_limit)} {}

pool::~pool() { state_->close(); }

asio::awaitable<pool::lease> pool::acquire(std::string application_name) {
  auto state = state_;
  lease l;
  for (;;) {
    co_await free_place(state);
    auto c = state->take_idle(application_name);
    if (!c && state->open >= state->max_size) continue;
    if (!c) ++state->open;
    place mine{state};
    if (!c) {
      connect_options options = state->options;
      options.application_name = application_name;
      const auto meant = options.server;
      try {
        c = co_await connection::open(std::move(options));
      } catch (const other_server&) {
        if (meant == state->options.server) state->met_another_server = true;
        throw;
      }
    } else if (!co_await rename(*c, application_name, state->options.connect_timeout)) {
      continue;
    }
    if (!state->is_of_the_server(*c)) continue;  // keep_to() has named another meanwhile
    mine.taken();
    l.state_ = state;
    l.connection_ = std::move(c);
    co_return l;
  }
}

void pool::close_idle() { state_->close_idle(); }

void pool::keep_to(const std::string& server) {
  state_->options.server = server;
  state_->met_another_server = false;
}

bool pool::met_another_server() const { return state_->met_another_server; }

const connect_options& pool::options() const { return state_->options; }

asio::awaitable<bool> end_backend(pool& p, std::string application_name, int backend_pid) {
  try {
    auto c = co_await p.acquire("eidolon clean-up");
    const auto asked = co_await c->execute(
        sql("SELECT pg_terminate_backend(pid, 10000) AS gone FROM pg_stat_activity WHERE pid = $1 AND "
            "application_name = $2",
            backend_pid, application_name));
    co_return asked.empty() || asked.front().get<bool>("gone");
  } catch (const error&) {
    co_return false;
  }
}

}  // namespace eidolon::postgres
