#include "daemon/giving_way.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/case_conv.hpp>
#include <boost/algorithm/string/trim.hpp>

#include "daemon/lock_attempts.hpp"
#include "daemon/logging.hpp"
#include "daemon/planning.hpp"
#include "daemon/sql.hpp"
#include "postgres/pause.hpp"

namespace eidolon::daemon {
namespace {

constexpr std::chrono::milliseconds between_looks{100};

waiter describe(const postgres::row& r) {
  const auto mode = boost::algorithm::to_upper_copy(boost::algorithm::trim_copy(r.get<std::string>("mode")));
  const std::chrono::duration<double> waits{r.get<double>("seconds")};
  return {fmt::format("pid {} ({}) waits for {} on {}", r.get<int>("pid"), r.get<std::string>("application_name"), mode,
                      r.get<std::string>("wanted")),
          std::chrono::ceil<std::chrono::microseconds>(waits), clock::now()};
}

// failed: looks in a row.
asio::awaitable<std::optional<waiter>> find_waiter(postgres::pool& control, int backend_pid, int& failed) {
  constexpr int worth_telling = 50;
  try {
    auto lease = co_await control.acquire("eidolon control");
    const auto rows = co_await lease->execute(postgres::sql(postgres::raw(sql::waits_behind), backend_pid));
    failed = 0;
    if (!rows.empty()) co_return describe(rows.front());
  } catch (const postgres::error& e) {
    if (++failed == worth_telling)
      log(spdlog::level::warn, fmt::format("whether somebody waits behind the daemon cannot be seen: {}", e.what()));
  }
  co_return std::nullopt;
}

cutover::attempt_result gave_way_to(const waiter& w) {
  cutover::attempt_result r;
  r.what = cutover::attempt_result::outcome::backlog;
  r.gone = w.who;
  r.waited = w.waits + std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - w.seen);
  return r;
}

// Why it is to be done again; nothing: it is done.
asio::awaitable<std::optional<cutover::attempt_result>> run_once(job_context& job, std::string session,
                                                                 copier::long_transaction& work) {
  std::optional<waiter> behind;
  std::optional<postgres::statement_error> error;
  int backend_pid = 0;
  bool ended = false;
  const std::function<bool()> paused = [&job] { return job.j.record.paused; };
  {
    auto c = co_await job.at.pool.acquire(session);
    backend_pid = c->backend_pid();
    try {
      ended = co_await beside(work(*c), until_somebody_waits_behind(job.at.control, backend_pid, behind, paused));
    } catch (const postgres::statement_error& e) {
      error = e;
    }
  }
  if (error && error->sqlstate() != postgres::sqlstate::lock_not_available) throw *error;
  if (error) {
    cutover::attempt_result late;
    late.what = cutover::attempt_result::outcome::timed_out;
    co_return late;
  }
  if (ended) co_return std::nullopt;
  // What it did last must not come to be done later.
  const bool gone = co_await postgres::end_backend(job.at.control, session, backend_pid);
  if (!gone) throw postgres::connection_error{"a session that was to end may still be there"};  // stock is taken
  if (!behind) throw gave_way{"the job was paused"};
  co_return gave_way_to(*behind);
}

// A pause is waited for here, but just before the swap, where a job that is paused goes back to where its log is
// applied: throws gave_way.
asio::awaitable<void> heed_limits(job_context& job, const attempt_series& series) {
  if (job.j.record.state != state::cutting_over) co_return co_await heed_budget(job);
  if (auto why = budget_used_up(job.j.record); !why.empty()) co_await job.hold(std::move(why));
  if (!job.j.record.paused) co_return;
  job.attempts.of.erase(series.purpose);
  throw gave_way{"the job was paused"};
}

// Who got no lock has kept nobody waiting, and past the swap there is no way back.
bool counts(const job_context& job, const cutover::attempt_result& r) {
  return before_swap(job.j.record.state) || r.what != cutover::attempt_result::outcome::timed_out;
}

}  // namespace

asio::awaitable<void> until_somebody_waits_behind(postgres::pool& control, int backend_pid,
                                                  std::optional<waiter>& found, std::function<bool()> stop) {
  int failed = 0;
  while (!found && !(stop && stop())) {
    co_await postgres::pause(between_looks);
    found = co_await find_waiter(control, backend_pid, failed);
  }
}

asio::awaitable<void> run_giving_way(job_context& job, std::string activity, std::string purpose,
                                     copier::long_transaction work) {
  const attempt_series series{.purpose = std::move(purpose)};
  auto& tally = job.attempts.of[series.purpose].tally;
  for (int number = tally.made + 1;; ++number) {
    co_await heed_limits(job, series);
    co_await job.pace.admit();
    const auto in_vain = co_await run_once(job, job.session(activity), work);
    if (!in_vain) break;
    if (counts(job, *in_vain)) tally.failed(*in_vain);
    job.attempts.unnoted = ended_attempt{series, number, *in_vain, {}};
    co_await note_attempt(job);
    job.pace.waits_for({"locks", describe_attempt(series, number, *in_vain)});
    if (auto why = enough_tried(job.j.record, series, tally); !why.empty()) {
      co_await job.hold(std::move(why));
      tally = {};
    } else {
      co_await job.j.changed.wait(postgres::pause_before(lock_policy_of(job.j.record), number, jitter()));
    }
    job.pace.waits_for({});
  }
  job.attempts.of.erase(series.purpose);
}

}  // namespace eidolon::daemon
