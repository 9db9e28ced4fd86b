// The jobs' records in their database, the control schema.
//
// A record is changed only by the leader: each transaction that writes takes the fence first,
// and a change of state commits together with its event. The free functions run in the open
// transaction of the caller, so that a step and the record that it is done commit together.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/job_record.hpp"
#include "plan/batch.hpp"
#include "postgres/pool.hpp"

namespace eidolon::daemon {

namespace asio = boost::asio;

// A state, as its transition wants it recorded.
struct state_change {
  std::int64_t job{};
  state from{}, to{};
  std::optional<state> end_state{};                 // entering aborting
  std::optional<json::object> error{};              // why it fails
  std::optional<copier::copy_progress> progress{};  // none: as recorded
  json::object detail{};                            // of the event
};

struct event {
  std::int64_t job{};
  std::string kind;  // state, command, attempt, held, source, warning, planned, waiting, catch_up
  std::string message;
  json::object detail;
};

struct new_job {
  std::int64_t id{};
  job_request request;
  database_identity home;
  std::string relation;
  config::job_settings settings;
};

enum class command { pause, resume, cutover, abort, drop_old };

// The record is in another state than it is taken to be: it is read again.
class record_changed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// In the caller's transaction, which holds the fence. change_state throws std::logic_error when the table of
// transitions does not have it, and record_changed; it says since when the job has been under way (ISO 8601, UTC).
asio::awaitable<std::optional<std::string>> change_state(postgres::connection& c, state_change change);
asio::awaitable<void> add_event(postgres::connection& c, event e);
asio::awaitable<void> store_plan(postgres::connection& c, std::int64_t job, const plan::plan& p);

class job_store {
 public:
  explicit job_store(postgres::pool& pool) : pool_{pool} {}

  asio::awaitable<std::vector<job_record>> load_all();
  // Waits for whoever is changing the record (a COMMIT whose answer was lost, say).
  asio::awaitable<job_record> load(std::int64_t job);
  asio::awaitable<std::optional<job_record>> find_by_name(std::string name);
  asio::awaitable<std::optional<std::int64_t>> unfinished_job_of(std::string relation, database_identity home);
  asio::awaitable<std::int64_t> highest_job();
  asio::awaitable<std::vector<std::int64_t>> unfinished_jobs();
  asio::awaitable<json::array> events(std::int64_t job, std::int64_t after);

  // What kept a job from being inserted: the job that has the table, or the name.
  struct conflict {
    enum class on { table, name, id } what{};
    std::int64_t job{};
  };
  asio::awaitable<std::optional<conflict>> insert(new_job job, plan::fence f);

  asio::awaitable<std::optional<std::string>> change(state_change change, plan::fence f);
  asio::awaitable<void> note(event e, plan::fence f);
  // check is called with the state that the job is in until the commit, and throws what keeps the command from it.
  asio::awaitable<void> request(std::int64_t job, command what, std::function<void(state)> check, event e,
                                plan::fence f);
  // false: the job is in another state by now, and goes on.
  asio::awaitable<bool> hold(std::int64_t job, state in, std::string reason, plan::fence f);
  // Those that are given are changed; returns all. check: as above.
  asio::awaitable<config::job_settings> change_settings(std::int64_t job, json::object changed,
                                                        std::function<void(state)> check, event e, plan::fence f);

  // An attempt at a lock that the application feels.
  struct attempt {
    std::optional<std::string> cutover_outcome;
    double blocked_seconds{};
    std::optional<double> held_seconds;
  };
  struct attempt_totals {
    json::object cutover, timings;
  };
  asio::awaitable<attempt_totals> note_attempt(std::int64_t job, attempt a, event e, plan::fence f);

 private:
  postgres::pool& pool_;
};

}  // namespace eidolon::daemon
