// What is looked at beside each step of a job: the load, the key, and what is to be told.
#include <fmt/format.h>

#include "daemon/logging.hpp"
#include "daemon/runner.hpp"
#include "daemon/sql.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::daemon {

namespace {

constexpr std::chrono::milliseconds look_at_load_every{500};

}  // namespace

// For the job's history.
asio::awaitable<void> runner::tell_news() {
  for (auto& sentence : news_.update(j_.live.held.entries(), std::chrono::system_clock::now()))
    co_await job_.note("held", std::move(sentence));
  const bool diverges = j_.live.diverges;
  if (diverges == told_diverging_) co_return;
  const std::string sentence = diverges ? not_converging : converging;
  co_await job_.note("catch_up", sentence);
  told_diverging_ = diverges;
}

// A load that is critical pauses the job, or ends it, in the states in which there is something of it to end.
asio::awaitable<void> runner::act_on_load() {
  co_await tell_news();
  if (!before_swap(j_.record.state) || j_.record.state == state::queued || error_) co_return;
  const auto verdict = alarm_.judge(j_.record.settings, job_.at.load, probe_.load(), clock::now());
  if (!verdict.abort.empty()) {
    error_ = to_json(failure{failure_kind::fatal, "load_limit", verdict.abort, "", ""});
    j_.changed.notify_all();
  } else if (!verdict.pause.empty() && !j_.record.paused) {
    co_await job_.hold(verdict.pause);
  }
}

asio::awaitable<runner::source_state> runner::look_at_source() {
  const auto& p = *j_.record.plan;
  const auto table = p.source.oid;
  const auto schema = p.ghost_schema, name = postgres::qualified(p.source.schema, p.source.name);
  auto c = co_await job_.at.control.acquire("eidolon control");
  const auto rows = co_await c->execute(postgres::sql(postgres::raw(sql::state_of_source), table, schema, name));
  const auto r = rows.front();
  if (r.get<bool>("dropped")) co_return source_state::dropped;
  if (r.get<bool>("altered")) co_return source_state::altered;
  co_return r.get<bool>("renamed") ? source_state::renamed : source_state::unchanged;
}

failure runner::source_is(source_state now) const {
  const auto* what = now == source_state::dropped   ? "dropped"
                     : now == source_state::renamed ? "renamed"
                                                    : "altered the key of";
  const auto& s = j_.record.plan->source;
  return {failure_kind::fatal, "source_altered",
          fmt::format("somebody {} {}.{} while the job ran", what, s.schema, s.name), "", ""};
}

// The triggers read the columns of the key by name, into a log made for their types: when the application alters one of
// them, none of its writes succeeds any more, and no batch may come to see it, for these leave nothing to apply.
asio::awaitable<void> runner::look_at_key() {
  const auto s = j_.record.state;
  if (s < state::copying || !before_swap(s) || error_ || !j_.record.plan) co_return;
  const auto now = co_await look_at_source();
  if (now == source_state::unchanged || now == source_state::renamed) co_return;
  error_ = to_json(source_is(now));
  j_.changed.notify_all();
}

// A statement fails that names a table which is gone, or a batch finds another one in its place.
asio::awaitable<void> runner::recognise_the_source(failure& f) {
  if ((f.code != "statement_failed" && f.code != "source_altered") || !before_swap(j_.record.state) || !j_.record.plan)
    co_return;
  if (j_.record.state < state::copying) co_return;  // the plan may be of what was called so before
  try {
    const auto now = co_await look_at_source();
    if (now != source_state::dropped && now != source_state::renamed) co_return;
    const auto because = std::exchange(f.message, {});
    f = source_is(now);
    f.message += " (" + because + ")";
  } catch (const postgres::error&) {
  }
}

// What cannot be recorded now is tried again: the step beside it, an index build perhaps, is not to begin anew for it.
asio::awaitable<void> runner::watch_load() {
  for (;;) {
    co_await probe_.measure(j_.record, gives_way(j_, clock::now()));
    pace_.waits_for_commits(job_.at.load.unconfirmed);
    try {
      co_await look_at_key();
      co_await act_on_load();
    } catch (const postgres::error& e) {
      log(spdlog::level::debug, e.what(), {{"database", j_.database}, {"job", j_.record.id}});
    }
    asio::steady_timer timer{co_await asio::this_coro::executor, look_at_load_every};
    co_await timer.async_wait(asio::use_awaitable);
  }
}

}  // namespace eidolon::daemon
