// The session, the lock and the epoch.
#include "daemon/leadership.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "daemon/logging.hpp"
#include "daemon/sql.hpp"
#include "postgres/lock_attempt.hpp"
#include "postgres/pause.hpp"

namespace eidolon::daemon {

using postgres::raw;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

constexpr seconds answer_within{10};
constexpr seconds schema_within{60};
constexpr seconds patience{5};  // with who is in the way of the epoch
// Losing the lead ends everything that runs, index builds of hours too: it outlasts a network that is away for a
// moment. The server keeps the session for as long (leader_session.sql). It is the epoch that keeps two daemons apart:
// should another one have taken over meanwhile, every transaction of this one fails.
constexpr seconds lead_outlasts{60};

// In one transaction, so that a second daemon sees all of it or nothing.
asio::awaitable<void> bring_schema_up_to_date(postgres::connection& c) {
  auto text = "BEGIN;\n" + std::string{sql::control_schema} + "\nCOMMIT";
  std::exception_ptr failure;
  try {
    co_await c.script(raw(std::move(text)), schema_within);
  } catch (...) {
    failure = std::current_exception();
  }
  if (!failure) co_return;
  co_await c.rollback();
  std::rethrow_exception(failure);
}

asio::awaitable<server_facts> read_facts(postgres::connection& c) {
  const auto rows = co_await c.execute(postgres::sql(raw(sql::identity)), answer_within);
  const auto r = rows.front();
  if (r.get<bool>("in_recovery")) throw postgres::connection_error{"the server is a standby: jobs need the primary"};
  co_return server_facts{{r.get<std::string>("system_identifier"), r.get<std::int64_t>("database_oid")},
                         c.server(),
                         r.get<std::string>("timeline")};
}

// Those who wait in the queue are left out: whoever holds the lock is in their way as well.
std::string names_of(const std::vector<postgres::blocker>& blockers) {
  std::string names;
  for (const auto& b : blockers) {
    if (b.waiting) continue;
    const auto pid = b.pid != 0 ? fmt::format(" {}", b.pid) : "";
    names += fmt::format("{}{}{} ({})", names.empty() ? "" : ", ", b.kind, pid, b.application_name);
  }
  return names.empty() ? "others" : names;
}

asio::awaitable<std::string> who_is_in_the_way(postgres::connection& c) {
  auto query = postgres::sql("SELECT 'eidolon.leader'::regclass::oid AS oid");
  const auto rows = co_await c.execute(std::move(query), answer_within);
  const std::vector<postgres::lock_target> wanted{{rows.front().get<std::uint32_t>("oid"), "EXCLUSIVE"}};
  c.limit(steady_clock::now() + answer_within);
  const auto blockers = co_await postgres::find_blockers(c, wanted);
  c.limit(std::nullopt);
  co_return "this daemon cannot begin to lead: a lock on eidolon.leader is held by " + names_of(blockers);
}

}  // namespace

class leadership::turn {
 public:
  static asio::awaitable<turn> take(leadership& l) {
    while (l.busy_) co_await l.freed_.wait(seconds{1});
    co_return turn{l};
  }
  turn(turn&& other) noexcept : of_{std::exchange(other.of_, nullptr)} {}
  turn& operator=(turn&&) = delete;
  ~turn() {
    if (!of_) return;
    of_->busy_ = false;
    of_->freed_.notify_all();
  }

 private:
  explicit turn(leadership& l) : of_{&l} { l.busy_ = true; }
  leadership* of_;
};

asio::awaitable<server_facts> leadership::open() {
  postgres::connect_options options;
  options.conninfo = conninfo_;
  options.application_name = "eidolon leader";
  session_ = co_await postgres::connection::open(std::move(options));
  co_await session_->script(raw(sql::leader_session), answer_within);
  co_return co_await read_facts(*session_);
}

asio::awaitable<std::vector<std::string>> leadership::read_publishers() {
  const auto rows = co_await session_->execute(postgres::sql(raw(sql::publishers)), answer_within);
  std::vector<std::string> names;
  for (const auto r : rows) names.push_back(r.get<std::string>("name"));
  co_return names;
}

asio::awaitable<void> leadership::prepare() {
  std::string denied;
  try {
    co_await bring_schema_up_to_date(*session_);
  } catch (const postgres::statement_error& e) {
    if (e.sqlstate() != postgres::sqlstate::insufficient_privilege) throw;
    denied = e.what();
  }
  if (!denied.empty())
    throw postgres::connection_error{fmt::format(
        "the daemon's role may not make or use its schema eidolon: GRANT CREATE ON DATABASE … TO the role ({})",
        denied)};
}

void leadership::close() {
  session_.reset();
  current_ = {};
}

asio::awaitable<bool> leadership::try_lead() {
  const auto rows = co_await session_->execute(postgres::sql(raw(sql::try_lead)), answer_within);
  co_return rows.front().get<bool>("leads");
}

asio::awaitable<std::optional<std::int64_t>> leadership::try_raise() {
  std::exception_ptr failure;
  try {
    co_await session_->script(raw(sql::raise_epoch_begin), answer_within);
    const auto rows = co_await session_->execute(postgres::sql(raw(sql::raise_epoch)), answer_within);
    co_await session_->commit();
    co_return rows.front().get<std::int64_t>("epoch");
  } catch (const postgres::statement_error& e) {
    if (e.sqlstate() != postgres::sqlstate::lock_not_available) failure = std::current_exception();
  } catch (...) {
    failure = std::current_exception();
  }
  co_await session_->rollback();
  if (failure) std::rethrow_exception(failure);
  co_return std::nullopt;
}

asio::awaitable<void> leadership::end_leftovers() {
  const auto ended = co_await session_->execute(postgres::sql(raw(sql::leftover_backends)), answer_within);
  for (const auto& r : ended) {
    json::object fields{{"pid", r.get<int>("pid")}, {"application_name", r.get<std::string>("application_name")}};
    log(spdlog::level::warn, "a transaction of an earlier epoch was ended", fields);
  }
}

asio::awaitable<plan::fence> leadership::raise_epoch(std::function<void(const std::string&)> held_up) {
  const auto mine = co_await turn::take(*this);
  if (!session_) throw postgres::connection_error{"the leader's session is closed"};
  const auto began = steady_clock::now();
  for (;;) {
    const auto epoch = co_await try_raise();
    if (epoch) {
      current_ = plan::fence{*epoch};
      co_return current_;
    }
    co_await end_leftovers();
    if (steady_clock::now() - began >= patience) {
      const auto why = co_await who_is_in_the_way(*session_);
      held_up(why);
    }
    // Those that wait for this lock get their turn: batches of jobs that go on under the old epoch until it is raised.
    co_await postgres::pause(std::chrono::milliseconds{300});
  }
}

asio::awaitable<void> leadership::settle(std::int64_t job, std::function<void(const std::string&)> held_up) {
  const auto began = steady_clock::now();
  for (;;) {
    std::string left;
    {
      const auto mine = co_await turn::take(*this);
      if (!session_) throw postgres::connection_error{"the leader's session is closed"};
      const auto ended = co_await session_->execute(postgres::sql(raw(sql::settle_job), job), lead_outlasts);
      if (ended.empty()) co_return;
      for (const auto& r : ended)
        left += fmt::format("{}{} ({})", left.empty() ? "" : ", ", r.get<int>("pid"),
                            r.get<std::string>("application_name"));
    }
    // One that waits for a disk, or in a library that does not look for signals.
    if (steady_clock::now() - began >= patience)
      held_up("server processes of the job were asked to end and are still there: " + left);
    co_await postgres::pause(std::chrono::milliseconds{100});
  }
}

asio::awaitable<void> leadership::watch(std::function<void()> others) {
  for (;;) {
    co_await postgres::pause(seconds{1});
    others();
    const auto mine = co_await turn::take(*this);
    if (!session_) throw postgres::connection_error{"the leader's session is closed"};
    const auto rows = co_await session_->execute(postgres::sql(raw(sql::try_lead)), lead_outlasts);
    if (!rows.front().get<bool>("leads")) throw postgres::connection_error{"another daemon leads"};
  }
}

}  // namespace eidolon::daemon
