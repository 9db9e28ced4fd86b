// Connecting, and what every session sets first.
#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "postgres/connection.hpp"
#include "postgres/connection_impl.hpp"
#include "postgres/sql.hpp"

namespace eidolon::postgres {

namespace {

using clock = std::chrono::steady_clock;

// A peer that is gone without a word is noticed in about a minute. Array entries
// before dbname yield to the connection string's own.
native_connection start(const connect_options& options) {
  const char* name = options.application_name.empty() ? nullptr : options.application_name.c_str();
  const char* keywords[] = {"keepalives_idle",           "keepalives_interval",
                            "keepalives_count",          "tcp_user_timeout",
                            "fallback_application_name", "dbname",
                            "application_name",          nullptr};
  const char* values[] = {"30", "10", "3", "60000", "eidolon", options.conninfo.c_str(), name, nullptr};
  return native_connection{PQconnectStartParams(keywords, values, 1)};
}

milliseconds until(clock::time_point end) {
  auto left = std::chrono::ceil<milliseconds>(end - clock::now());
  return std::max(left, milliseconds{1});
}

void ignore_notice(void*, const PGresult*) {}

// A connection string that cannot be parsed is quoted in libpq's message, password and all.
void require_valid(const std::string& conninfo) {
  if (conninfo.find('=') == std::string::npos && !conninfo.starts_with("postgres")) return;
  char* message = nullptr;
  auto* parsed = PQconninfoParse(conninfo.c_str(), &message);
  std::string text = message ? message : "out of memory";
  PQfreemem(message);
  if (parsed) return PQconninfoFree(parsed);
  if (auto quote = text.find('"'); quote != std::string::npos) text.resize(quote);
  throw connection_error{fmt::format("the connection string is not valid: {}…", text)};
}

}  // namespace

// libpq may close its socket and open another under the same number at each step: the
// descriptor is handed over anew every time.
asio::awaitable<void> connection::impl::connect(const connect_options& options, milliseconds timeout) {
  require_valid(options.conninfo);
  native = start(options);
  if (!native) throw std::bad_alloc{};
  PQsetNoticeReceiver(native.get(), ignore_notice, nullptr);
  watch.arm(timeout, "connecting");
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK;) {
    if (next == PGRES_POLLING_FAILED || PQstatus(live()) == CONNECTION_BAD) {
      throw connection_error{one_line(PQerrorMessage(live()))};
    }
    watch.assign(PQsocket(live()));
    if (next == PGRES_POLLING_READING) {
      co_await watch.readable();
    } else {
      co_await watch.writable();
    }
    watch.release();
    next = PQconnectPoll(live());
  }
  PQsetnonblocking(live(), 1);
  watch.disarm();
  watch.assign(PQsocket(live()));
}

asio::awaitable<std::unique_ptr<connection>> connection::open(connect_options options) {
  auto end = clock::now() + options.connect_timeout;
  auto c = std::make_unique<connection>(std::make_unique<impl>(co_await asio::this_coro::executor));
  co_await c->impl_->connect(options, until(end));
  raw_sql settings = raw(queries::session);
  co_await c->script(std::move(settings), until(end));
  if (options.statement_timeout > milliseconds::zero()) {
    auto set = sql("SELECT set_config('statement_timeout', $1, false)", options.statement_timeout.count());
    co_await c->execute(std::move(set), until(end));
    c->impl_->default_timeout = options.statement_timeout;
  }
  co_return c;
}

}  // namespace eidolon::postgres
