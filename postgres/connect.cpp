// Connecting, and what every session sets first.
#include <fmt/format.h>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "postgres/connection.hpp"
#include "postgres/connection_impl.hpp"
#include "postgres/conninfo.hpp"
#include "postgres/resolve.hpp"
#include "postgres/sql.hpp"

namespace eidolon::postgres {

namespace {

// The last word of a session that ends because another process crashed is a warning.
void heed_notice(void* crashed, const PGresult* notice) {
  const char* code = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
  if (code && code == sqlstate::crash_shutdown) *static_cast<bool*>(crashed) = true;
}

// A peer that is gone without a word is noticed in about a minute. Entries before dbname yield
// to the connection string's own; those after it win.
native_connection start(const connect_options& options, const conninfo_hosts& hosts, std::size_t first) {
  const std::string names = hosts.names_from(first), addresses = hosts.addresses_from(first),
                    ports = hosts.ports_from(first);
  const std::pair<const char*, const char*> entries[] = {
      {"keepalives_idle", "30"},
      {"keepalives_interval", "10"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "60000"},
      {"fallback_application_name", "eidolon"},
      {"dbname", options.conninfo.c_str()},
      {"application_name", options.application_name.c_str()},
      {"host", names.c_str()},
      {"hostaddr", addresses.c_str()},
      {"port", ports.c_str()},
  };
  std::vector<const char*> keywords, values;
  for (auto [keyword, value] : entries) {
    keywords.push_back(keyword);
    values.push_back(value);
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  constexpr int expand_dbname = 1;
  native_connection c{PQconnectStartParams(keywords.data(), values.data(), expand_dbname)};
  if (!c) throw std::bad_alloc{};
  return c;
}

std::string peer(const PGconn* c) { return fmt::format("connecting to {} port {}", PQhost(c), PQport(c)); }

// The role's own statement_timeout holds until the first setting is made, which a busy server may not manage in the
// time that a very short one allows: what comes before that is tried again.
constexpr int attempts_before_the_settings = 20;

// Nothing of it outlives the transaction. Every name is qualified: the search_path is the role's, or the database's.
// A standby takes no snapshot at the isolation level that may be the default.
constexpr const char* who_answers =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; "
    "SELECT pg_catalog.pg_backend_pid() AS process, "
    "extract(epoch FROM pg_catalog.pg_postmaster_start_time())::pg_catalog.text AS started, "
    "pg_catalog.pg_is_in_recovery() AS standby; COMMIT";

asio::awaitable<result> ask_who_answers(connection& c, milliseconds timeout) {
  const std::string question{who_answers}, again = "ROLLBACK; " + question;
  for (int attempt = 1;; ++attempt) {
    try {
      auto text = raw(attempt == 1 ? question : again);
      co_return co_await c.script(std::move(text), timeout);
    } catch (const statement_error& e) {
      if (e.sqlstate() != sqlstate::query_canceled || attempt == attempts_before_the_settings) throw;
    }
  }
}

// Behind a pooler the next statement may run in another session, without its settings and locks, and what is set is set
// for the application. A server that does not name its process says nothing.
void check_not_pooled(const PGconn* c, int process) {
  const int named = PQbackendPID(c);
  if (named != 0 && named != process)
    throw connection_error{
        fmt::format("{}: a connection pooler is in between (the server's process is {}, the connection says {}): "
                    "connect to the server itself",
                    peer(c), process, named)};
}

}  // namespace

// libpq may close its socket and open another under the same number at each step: the
// descriptor is handed over anew every time. Each host has the whole timeout.
asio::awaitable<void> connection::impl::finish_connecting(milliseconds timeout) {
  std::string at;
  for (auto next = PGRES_POLLING_WRITING; next != PGRES_POLLING_OK; next = PQconnectPoll(live())) {
    if (next == PGRES_POLLING_FAILED || PQstatus(live()) == CONNECTION_BAD) {
      throw connection_error{one_line(PQerrorMessage(live()))};
    }
    if (std::string now_at = peer(live()); now_at != at) {
      at = std::move(now_at);
      watch.arm(timeout, at);
    }
    watch.assign(PQsocket(live()));
    if (next == PGRES_POLLING_READING) {
      co_await watch.readable();
    } else {
      co_await watch.writable();
    }
    watch.release();
  }
  watch.disarm();
  PQsetnonblocking(live(), 1);
  watch.assign(PQsocket(live()));
}

asio::awaitable<void> connection::impl::connect(const connect_options& options) {
  const auto parsed = parse_conninfo(options.conninfo);
  const milliseconds timeout = parsed.connect_timeout.value_or(options.connect_timeout);
  const auto hosts = co_await resolve(parsed.hosts, timeout);
  for (std::size_t first = 0;;) {
    native = start(options, hosts, first);
    PQsetNoticeReceiver(live(), heed_notice, &crashed);
    try {
      co_await finish_connecting(timeout);
      co_return;
    } catch (const timeout_error&) {
      first = hosts.find(PQhost(live()), PQport(live()), first) + 1;
      if (first >= hosts.size()) throw;
    }
    close();
  }
}

asio::awaitable<void> connection::impl::set_session(milliseconds timeout) {
  const std::string settings = raw(queries::session).text, again = "ROLLBACK;" + settings;
  for (int attempt = 1;; ++attempt) {
    try {
      co_await simple_query((attempt == 1 ? settings : again).c_str(), timeout);
      co_return;
    } catch (const statement_error& e) {
      if (e.sqlstate() != sqlstate::query_canceled || attempt == attempts_before_the_settings) throw;
    }
  }
}

asio::awaitable<std::unique_ptr<connection>> connection::open(connect_options options) {
  auto c = std::make_unique<connection>(std::make_unique<impl>(co_await asio::this_coro::executor));
  co_await c->impl_->connect(options);
  c->impl_->given_name = options.application_name;
  const auto rows = co_await ask_who_answers(*c, options.connect_timeout);
  check_not_pooled(c->impl_->live(), rows.front().get<int>("process"));
  co_await c->impl_->set_session(options.connect_timeout);
  c->impl_->server = rows.front().get<std::string>("started");
  const bool other = !options.server.empty() && options.server != c->server();
  // The primary could not be reached just now, and the conninfo names a standby as well.
  if (other && rows.front().get<bool>("standby"))
    throw connection_error{fmt::format("{}: it is a standby", peer(c->impl_->live()))};
  if (other)
    throw other_server{
        fmt::format("{}: it is another server than the one on which this daemon leads, or was started "
                    "again",
                    peer(c->impl_->live()))};
  if (options.statement_timeout > milliseconds::zero()) {
    auto set = sql("SELECT set_config('statement_timeout', $1, false)", options.statement_timeout.count());
    co_await c->execute(std::move(set), options.connect_timeout);
    c->impl_->default_timeout = options.statement_timeout;
  }
  co_return c;
}

}  // namespace eidolon::postgres
