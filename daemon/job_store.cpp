// One function per statement in daemon/sql; rows become records here and nowhere else.
#include "daemon/job_store.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "config/daemon_config.hpp"
#include "daemon/fenced.hpp"
#include "daemon/sql.hpp"

namespace eidolon::daemon {

using postgres::connection;
using postgres::raw;

namespace {

constexpr const char* control_session = "eidolon control";

json::object object_from(std::string_view text) { return json::parse({text.data(), text.size()}).as_object(); }
std::string text_of(const json::object& o) { return json::serialize(o); }

std::optional<json::object> optional_object(const postgres::row& r, std::string_view column) {
  const auto text = r.get<std::optional<std::string>>(column);
  if (!text) return std::nullopt;
  return object_from(*text);
}

std::optional<plan::plan> plan_from(const postgres::row& r) {
  const auto text = r.get<std::optional<std::string>>("plan");
  if (!text) return std::nullopt;
  return plan::from_json(*text);
}

// Once a relative throttle_file was taken, and looked for where the shipped unit starts the daemon: in the root.
void make_absolute(json::object& stored) {
  auto* const file = stored.if_contains("throttle_file");
  if (!file || !file->is_string() || file->get_string().empty() || file->get_string().starts_with('/')) return;
  *file = "/" + std::string{file->get_string()};
}

config::job_settings settings_from(json::object stored) {
  make_absolute(stored);
  config::job_settings s;
  const auto complaints = config::apply_settings(stored, s);
  if (!complaints.empty()) throw std::runtime_error{"the stored settings cannot be read: " + complaints.front()};
  return s;
}

state state_named(std::string_view name) {
  const auto s = state_from(name);
  if (!s) throw std::runtime_error{"the control schema holds an unknown state: " + std::string{name}};
  return *s;
}

json::object to_json(const copier::copy_progress& p) {
  return {{"blocks_total", p.blocks_total}, {"blocks_done", p.blocks_done}, {"rows", p.rows}, {"bytes", p.bytes}};
}

copier::copy_progress progress_from(const json::object& o) {
  if (o.empty()) return {};
  return {json::value_to<std::int64_t>(o.at("blocks_total")), json::value_to<std::int64_t>(o.at("blocks_done")),
          json::value_to<std::int64_t>(o.at("rows")), json::value_to<std::int64_t>(o.at("bytes"))};
}

job_request request_from(const postgres::row& r) {
  return {r.get<std::optional<std::string>>("name"),
          {r.get<std::string>("table_name"), r.get<std::string>("alter_text")},
          r.get<bool>("postpone_cutover"),
          object_from(r.get<std::string_view>("requested_settings"))};
}

job_record record_from(const postgres::row& r) {
  job_record j;
  j.id = r.get<std::int64_t>("id");
  j.request = request_from(r);
  j.home = {r.get<std::string>("system_identifier"), r.get<std::int64_t>("database_oid")};
  j.relation = r.get<std::string>("relation");
  j.settings = settings_from(object_from(r.get<std::string_view>("settings")));
  j.state = state_named(r.get<std::string_view>("state"));
  if (const auto end = r.get<std::optional<std::string>>("end_state")) j.end_state = state_named(*end);
  j.paused = r.get<bool>("paused");
  j.paused_reason = r.get<std::optional<std::string>>("paused_reason").value_or("");
  if (j.paused) j.paused_since = r.get<std::optional<std::string>>("paused_since").value_or("");
  j.cutover_requested = r.get<bool>("cutover_requested");
  j.abort_requested = r.get<bool>("abort_requested");
  j.drop_requested = r.get<bool>("drop_requested");
  j.plan = plan_from(r);
  j.error = optional_object(r, "error");
  j.cutover = object_from(r.get<std::string_view>("cutover"));
  j.timings = object_from(r.get<std::string_view>("timings"));
  j.progress = progress_from(object_from(r.get<std::string_view>("progress")));
  j.state_seconds = r.get<double>("state_seconds");
  j.swapped_seconds = r.get<std::optional<double>>("swapped_seconds");
  j.submitted_at = r.get<std::string>("submitted_at");
  j.started_at = r.get<std::optional<std::string>>("started_at");
  j.finished_at = r.get<std::optional<std::string>>("finished_at");
  return j;
}

postgres::raw_sql jobs_where(std::string_view condition) {
  return raw(std::string{sql::job_columns} + std::string{condition});
}

std::string describe(command c) {
  constexpr std::array names{"pause", "resume", "cutover", "abort", "drop-old"};
  return names.at(static_cast<std::size_t>(c));
}

}  // namespace

asio::awaitable<std::optional<std::string>> change_state(connection& c, state_change change) {
  const auto* way = find_transition(change.from, change.to);
  if (!way)
    throw std::logic_error{"no way from " + std::string{name_of(change.from)} + " to " +
                           std::string{name_of(change.to)}};
  const std::optional<std::string> end =
      change.end_state ? std::optional{std::string{name_of(*change.end_state)}} : std::nullopt;
  const std::optional<std::string> error = change.error ? std::optional{text_of(*change.error)} : std::nullopt;
  const auto progress = change.progress ? std::optional{text_of(to_json(*change.progress))} : std::nullopt;
  auto statement =
      postgres::sql(raw(sql::change_state), change.job, name_of(change.from), name_of(change.to), end, error, progress);
  const auto changed = co_await c.execute(std::move(statement));
  if (changed.empty())
    throw record_changed{"the record is not in state " + std::string{name_of(change.from)} + " any more"};
  change.detail["from"] = name_of(change.from);
  change.detail["to"] = name_of(change.to);
  event e{change.job, "state", std::string{way->comment}, std::move(change.detail)};
  co_await add_event(c, std::move(e));
  co_return changed.front().get<std::optional<std::string>>("started_at");
}

asio::awaitable<void> add_event(connection& c, event e) {
  co_await c.execute(postgres::sql(raw(sql::add_event), e.job, e.kind, e.message, text_of(e.detail)));
}

asio::awaitable<void> store_plan(connection& c, std::int64_t job, const plan::plan& p) {
  const auto text = plan::to_json(p);
  co_await c.execute(postgres::sql(raw(sql::store_plan), job, text));
}

asio::awaitable<std::vector<job_record>> job_store::load_all() {
  auto lease = co_await pool_.acquire(control_session);
  const auto rows = co_await lease->execute(postgres::sql(jobs_where("ORDER BY j.id")));
  std::vector<job_record> records;
  for (const auto& r : rows) records.push_back(record_from(r));
  co_return records;
}

asio::awaitable<job_record> job_store::load(std::int64_t job) {
  // It waits for whoever is changing the record, and for no standby to confirm that it has.
  auto body = [job](connection& c) { return c.execute(postgres::sql(jobs_where("WHERE j.id = $1 FOR UPDATE"), job)); };
  auto lease = co_await pool_.acquire(control_session);
  const auto rows = co_await postgres::in_transaction(*lease, raw("BEGIN; SET LOCAL synchronous_commit = off"), body);
  if (rows.empty()) throw std::runtime_error{"the job's record is gone"};
  co_return record_from(rows.front());
}

asio::awaitable<std::optional<job_record>> job_store::find_by_name(std::string name) {
  auto lease = co_await pool_.acquire(control_session);
  const auto rows = co_await lease->execute(postgres::sql(jobs_where("WHERE j.name = $1"), name));
  if (rows.empty()) co_return std::nullopt;
  co_return record_from(rows.front());
}

asio::awaitable<std::optional<std::int64_t>> job_store::unfinished_job_of(std::string relation,
                                                                          database_identity home) {
  auto lease = co_await pool_.acquire(control_session);
  auto query = postgres::sql(raw(sql::unfinished_job_of), relation, home.system_identifier, home.database_oid);
  const auto rows = co_await lease->execute(std::move(query));
  if (rows.empty()) co_return std::nullopt;
  co_return rows.front().get<std::int64_t>("id");
}

asio::awaitable<std::int64_t> job_store::highest_job() {
  auto lease = co_await pool_.acquire(control_session);
  const auto rows = co_await lease->execute(postgres::sql(raw(sql::highest_job)));
  co_return rows.front().get<std::int64_t>("id");
}

asio::awaitable<std::vector<std::int64_t>> job_store::unfinished_jobs() {
  auto lease = co_await pool_.acquire(control_session);
  const auto rows = co_await lease->execute(postgres::sql("SELECT id FROM eidolon.job WHERE finished_at IS NULL"));
  std::vector<std::int64_t> ids;
  for (const auto& r : rows) ids.push_back(r.get<std::int64_t>("id"));
  co_return ids;
}

asio::awaitable<json::array> job_store::events(std::int64_t job, std::int64_t after) {
  auto lease = co_await pool_.acquire(control_session);
  const auto rows = co_await lease->execute(postgres::sql(raw(sql::events), job, after));
  json::array list;
  for (const auto& r : rows)
    list.push_back(json::object{{"seq", r.get<std::int64_t>("seq")},
                                {"at", r.get<std::string>("at")},
                                {"kind", r.get<std::string>("kind")},
                                {"message", r.get<std::string>("message")},
                                {"detail", object_from(r.get<std::string_view>("detail"))}});
  co_return list;
}

namespace {

// Submissions exclude each other, so that what is looked up holds until the commit.
asio::awaitable<std::optional<job_store::conflict>> find_conflict(connection& c, const new_job& job) {
  using on = job_store::conflict::on;
  co_await c.execute(postgres::sql("LOCK TABLE eidolon.job IN SHARE ROW EXCLUSIVE MODE"));
  const auto same_id = co_await c.execute(postgres::sql("SELECT id FROM eidolon.job WHERE id = $1", job.id));
  if (!same_id.empty()) co_return job_store::conflict{on::id, job.id};
  const auto same_name =
      co_await c.execute(postgres::sql("SELECT id FROM eidolon.job WHERE name = $1", job.request.name));
  if (!same_name.empty()) co_return job_store::conflict{on::name, same_name.front().get<std::int64_t>("id")};
  auto query =
      postgres::sql(raw(sql::unfinished_job_of), job.relation, job.home.system_identifier, job.home.database_oid);
  const auto same_table = co_await c.execute(std::move(query));
  if (!same_table.empty()) co_return job_store::conflict{on::table, same_table.front().get<std::int64_t>("id")};
  co_return std::nullopt;
}

asio::awaitable<void> insert_record(connection& c, const new_job& j) {
  const auto settings = config::to_json(j.settings);
  co_await c.execute(postgres::sql(raw(sql::insert_job), j.id, j.request.name, j.request.what.table,
                                   j.request.what.alter, j.request.postpone_cutover, text_of(j.request.settings),
                                   j.home.system_identifier, j.home.database_oid, j.relation, text_of(settings)));
  event e{j.id, "state", "submitted: " + j.relation, {}};
  e.detail["to"] = name_of(state::queued);
  co_await add_event(c, std::move(e));
}

}  // namespace

asio::awaitable<std::optional<job_store::conflict>> job_store::insert(new_job job, plan::fence f) {
  auto body = [&job](connection& c) -> asio::awaitable<std::optional<conflict>> {
    auto found = co_await find_conflict(c, job);
    if (!found) co_await insert_record(c, job);
    co_return found;
  };
  co_return co_await fenced(pool_, control_session, f, body);
}

asio::awaitable<std::optional<std::string>> job_store::change(state_change change, plan::fence f) {
  auto body = [&change](connection& c) { return change_state(c, change); };
  co_return co_await fenced(pool_, control_session, f, body);
}

asio::awaitable<void> job_store::note(event e, plan::fence f) {
  auto body = [&e](connection& c) { return add_event(c, e); };
  co_await fenced(pool_, control_session, f, body);
}

namespace {

asio::awaitable<state> lock_record(connection& c, std::int64_t job) {
  const auto rows = co_await c.execute(postgres::sql("SELECT state FROM eidolon.job WHERE id = $1 FOR UPDATE", job));
  if (rows.empty()) throw std::runtime_error{"the job's record is gone"};
  co_return state_named(rows.front().get<std::string_view>("state"));
}

}  // namespace

// The swap may have been under way when the command was found possible.
asio::awaitable<void> job_store::request(std::int64_t job, command what, std::function<void(state)> check, event e,
                                         plan::fence f) {
  auto body = [&](connection& c) -> asio::awaitable<void> {
    const auto now = co_await lock_record(c, job);
    check(now);
    const std::optional<std::string> reason;
    co_await c.execute(postgres::sql(raw(sql::set_paused), job, what == command::pause, reason));
    co_await c.execute(postgres::sql(raw(sql::set_requests), job, what == command::cutover, what == command::abort,
                                     what == command::drop_old));
    e.detail["command"] = describe(what);
    co_await add_event(c, e);
  };
  co_await fenced(pool_, control_session, f, body);
}

asio::awaitable<bool> job_store::hold(std::int64_t job, state in, std::string reason, plan::fence f) {
  auto body = [&](connection& c) -> asio::awaitable<bool> {
    const auto now = co_await lock_record(c, job);
    if (now != in) co_return false;
    co_await c.execute(postgres::sql(raw(sql::set_paused), job, true, reason));
    event e{job, "held", reason, {}};
    co_await add_event(c, std::move(e));
    co_return true;
  };
  co_return co_await fenced(pool_, control_session, f, body);
}

asio::awaitable<config::job_settings> job_store::change_settings(std::int64_t job, json::object changed,
                                                                 std::function<void(state)> check, event e,
                                                                 plan::fence f) {
  auto body = [&](connection& c) -> asio::awaitable<config::job_settings> {
    const auto now = co_await lock_record(c, job);
    check(now);
    const auto rows = co_await c.execute(postgres::sql(raw(sql::set_settings), job, text_of(changed)));
    if (rows.empty()) throw std::runtime_error{"the job's record is gone"};
    co_await add_event(c, e);
    co_return settings_from(object_from(rows.front().get<std::string_view>("settings")));
  };
  co_return co_await fenced(pool_, control_session, f, body);
}

asio::awaitable<job_store::attempt_totals> job_store::note_attempt(std::int64_t job, attempt a, event e,
                                                                   plan::fence f) {
  auto body = [&](connection& c) -> asio::awaitable<attempt_totals> {
    auto update = postgres::sql(raw(sql::store_attempt), job, a.cutover_outcome, a.blocked_seconds, a.held_seconds);
    const auto rows = co_await c.execute(std::move(update));
    if (rows.empty()) throw std::runtime_error{"the job's record is gone"};
    attempt_totals totals{object_from(rows.front().get<std::string_view>("cutover")),
                          object_from(rows.front().get<std::string_view>("timings"))};
    co_await add_event(c, e);
    co_return totals;
  };
  co_return co_await fenced(pool_, control_session, f, body);
}

}  // namespace eidolon::daemon
