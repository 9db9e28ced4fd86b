// Deciding and doing one attempt at a lock.
#include "postgres/lock_attempt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>

#include "postgres/sql.hpp"

namespace eidolon::postgres {

milliseconds pause_before(const lock_policy& policy, int attempt, double jitter) {
  double longest = static_cast<double>(policy.longest_pause.count());
  double doubled = static_cast<double>(policy.first_pause.count()) * std::pow(2.0, std::max(attempt, 1) - 1);
  double factor = 0.5 + std::clamp(jitter, 0.0, 1.0) / 2;
  return milliseconds{std::llround(std::min(doubled, longest) * factor)};
}

force force_at(const lock_policy& policy, int attempt) {
  if (policy.force_after <= 0 || attempt < policy.force_after) return force::none;
  return attempt / 2 < policy.force_after ? force::cancel : force::terminate;
}

std::optional<milliseconds> hold_left(const lock_policy& policy, milliseconds waited) {
  std::optional<milliseconds> left;
  if (policy.hold > milliseconds{0}) left = policy.hold;
  if (policy.together > milliseconds{0}) {
    const auto rest = std::max(policy.together - waited, milliseconds{1});
    left = std::min(left.value_or(rest), rest);
  }
  return left;
}

// A tenth below it: the server's own timer must not come first.
milliseconds attempt_budget(const lock_policy& policy, milliseconds deadlock_timeout) {
  return std::max(std::min(policy.timeout, deadlock_timeout * 9 / 10), milliseconds{1});
}

lock_deadline::lock_deadline(milliseconds budget) : end_{std::chrono::steady_clock::now() + budget} {}

milliseconds lock_deadline::left() const {
  auto left = std::chrono::floor<milliseconds>(end_ - std::chrono::steady_clock::now());
  return std::max(left, milliseconds{0});
}

// A budget that is used up still asks once, for a millisecond (0 would wait for ever): a
// lock that is free is granted.
//
// SET rather than set_config(): a SELECT would take the snapshot of a REPEATABLE READ transaction before the lock.
asio::awaitable<void> lock_deadline::take(connection& c, raw_sql statement) {
  const auto timeout = std::max(left(), milliseconds{1});
  co_await run(c, fmt::format("SET LOCAL lock_timeout = '{}ms'; {}", timeout.count(), statement.text));
}

// statement_timestamp() is when the script arrived, for all its statements. A server that logs what failed logs the
// whole script, so it does not become long.
asio::awaitable<void> lock_deadline::take_each(connection& c, const std::vector<std::string>& statements) {
  constexpr std::size_t at_once = 32;
  for (std::size_t first = 0; first < statements.size(); first += at_once) {
    const auto shrink = fmt::format(
        "SELECT pg_catalog.set_config('lock_timeout', LEAST({0}, GREATEST(1, {0} - 1000 * EXTRACT(epoch FROM "
        "pg_catalog.clock_timestamp() - pg_catalog.statement_timestamp())))::pg_catalog.int4::pg_catalog.text, true); ",
        std::max(left(), milliseconds{1}).count());
    std::string script;
    for (auto i = first; i < std::min(first + at_once, statements.size()); ++i)
      script += shrink + statements[i] + ";\n";
    co_await run(c, std::move(script));
  }
}

asio::awaitable<void> lock_deadline::run(connection& c, std::string script) {
  const auto begin = std::chrono::steady_clock::now();
  std::exception_ptr failure;
  try {
    co_await c.script(raw(std::move(script)));
  } catch (...) {
    failure = std::current_exception();
  }
  waited_ += std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
  if (failure) std::rethrow_exception(failure);
}

asio::awaitable<milliseconds> server_deadlock_timeout(connection& c) {
  auto query = sql("SELECT reset_val::bigint AS milliseconds FROM pg_settings WHERE name = 'deadlock_timeout'");
  result r = co_await c.execute(std::move(query));
  co_return milliseconds{r.front().get<std::int64_t>("milliseconds")};
}

asio::awaitable<std::vector<blocker>> find_blockers(connection& c, const std::vector<lock_target>& wanted) {
  std::vector<std::string> tables, modes;
  for (const auto& w : wanted) {
    tables.push_back(std::to_string(w.table));
    modes.push_back(w.mode);
  }
  auto query = sql(raw(queries::find_blockers), tables, modes);
  result r = co_await c.execute(std::move(query));
  std::vector<blocker> blockers;
  for (auto row : r) {
    blockers.push_back({.pid = row.get<int>("pid"),
                        .kind = row.get<std::string>("kind"),
                        .application_name = row.get<std::string>("application_name"),
                        .query = row.get<std::string>("query"),
                        .seconds = row.get<double>("seconds"),
                        .anti_wraparound = row.get<bool>("anti_wraparound"),
                        .waiting = row.get<bool>("waiting"),
                        .query_start = row.get<std::optional<std::string>>("query_start").value_or("")});
  }
  co_return blockers;
}

bool may_be_cleared(const blocker& b) {
  if (b.application_name.starts_with("eidolon ") || b.waiting) return false;
  return b.kind == "client backend" || (b.kind == "autovacuum worker" && !b.anti_wraparound);
}

asio::awaitable<void> clear_blockers(connection& c, std::vector<blocker> blockers, force how) {
  if (how == force::none) co_return;
  for (const auto& b : blockers) {
    if (!may_be_cleared(b)) continue;
    auto signal = sql(raw(queries::clear_blocker), b.pid, how == force::terminate, b.seconds);
    try {
      co_await c.execute(std::move(signal));
    } catch (const statement_error& e) {
      if (e.sqlstate() != sqlstate::insufficient_privilege) throw;
    }
  }
}

}  // namespace eidolon::postgres
