// Requests in, records and views out.
#include "daemon/service_impl.hpp"

#include <fmt/format.h>

#include "daemon/command_rules.hpp"
#include "daemon/job_view.hpp"
#include "daemon/logging.hpp"
#include "daemon/planning.hpp"
#include "daemon/problems.hpp"
#include "daemon/states.hpp"
#include "plan/refusals/refusals.hpp"

namespace eidolon::daemon {

using std::chrono::seconds;

namespace {

// What the work throws, as a problem that the client can act on.
template <class T>
asio::awaitable<T> asked_of(std::string database, asio::awaitable<T> work) {
  std::exception_ptr failure;
  try {
    co_return co_await std::move(work);
  } catch (...) {
    failure = std::current_exception();
  }
  throw problems::from_failure(database, failure);
}

// What changes a job's record. When it fails it may have been recorded all the same, and then it holds.
template <class T>
asio::awaitable<T> recorded(database& d, std::int64_t job, asio::awaitable<T> work) {
  std::exception_ptr failure;
  try {
    co_return co_await asked_of(d.configuration().name, std::move(work));
  } catch (...) {
    failure = std::current_exception();
  }
  d.doubt(job);
  std::rethrow_exception(failure);
}

asio::awaitable<void> require_leader(database& d) {
  co_await d.settle();
  const auto s = d.status();
  if (!s.reachable || (!d.leads() && !s.error.empty())) throw problems::database_unreachable(s.name, s.error);
  if (!d.leads()) throw problems::not_leader(s.name);
}

// Throws what PostgreSQL, or the planner, refuses.
asio::awaitable<plan::plan> plan_or_refuse(database& d, std::int64_t id, plan::request r, bool all_tables_allowed) {
  auto planning = make_plan(d.planning(fmt::format("eidolon plan {}", id)), id, std::move(r), all_tables_allowed);
  auto made = co_await asked_of(d.configuration().name, std::move(planning));
  if (const auto* refusals = std::get_if<std::vector<plan::refusal>>(&made)) throw problems::refused(*refusals);
  co_return std::get<plan::plan>(std::move(made));
}

// Checks the settings that were sent against those they change, and keeps them as they were understood.
config::job_settings understood(const config::job_settings& base, const json::object& sent, json::object& normalised) {
  auto settings = base;
  const auto complaints = config::apply_settings(sent, settings);
  if (!complaints.empty()) throw problems::bad_setting(complaints);
  const auto all = config::to_json(settings);
  for (const auto& [name, value] : sent) normalised[name] = all.at(name);
  return settings;
}

// But for what may change while jobs run.
bool same_database(config::database_config a, const config::database_config& b) {
  a.windows = b.windows;
  a.replicas = b.replicas;
  return a == b;
}

// By either of them; the other one was changed.
bool is_configured(const database& d, const config::daemon_config& config) {
  const auto& own = d.configuration();
  return std::any_of(config.databases.begin(), config.databases.end(),
                     [&](const auto& c) { return c.name == own.name || c.dsn == own.dsn; });
}

// Nobody works on them any more, unless another daemon leads.
void warn_of_unfinished_jobs(const database& d) {
  if (!d.status().leader.value_or(true)) return;
  for (const auto& [id, j] : d.jobs()) {
    if (is_end(j->record.state) || !j->at_home) continue;
    const json::object fields{{"database", d.configuration().name},
                              {"job", id},
                              {"table", j->record.relation},
                              {"state", name_of(j->record.state)}};
    log(spdlog::level::warn,
        "its database is not configured any more: the job stays as it is, and triggers that it has go on logging",
        fields);
  }
}

}  // namespace

job_service::job_service(asio::any_io_executor executor, const config::daemon_config& config)
    : executor_{executor}, telemetry_{state_names}, defaults_{config.defaults}, tasks_{executor} {
  for (const auto& d : config.databases) know(d);
}

job_service::~job_service() = default;

job_service::database_ptr job_service::know(const config::database_config& config) {
  databases_.push_back(std::make_shared<database>(executor_, config, telemetry_, defaults_));
  return databases_.back();
}

asio::awaitable<void> job_service::run_database(database_ptr d) { co_await d->run(); }

asio::awaitable<void> job_service::run() {
  for (const auto& d : databases_) tasks_.spawn(run_database(d));
  while (!stopping_) co_await stopped_.wait(std::chrono::hours{1});
  co_await tasks_.join();
}

void job_service::stop() {
  stopping_ = true;
  for (const auto& d : databases_) d->stop();
  stopped_.notify_all();
}

void job_service::reload(const config::daemon_config& config) {
  defaults_ = config.defaults;
  const auto wanted = [&](const database_ptr& d) {
    return std::find_if(config.databases.begin(), config.databases.end(),
                        [&](const auto& c) { return same_database(c, d->configuration()); });
  };
  for (auto i = databases_.begin(); i != databases_.end();) {
    if (const auto c = wanted(*i); c != config.databases.end()) {
      (*i)->keep_hours(c->windows);
      (*i)->keep_replicas(c->replicas);
      ++i;
      continue;
    }
    if (!is_configured(**i, config)) warn_of_unfinished_jobs(**i);
    (*i)->stop();
    i = databases_.erase(i);
  }
  for (const auto& c : config.databases) {
    const bool known =
        std::any_of(databases_.begin(), databases_.end(), [&](const auto& d) { return d->configuration() == c; });
    if (!known) tasks_.spawn(run_database(know(c)));
  }
}

job_service::database_ptr job_service::database_named(const std::string& name) const {
  if (name.empty() && databases_.size() == 1) return databases_.front();
  std::vector<std::string> known;
  for (const auto& d : databases_) {
    if (d->configuration().name == name) return d;
    known.push_back(d->configuration().name);
  }
  if (name.empty()) throw problems::database_not_named(known);
  throw problems::no_such_database(name);
}

// A standby's records are read anew; a database that cannot be reached answers with what was known last.
asio::awaitable<void> job_service::look_again(database_ptr d) {
  co_await d->settle();
  if (d->leads() || !d->settled()) co_return;
  try {
    co_await d->refresh();
  } catch (const postgres::error& e) {
    log(spdlog::level::debug, e.what(), {{"database", d->configuration().name}});
  }
}

namespace {

bool are_one(const database& a, const database& b) {
  return !a.identity().system_identifier.empty() && a.identity() == b.identity();
}

}  // namespace

// A database that was away, or had a daemon of its own, when the number was given out may have a job of the same one.
// The one that has not ended is meant.
asio::awaitable<job_service::place> job_service::find(std::int64_t id) {
  const auto databases = databases_;
  const auto knows = [id](const database_ptr& d) { return d->find(id) != nullptr; };
  const bool known = std::any_of(databases.begin(), databases.end(), knows);
  std::vector<place> found;
  for (const auto& d : databases) {
    if (known && !knows(d)) continue;  // nobody waits for a database that has nothing to do with it
    co_await look_again(d);
    if (auto j = d->find(id)) found.push_back({d, std::move(j)});
  }
  std::stable_partition(found.begin(), found.end(), [](const place& p) { return !is_end(p.what->record.state); });
  // Two entries of the configuration may lead to one database, by names of its server that differ.
  if (found.size() > 1 && are_one(*found[0].where, *found[1].where)) {
    if (found[1].where->leads()) std::swap(found[0], found[1]);
    found.erase(found.begin() + 1);
  }
  if (found.size() > 1 && !is_end(found[1].what->record.state))
    throw problems::ambiguous_job(id, found[0].what->database, found[1].what->database);
  if (!found.empty()) co_return found.front();
  for (const auto& d : databases)
    if (!d->settled() && d->jobs().empty())
      throw problems::database_unreachable(d->configuration().name, d->status().error);
  throw problems::no_such_job(id);
}

asio::awaitable<job_service::place> job_service::find_to_command(std::int64_t id) {
  auto found = co_await find(id);
  co_await require_leader(*found.where);
  co_return found;
}

// Above every number that any database has given out, so that a number names one job of this daemon.
asio::awaitable<std::int64_t> job_service::new_id() {
  const auto databases = databases_;
  for (const auto& d : databases) {
    if (!d->settled()) continue;
    try {
      const auto highest = co_await d->store().highest_job();
      last_id_ = std::max(last_id_, highest);
    } catch (const postgres::error& e) {
      log(spdlog::level::debug, e.what(), {{"database", d->configuration().name}});
    }
  }
  for (const auto& d : databases)
    if (!d->jobs().empty()) last_id_ = std::max(last_id_, d->jobs().rbegin()->first);
  co_return ++last_id_;
}

asio::awaitable<submitted> job_service::submit(submission s) {
  const auto d = database_named(s.database);
  const auto name = d->configuration().name;
  new_job job;
  job.request = {s.name, {s.table, s.alter}, s.postpone_cutover, {}};
  job.settings = understood(defaults_, s.settings, job.request.settings);
  co_await d->settle();
  if (!d->publishers().empty()) co_await open_to_publishers(d, job);
  co_await require_leader(*d);
  job.home = d->identity();
  auto known = co_await find_named(d, job.request);
  if (known) co_return std::move(*known);
  job.relation = plan::requested_table(job.request.what);
  const auto other = co_await asked_of(name, d->store().unfinished_job_of(job.relation, job.home));
  if (other) known = co_await find_named(d, job.request);  // it may have come since
  if (known) co_return std::move(*known);
  if (other) throw problems::refused({plan::refusals::has_job(job.relation, *other)});
  job.id = co_await new_id();
  const auto made = co_await plan_or_refuse(*d, job.id, job.request.what, job.settings.all_tables_allowed);
  job.relation = made.source.schema + "." + made.source.name;
  co_return co_await insert(d, std::move(job));
}

// The control schema would be published too: it comes with the first job that allows it and can be done.
asio::awaitable<void> job_service::open_to_publishers(database_ptr d, new_job job) {
  const auto id = co_await new_id();
  co_await plan_or_refuse(*d, id, job.request.what, job.settings.all_tables_allowed);
  d->allow_publishers();
}

// The database is a part of the content.
void job_service::refuse_name_of_another_database(const database& but_for, const std::string& name) const {
  for (const auto& d : databases_)
    for (const auto& [id, j] : d->jobs())
      if (d.get() != &but_for && j->at_home && j->record.request.name == name) throw problems::name_in_use(name, id);
}

// The job of that name, if there is one; a request of another content is a problem.
asio::awaitable<std::optional<submitted>> job_service::find_named(database_ptr d, job_request request) {
  if (!request.name) co_return std::nullopt;
  auto record = co_await asked_of(d->configuration().name, d->store().find_by_name(*request.name));
  if (!record) {
    refuse_name_of_another_database(*d, *request.name);
    co_return std::nullopt;
  }
  if (record->home != d->identity()) throw problems::name_of_a_copied_job(*request.name, record->id);
  if (!(record->request == request)) throw problems::name_in_use(*request.name, record->id);
  const auto j = d->begin(std::move(*record));
  co_return submitted{view(*j), false};
}

asio::awaitable<submitted> job_service::insert(database_ptr d, new_job job) {
  using on = job_store::conflict::on;
  const auto name = d->configuration().name;
  for (;;) {
    const auto conflict = co_await asked_of(name, d->store().insert(job, d->fence()));
    if (!conflict) break;
    // The same request, sent twice, may have met itself.
    auto known = co_await find_named(d, job.request);
    if (known) co_return std::move(*known);
    if (conflict->what == on::table) throw problems::refused({plan::refusals::has_job(job.relation, conflict->job)});
    job.id = co_await new_id();
  }
  auto record = co_await asked_of(name, d->store().load(job.id));
  const auto begun = d->begin(std::move(record));
  co_return submitted{view(*begun), true};
}

asio::awaitable<json::object> job_service::plan(submission s) {
  const auto d = database_named(s.database);
  co_await d->settle();
  if (!d->settled()) throw problems::database_unreachable(d->configuration().name, d->status().error);
  json::object normalised;
  const auto settings = understood(defaults_, s.settings, normalised);
  const plan::request request{s.table, s.alter};
  const auto id = co_await new_id();
  const auto made = co_await plan_or_refuse(*d, id, request, settings.all_tables_allowed);
  auto answer = view(made, settings);
  answer["database"] = d->configuration().name;
  co_return answer;
}

asio::awaitable<json::array> job_service::jobs() {
  std::multimap<std::int64_t, json::object> views;
  const auto databases = databases_;
  for (const auto& d : databases) {
    co_await look_again(d);
    for (const auto& [id, j] : d->jobs()) views.emplace(id, view(*j));
  }
  json::array list;
  for (auto& [id, v] : views) list.push_back(std::move(v));
  co_return list;
}

asio::awaitable<json::object> job_service::job(std::int64_t id) {
  const auto found = co_await find(id);
  co_return view(*found.what);
}

asio::awaitable<json::array> job_service::events(std::int64_t id, std::int64_t after) {
  const auto found = co_await find(id);
  co_return co_await asked_of(found.where->configuration().name, found.where->store().events(id, after));
}

asio::awaitable<void> job_service::wait_for_event(std::int64_t id) {
  const auto found = co_await find(id);
  const auto longest = found.where->leads() ? seconds{5} : seconds{1};
  co_await found.what->changed.wait(longest);
}

asio::awaitable<json::object> job_service::obey(std::int64_t id, command what) {
  const auto found = co_await find_to_command(id);
  auto& j = *found.what;
  check_possible(j, j.record.state, what);
  const bool nothing_to_do =
      (what == command::resume && !j.record.paused) || (what == command::pause && j.record.paused);
  if (nothing_to_do) co_return view(j);
  std::string sentence{sentence_of(what)};
  if (what == command::cutover && j.record.paused) sentence += ", which ends the pause";
  event e{id, "command", std::move(sentence), {}};
  auto still_possible = [&j, what](state now) { check_possible(j, now, what); };
  auto request = found.where->store().request(id, what, still_possible, std::move(e), found.where->fence());
  co_await recorded(*found.where, id, std::move(request));
  mirror(j, what);
  found.where->reconsider(j);
  co_return view(j);
}

asio::awaitable<json::object> job_service::pause(std::int64_t id) { return obey(id, command::pause); }
asio::awaitable<json::object> job_service::resume(std::int64_t id) { return obey(id, command::resume); }
asio::awaitable<json::object> job_service::cutover(std::int64_t id) { return obey(id, command::cutover); }
asio::awaitable<json::object> job_service::abort(std::int64_t id) { return obey(id, command::abort); }
asio::awaitable<json::object> job_service::drop_old(std::int64_t id) { return obey(id, command::drop_old); }

namespace {

void check_changeable(const job& j, state now) {
  const auto* const wanted = "a change of settings";
  if (!j.at_home)
    throw problems::wrong_state(j, now, wanted,
                                "It came with a copy of its database; \"eidolond --clean-orphans\" removes it.");
  if (is_end(now)) throw problems::wrong_state(j, now, wanted, "It has ended.");
}

}  // namespace

asio::awaitable<json::object> job_service::change_settings(std::int64_t id, json::object settings) {
  const auto found = co_await find_to_command(id);
  auto& j = *found.what;
  json::object normalised;
  understood(j.record.settings, settings, normalised);
  check_changeable(j, j.record.state);
  event e{id, "command", "settings were changed", normalised};
  const bool keeps = normalised.contains("keep_old");
  auto still_possible = [&j](state now) { check_changeable(j, now); };
  // Another change may be under way: what it sets stays.
  auto change = found.where->store().change_settings(id, std::move(normalised), still_possible, std::move(e),
                                                     found.where->fence());
  auto settings_now = co_await recorded(*found.where, id, std::move(change));
  ++j.commands;
  j.record.settings = std::move(settings_now);
  if (keeps) j.record.drop_requested = false;
  tell_limits(j);
  found.where->reconsider(j);
  co_return view(j);
}

asio::awaitable<json::array> job_service::databases() {
  json::array list;
  for (const auto& d : databases_) list.push_back(view(d->status()));
  co_return list;
}

asio::awaitable<json::object> job_service::forget_replica(std::string name, std::string replica) {
  const auto d = database_named(name);
  co_await require_leader(*d);
  const bool forgotten = co_await asked_of(d->configuration().name, d->forget_replica(replica));
  if (!forgotten) throw problems::no_such_replica(d->configuration().name, replica);
  co_return view(d->status());
}

bool job_service::ready() const {
  return std::all_of(databases_.begin(), databases_.end(), [](const auto& d) { return d->settled(); });
}

std::string job_service::metrics() { return telemetry_.text(); }

}  // namespace eidolon::daemon
