#include "plan/planner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "plan/alter_request.hpp"
#include "plan/alter_text.hpp"
#include "plan/altered_clone.hpp"
#include "plan/as_owner.hpp"
#include "plan/catalog_query.hpp"
#include "plan/clone.hpp"
#include "plan/compose.hpp"
#include "plan/definitions.hpp"
#include "plan/event_triggers.hpp"
#include "plan/facts.hpp"
#include "plan/key.hpp"
#include "plan/refusals/refusals.hpp"
#include "plan/same_operators.hpp"
#include "plan/sql.hpp"
#include "plan/sql_text.hpp"
#include "plan/stand_in_reader.hpp"
#include "plan/statement_targets.hpp"
#include "plan/streaming.hpp"
#include "plan/user_statements.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {
namespace {

namespace asio = boost::asio;
using postgres::connection;
using postgres::identifier;
using postgres::literal;
using postgres::qualified;
using postgres::raw;
using refusals_list = std::vector<refusal>;

// Names in use around the source, as decoys for the ghost's schema.
asio::awaitable<decoy_statements> read_decoys(connection& c, std::uint32_t oid, std::string ghost_schema) {
  std::vector<std::string> names, constraints;
  const auto rows = co_await c.execute(postgres::sql(raw(catalog_query(sql::decoys)), oid));
  for (const auto r : rows)
    (r.get<std::string>("kind") == "relation" ? names : constraints).push_back(r.get<std::string>("name"));
  co_return decoys(ghost_schema, names, constraints);
}

// The providers of the source's labels are asked whether the clone may have them.
asio::awaitable<refusals_list> label_clone(connection& c, const facts& f, const plan& p) {
  std::string script;
  for (const auto& x : f.neighbours.labels) script += set_label(x, p.ghost_schema) + "; ";
  if (script.empty()) co_return refusals_list{};
  const auto error = co_await refusals::objection(c, std::move(script));
  if (!error) co_return refusals_list{};
  co_return refusals_list{
      {"security_label",
       fmt::format("The security labels of {} cannot be put on another table: {}.", display_name(f),
                   error->info().message),
       "Let the daemon's sessions load the provider (session_preload_libraries) and its role set the labels."}};
}

asio::awaitable<std::vector<owned_sequence>> read_owned_sequences(connection& c, std::uint32_t oid) {
  std::vector<owned_sequence> found;
  const auto rows = co_await c.execute(postgres::sql(raw(catalog_query(sql::owned_sequences)), oid));
  for (const auto r : rows)
    found.push_back({r.get<std::string>("table"), r.get<std::string>("schema"), r.get<std::string>("name"),
                     r.get<std::string>("type"), r.get<std::string>("column_name"), r.get<bool>("used_elsewhere")});
  co_return found;
}

asio::awaitable<void> run_all(connection& c, const plan& p, std::vector<std::string> statements) {
  auto script = postgres::script_of(statements);
  if (!script.empty()) co_await run_as_owner(c, p, std::move(script), settings::of_the_session);
}

// As PostgreSQL prints it: a text that reads NULL is in quotes.
bool holds_a_null(std::string_view array) {
  constexpr std::string_view null = "NULL";
  const auto is_one_of = [&](std::size_t i, std::string_view these) {
    return i < array.size() && these.find(array[i]) != std::string_view::npos;
  };
  for (auto at = array.find(null); at != std::string_view::npos; at = array.find(null, at + 1))
    if (is_one_of(at - 1, "{,") && is_one_of(at + null.size(), ",}")) return true;
  return false;
}

// A default's one value is printed in the daemon's settings and read in the role's, and there is no way to write a NULL
// in an array that array_nulls = off does not read as a text.
asio::awaitable<refusals_list> refuse_nulls_that_would_be_texts(connection& c, const std::vector<stage>& stages) {
  std::string column;
  for (const auto& s : stages)
    for (const auto& a : s.after)
      if (a.missing_value && a.type.ends_with("[]") && holds_a_null(*a.missing_value)) column = a.name;
  if (column.empty()) co_return refusals_list{};
  const auto rows = co_await c.execute(
      postgres::sql("SELECT reset_val = 'off' AS off FROM pg_catalog.pg_settings WHERE name = 'array_nulls'"));
  if (!rows.front().get<bool>("off")) co_return refusals_list{};
  co_return refusals_list{
      {"array_nulls", fmt::format("The default of column {} holds a NULL in an array, and array_nulls is off.", column),
       "Set array_nulls to on for the daemon's role in this database."}};
}

// The new table has another OID than the source, and rows are the application's.
asio::awaitable<void> warn_of_oids(connection& c, plan& p) {
  const auto rows = co_await c.execute(postgres::sql(raw(sql::oid_columns)));
  for (const auto r : rows)
    p.warnings.push_back(
        fmt::format("Rows of {} name tables by their OIDs: one that names {}.{} will mean the old table.",
                    r.get<std::string>("name"), p.source.schema, p.source.name));
}

// Views, the tables at the other ends of foreign keys, partitions: 0.6 to 0.8 ms for each of 50 keys, 300 partitions,
// 1,000 views (PostgreSQL 15, two virtual processors).
void warn_of_long_locks(plan& p) {
  constexpr std::size_t many = 100;
  const auto others = p.neighbours.locks.size() + p.partitions.size();
  if (others < many) return;
  p.warnings.push_back(fmt::format(
      "The cutover hands over {} tables and views besides the table itself: about a millisecond for each, in which the "
      "application waits.",
      others));
}

std::vector<cloned_table> tables_of(const facts& f, const plan& p) {
  std::vector<cloned_table> all{{f.source, {p.ghost_schema, f.name, source_name(p), f.partition_key}}};
  for (const auto& m : f.partitions)
    all.push_back({m.table, {p.ghost_schema, m.name, qualified(m.schema, m.name), m.partition_key, m.parent, m.bound}});
  return all;
}

std::vector<std::string> clone_all(const facts& f, const plan& p) {
  auto all = clone_tables(tables_of(f, p));
  const auto place = [&](const shape& source, const std::string& schema) {
    const auto placed = place_sequences(source, schema, p.ghost_schema);
    all.insert(all.end(), placed.begin(), placed.end());
  };
  place(f.source, f.schema);
  for (const auto& m : f.partitions) place(m.table, m.schema);
  return all;
}

// The clone, and around it what the statements may look at.
asio::awaitable<refusals_list> build_clone(connection& c, const plan& p, std::string job_schema, composition& parts) {
  const auto& f = parts.source;
  auto& stand = parts.stand;
  parts.decoy = co_await read_decoys(c, f.oid, p.ghost_schema);
  parts.sequences = co_await read_owned_sequences(c, f.oid);
  parts.clone = clone_all(f, p);
  auto open = fmt::format("CREATE SCHEMA {0}; GRANT USAGE, CREATE ON SCHEMA {0} TO {1}; ", identifier(p.ghost_schema),
                          identifier(f.owner));
  co_await c.script(raw(open + create_settling(p)));
  stand.ghost_schema = p.ghost_schema;
  stand.source = {f.schema, f.name};
  stand.clone = ghost_name(p);
  for (const auto& m : f.partitions) stand.partitions.push_back({m.schema, m.name});
  for (const auto& k : f.neighbours.foreign_keys)
    if (!is_of_tree(f, k.other)) co_await add_shell(c, stand, k.other);
  auto texts = co_await retarget_all(c, parts.request, p, f, stand);
  parts.statements = std::move(texts.statements);
  auto no = std::move(texts.no);
  if (no.empty()) no = co_await add_twins(c, f, stand);
  if (!no.empty()) co_return no;
  co_await run_all(c, p, parts.clone);
  no = co_await refuse_dressed_clone(c, f, p);
  if (no.empty()) no = co_await refuse_guarded_drops(c, p);
  if (!no.empty()) co_return no;
  no = co_await find_operators(c, f, stand);
  if (!no.empty()) co_return no;
  co_await run_all(c, p, hang_on(f.neighbours, stand));
  co_await run_all(c, p, parts.decoy.create);
  auto onlookers =
      postgres::script_of(look_on(f.neighbours, stand)) + postgres::script_of(hang_on_twins(f.neighbours, stand));
  if (!onlookers.empty() && !stand.path.empty())
    onlookers = fmt::format("SET LOCAL search_path = {}; {}; SET LOCAL search_path = pg_catalog, pg_temp", stand.path,
                            onlookers);
  if (!onlookers.empty()) co_await c.script(raw(std::move(onlookers)));
  no = co_await refuse_other_operators(c, f, stand);
  if (no.empty()) no = co_await label_clone(c, f, p);
  if (no.empty()) no = co_await refuse_what_means_the_source(c, f, job_schema);
  if (!no.empty()) co_return no;
  const auto clone = co_await oid_of(c, ghost_name(p));
  co_return co_await look_at_onlookers(c, clone, parts.onlookers, true);
}

// Runs the statements on it, and reads what they did.
asio::awaitable<refusals_list> alter_clone(connection& c, const plan& p, std::string job_schema, composition& parts) {
  auto as_copied = p;  // about as the copy reads expressions: which key it goes by comes out later
  for (const auto* key : key_candidates(parts.source.source))
    as_copied.forward.operator_path = with_operators(as_copied.forward.operator_path, key->operator_schemas);
  parts.stages = co_await run_statements(c, parts.request, parts.statements, std::move(as_copied), parts.before);
  auto no = refusals::values(parts.stages, parts.sequences);
  if (no.empty()) no = co_await refuse_nulls_that_would_be_texts(c, parts.stages);
  if (no.empty()) no = co_await refuse_statements_that_mean_the_source(c, parts.source, p, std::move(job_schema));
  if (!no.empty()) co_return no;
  parts.after = co_await read_shape(c, parts.before.oid);
  no = co_await look_at_onlookers(c, parts.before.oid, parts.onlookers, false);
  if (!no.empty()) co_return no;
  parts.neighbours = co_await read_neighbourhood(c, parts.before.oid, p.ghost_schema);
  no = refusals::evaluated(parts.neighbours);
  if (!no.empty()) co_return no;
  for (const auto& m : parts.source.partitions) {
    const auto oid = co_await oid_of(c, qualified(p.ghost_schema, m.name));
    auto partition = co_await read_shape(c, oid);
    parts.partitions.push_back(std::move(partition));
    if (m.has_neighbours) co_await read_partition_neighbourhood(c, oid, m.name, p.ghost_schema, parts.neighbours);
  }
  co_await read_twins(c, parts.stand);
  co_return co_await objections_to(c, parts);
}

// Composes the plan from what the catalog says before and after the statements. altering: the clone stands, and it is
// the user's statements that PostgreSQL objects to.
asio::awaitable<outcome> try_out(connection& c, plan p, std::string job_schema, composition parts, bool& altering) {
  auto no = co_await build_clone(c, p, job_schema, parts);
  if (!no.empty()) co_return no;
  const auto clone = co_await oid_of(c, ghost_name(p));
  parts.before = co_await read_shape(c, clone);
  altering = true;
  no = co_await alter_clone(c, p, std::move(job_schema), parts);
  if (!no.empty()) co_return no;
  auto made = compose(std::move(p), parts);
  if (auto* done = std::get_if<plan>(&made)) {
    done->stream_obstacle = co_await stream_obstacle(c, *done);
    co_await warn_of_oids(c, *done);
    warn_of_long_locks(*done);
  }
  co_return made;
}

// A job that is under way has its schema already: within this transaction it is called something else. Returns the
// schema whose triggers are the job's own.
asio::awaitable<std::string> make_room(connection& c, const plan& p) {
  const auto found =
      co_await c.execute(postgres::sql("SELECT to_regnamespace(quote_ident($1)) IS NOT NULL AS there", p.ghost_schema));
  if (!found.front().get<bool>("there")) co_return p.ghost_schema;
  const auto aside = p.ghost_schema + "_aside";
  co_await c.script(raw(fmt::format("ALTER SCHEMA {} RENAME TO {}", identifier(p.ghost_schema), identifier(aside))));
  co_return aside;
}

asio::awaitable<outcome> plan_in_transaction(connection& c, std::int64_t job, alter_request request,
                                             bool all_tables_allowed) {
  plan p;
  p.job = job;
  p.ghost_schema = fmt::format("eidolon_{}", job);
  p.old_schema = p.ghost_schema + "_old";
  const auto path = co_await c.execute(postgres::sql("SELECT reset_val FROM pg_settings WHERE name = 'search_path'"));
  p.search_path = path.front().get<std::string>("reset_val");
  for (const auto& s : request.statements) p.alter.push_back(s.text);
  p.warnings = request.warnings;

  const auto job_schema = co_await make_room(c, p);
  const auto oid = co_await find_table(c, request.table, p.search_path);
  std::optional<facts> f;
  if (oid) f = co_await read_facts(c, *oid, job_schema);
  if (!f) {
    const auto name =
        request.table.schema.empty() ? request.table.name : request.table.schema + "." + request.table.name;
    co_return refusals_list{{"unknown_table", fmt::format("There is no table {}.", name),
                             "Check the name; write schema.table when it is not on the role's search_path."}};
  }
  if (all_tables_allowed) p.published = std::exchange(f->all_tables_publications, {});
  auto refused = refusals::check(*f);
  auto ambiguous = co_await refuse_backslashes(c, request);
  std::move(ambiguous.begin(), ambiguous.end(), std::back_inserter(refused));
  if (!refused.empty()) co_return refused;
  p.source = {f->oid, f->schema, f->name, f->owner, f->definition};
  p.forward.operator_path = p.trusted_path = co_await path_for(c, p.search_path, f->owner);
  std::optional<postgres::statement_error> error;
  bool altering = false;
  composition parts;
  parts.source = *f;
  parts.request = std::move(request);
  try {
    co_return co_await try_out(c, p, job_schema, std::move(parts), altering);
  } catch (const postgres::statement_error& e) {
    error = e;
  }
  if (!refusals::is_refusal(*error)) throw *error;
  co_return refusals_list{refusals::refused_by_postgres(*error, *f, p, altering)};
}

asio::awaitable<outcome> plan_once(connection& c, std::int64_t job, alter_request request, bool all_tables_allowed) {
  std::exception_ptr failure;
  std::optional<refusal> not_read;
  outcome result;
  try {
    co_await c.script(
        raw("BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '2s'; "
            "SET LOCAL idle_in_transaction_session_timeout = '10s'; "
            "SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL check_function_bodies = off"));
    result = co_await plan_in_transaction(c, job, std::move(request), all_tables_allowed);
  } catch (const unreadable& e) {
    not_read = refusals::cannot_read(e.text);
  } catch (...) {
    failure = std::current_exception();
  }
  co_await c.rollback();
  if (failure) std::rethrow_exception(failure);
  if (not_read) co_return refusals_list{*not_read};
  co_return result;
}

bool may_pass(const outcome& made) {
  const auto* no = std::get_if<refusals_list>(&made);
  return no && std::any_of(no->begin(), no->end(), [](const refusal& r) { return r.may_pass; });
}

}  // namespace

asio::awaitable<outcome> make_plan(connection& c, std::int64_t job, request r, bool all_tables_allowed) {
  auto read = read_request(r);
  if (auto* no = std::get_if<refusals_list>(&read)) co_return std::move(*no);
  const auto& request = std::get<alter_request>(read);
  constexpr int attempts = 3;
  for (int attempt = 1;; ++attempt) {
    auto made = co_await plan_once(c, job, request, all_tables_allowed);
    if (attempt == attempts || !may_pass(made)) co_return made;
  }
}

}  // namespace eidolon::plan
