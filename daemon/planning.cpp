#include "daemon/planning.hpp"

#include "daemon/giving_way.hpp"
#include "daemon/job_context.hpp"
#include "daemon/reaction.hpp"
#include "postgres/catalog_race.hpp"
#include "postgres/pause.hpp"

namespace eidolon::daemon {

namespace {

constexpr int most_attempts = 4;

// What planning has prepared would be in the way of what owners' functions prepare, and of a cutover's own.
struct close_if_prepared {
  postgres::connection& c;
  ~close_if_prepared() {
    if (c.has_prepared()) c.close();
  }
};

asio::awaitable<plan::outcome> plan_unless_in_the_way(const planning_sessions& at, std::int64_t id, plan::request r,
                                                      bool all_tables_allowed) {
  auto lease = co_await at.pool.acquire(at.name);
  const close_if_prepared end{*lease};
  std::optional<plan::outcome> made;
  auto work = [&]() -> asio::awaitable<void> {
    made = co_await plan::make_plan(*lease, id, std::move(r), all_tables_allowed);
  };
  std::optional<waiter> behind;
  co_await beside(work(), until_somebody_waits_behind(at.control, lease->backend_pid(), behind));
  if (!made) throw gave_way{"somebody waits for a lock behind planning, which has been broken off: " + behind->who};
  co_return std::move(*made);
}

bool may_pass(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const gave_way&) {
    return true;
  } catch (const postgres::no_such_row&) {
    return true;
  } catch (const postgres::no_such_value&) {
    return true;  // there is no definition of what has just been dropped
  } catch (const postgres::statement_error& e) {
    return e.sqlstate() == postgres::sqlstate::lock_not_available || postgres::is_of_what_was_dropped(e);
  } catch (...) {
    return false;
  }
}

}  // namespace

asio::awaitable<plan::outcome> make_plan(planning_sessions at, std::int64_t id, plan::request r,
                                         bool all_tables_allowed) {
  for (int attempt = 1;; ++attempt) {
    std::exception_ptr failure;
    try {
      co_return co_await plan_unless_in_the_way(at, id, r, all_tables_allowed);
    } catch (...) {
      failure = std::current_exception();
    }
    if (attempt == most_attempts || !may_pass(failure)) std::rethrow_exception(failure);
    co_await postgres::pause(retry_pause(attempt, jitter()));
  }
}

}  // namespace eidolon::daemon
