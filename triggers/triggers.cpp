#include "triggers/triggers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "plan/as_owner.hpp"
#include "plan/batch.hpp"
#include "plan/catalog_query.hpp"
#include "plan/change_log.hpp"
#include "plan/direction.hpp"
#include "postgres/quoting.hpp"
#include "triggers/sql.hpp"

namespace eidolon::triggers {
namespace {

using postgres::identifier;
using postgres::literal;
using postgres::qualified;
using postgres::raw;

std::string trigger_name(const plan::plan& p, std::string_view event) {
  return identifier(fmt::format("eidolon_{}_{}", p.job, event));
}

std::string function_text(const plan::plan& p, const char* name, const std::string& body) {
  return fmt::format(
      "CREATE OR REPLACE FUNCTION {}() RETURNS pg_catalog.trigger LANGUAGE plpgsql SECURITY DEFINER AS {}",
      qualified(p.ghost_schema, name), literal(body + "RETURN NULL; END"));
}

// The table's owner may fire the functions for a table of another shape. They run as the daemon's role, and so would a
// cast of the owner's to the log's type: a value of any other type is an error, before anything else is done with it.
// PostgreSQL inlines it. Not in the
// ghost's schema, where the owner could put another one beside it.
std::string same_type(const plan::plan& p) { return qualified(p.old_schema, "same_type"); }

std::string same_type_function(const plan::plan& p) {
  return fmt::format(
      "CREATE OR REPLACE FUNCTION {}(pg_catalog.anyelement, pg_catalog.anyelement) "
      "RETURNS pg_catalog.anyelement LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT $1'",
      same_type(p));
}

std::string logged_values(const plan::plan& p, int generation, const char* row) {
  std::string values;
  for (const auto& k : p.forward.key)
    values += fmt::format("{0}{1}({2}{3}, (NULL::{4}).{3})", values.empty() ? "" : ", ", same_type(p), row,
                          identifier(k.source_name), plan::log_name(p, generation));
  return values;
}

std::string insert_key(const plan::plan& p, int generation, const char* row) {
  return fmt::format("INSERT INTO {} ({}) VALUES ({}); ", plan::log_name(p, generation),
                     postgres::identifiers(plan::source_key(p.forward)), logged_values(p, generation, row));
}

// Types whose equal values have one image.
bool has_one_image(const std::string& type) {
  static const std::set<std::string, std::less<>> types{
      "smallint", "integer", "bigint", "uuid", "date", "timestamp without time zone", "timestamp with time zone"};
  return types.contains(type);
}

// An equal key with another image is another one: its ghost's row must change too. Comparing records costs 1 us. A key
// is NULL for a moment when its NOT NULL is dropped and set again in one transaction. Every name is qualified, of types
// too: a session's own temporary schema comes first for them.
std::string if_key_changed(const plan::plan& p, const std::string& then) {
  const auto& key = p.forward.key;
  const auto names = plan::source_key(p.forward);
  auto changed = fmt::format("ROW({})::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW({})::pg_catalog.record",
                             postgres::identifiers(names, "OLD."), postgres::identifiers(names, "NEW."));
  if (std::all_of(key.begin(), key.end(), [](const auto& k) { return has_one_image(k.source_type); })) {
    changed.clear();
    for (const auto& name : names)
      changed += fmt::format("{0}(OLD.{1} OPERATOR(pg_catalog.<>) NEW.{1}) IS NOT FALSE", changed.empty() ? "" : " OR ",
                             identifier(name));
  }
  return fmt::format("IF {} THEN {}END IF; ", changed, then);
}

// Looks at the log's size for one entry in a thousand, chosen by the clock: a look costs as much as half an entry does,
// and this 0.1 us. RETURNING ctid, which would tell where each entry went, costs 0.4 us (an entry: 2 us).
std::string insert_and_look(const plan::plan& p, int generation, const std::string& insert, std::int64_t max_bytes) {
  if (max_bytes <= 0) return "BEGIN " + insert;
  return fmt::format(
      "BEGIN {}IF pg_catalog.date_part('microseconds', pg_catalog.clock_timestamp())::pg_catalog.int8 "
      "OPERATOR(pg_catalog.%) 1000 OPERATOR(pg_catalog.=) 0 THEN IF "
      "pg_catalog.pg_table_size({}::pg_catalog.regclass) "
      "OPERATOR(pg_catalog.>=) {} THEN PERFORM {}(); END IF; END IF; ",
      insert, literal(plan::log_name(p, generation)), max_bytes, qualified(p.ghost_schema, "stop_log"));
}

// Of an advisory lock: who replaces the functions holds it, for whoever replaces a function waits for another one who
// has done so until his transaction ends.
std::int64_t functions_lock(const plan::plan& p) { return (std::int64_t{1701405807} << 32) | (p.job & 0xffffffff); }

// Runs inside the application's transaction, as the daemon's role. What is not logged from here on is committed only
// together with the mark, and nobody else logs less before that. Who finds the lock taken goes on logging, and so does
// whose snapshot is too old to see the row that is to be marked; an error is nobody's, and gives the lock back: the log
// just grows.
std::string stop_function(const plan::plan& p) {
  const auto body = fmt::format(
      "BEGIN IF NOT pg_catalog.pg_try_advisory_xact_lock({0}) THEN RETURN; END IF; "
      "UPDATE {1} SET triggers = 'max_log'; IF NOT FOUND THEN RAISE 'unseen'; END IF; {2}; "
      "EXCEPTION WHEN OTHERS THEN RETURN; END",
      functions_lock(p), qualified(p.ghost_schema, "eidolon source"), neutralise_functions(p));
  return fmt::format("CREATE OR REPLACE FUNCTION {}() RETURNS pg_catalog.void LANGUAGE plpgsql AS {}",
                     qualified(p.ghost_schema, "stop_log"), literal(body));
}

// Of one trigger each. The function of updates looks at the key itself: a WHEN of a trigger is parsed again, from its
// stored text, by every statement (commands/trigger.c, TriggerEnabled), which costs as much as an entry.
struct event {
  const char *name, *when, *function;
};
constexpr event events[] = {
    {"insert", "INSERT", "log_new"}, {"delete", "DELETE", "log_old"}, {"update", "UPDATE", "log_update"}};

std::string functions_of_triggers(const plan::plan& p) {
  std::string list;
  for (const auto& e : events) list += (list.empty() ? "" : ", ") + qualified(p.ghost_schema, e.function) + "()";
  return list;
}

}  // namespace

std::string create_log(const plan::plan& p, int generation) {
  std::string columns;
  for (const auto& k : p.forward.key)
    columns += fmt::format("{}{} {}{}", columns.empty() ? "" : ", ", identifier(k.source_name), k.source_type,
                           k.collation.empty() ? "" : " COLLATE " + k.collation);
  return fmt::format(
      "CREATE TABLE {0} ({1}) USING heap WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false); "
      "GRANT SELECT, INSERT ON {0} TO {2}; GRANT SELECT ON {0} TO pg_database_owner",
      plan::log_name(p, generation), columns, identifier(p.source.owner));
}

// The same for every generation: each switch leaves a dead version of what it replaces, which everybody looks past who
// writes to the table, as long as an old snapshot is there.
std::string create_helpers(const plan::plan& p) { return stop_function(p) + "; " + same_type_function(p); }

std::string replace_functions(const plan::plan& p, int generation, std::int64_t max_bytes) {
  const auto function = [&](const char* name, const std::string& insert) {
    return function_text(p, name, insert_and_look(p, generation, insert, max_bytes));
  };
  const auto insert_old = insert_key(p, generation, "OLD."), insert_new = insert_key(p, generation, "NEW.");
  return function("log_new", insert_new) + "; " + function("log_old", insert_old) + "; " +
         function("log_update", insert_old + if_key_changed(p, insert_new));
}

std::string take_functions(const plan::plan& p) {
  return fmt::format("SELECT pg_catalog.pg_advisory_xact_lock({})", functions_lock(p));
}

std::string try_to_take_functions(const plan::plan& p) {
  return fmt::format("SELECT pg_catalog.pg_try_advisory_xact_lock({}) AS taken", functions_lock(p));
}

std::string neutralise_functions(const plan::plan& p) {
  std::string text;
  for (const auto& e : events) text += (text.empty() ? "" : "; ") + function_text(p, e.function, "BEGIN ");
  return text;
}

std::vector<std::string> create_triggers(const plan::plan& p) {
  std::vector<std::string> out;
  for (const auto& e : events)
    out.push_back(fmt::format("CREATE TRIGGER {} AFTER {} ON {} FOR EACH ROW EXECUTE FUNCTION {}()",
                              trigger_name(p, e.name), e.when, p.forward.from, qualified(p.ghost_schema, e.function)));
  for (const auto& e : events)
    out.push_back(fmt::format("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}", p.forward.from, trigger_name(p, e.name)));
  return out;
}

asio::awaitable<void> create_ghost(postgres::connection& c, const plan::plan& p, std::int64_t max_log) {
  const auto ghost = identifier(p.ghost_schema), owner = identifier(p.source.owner);
  auto schemas = fmt::format(
      "CREATE SCHEMA {0}; CREATE SCHEMA {1}; GRANT USAGE, CREATE ON SCHEMA {0} TO {2}; "
      "GRANT USAGE ON SCHEMA {0}, {1} TO pg_database_owner; "
      "SET LOCAL search_path = {0}, pg_catalog, pg_temp",
      ghost, identifier(p.old_schema), owner);
  co_await c.script(raw(std::move(schemas)));
  co_await c.script(raw(sql::job_tables));
  auto log = fmt::format(
      "SET LOCAL search_path = pg_catalog, pg_temp; {}{}; {}; {}; REVOKE ALL ON FUNCTION {}, {}() FROM PUBLIC; ",
      plan::create_settling(p), plan::create_checks(p), create_log(p, 1),
      create_helpers(p) + "; " + replace_functions(p, 1, max_log), functions_of_triggers(p),
      qualified(p.ghost_schema, "stop_log"));
  // PostgreSQL gives a new partition the triggers as whoever creates it.
  if (p.forward.partitioned)
    log += fmt::format("GRANT EXECUTE ON FUNCTION {} TO {}; ", functions_of_triggers(p), owner);
  co_await c.script(raw(std::move(log)));
  auto build = postgres::script_of(p.build_ghost);
  co_await plan::run_as_owner(c, p, std::move(build), plan::settings::of_the_session);
}

asio::awaitable<void> install(postgres::connection& c, const plan::plan& p) {
  // Under the lock: what is called so may be another table by now, and PostgreSQL evaluates the expressions that one is
  // partitioned by for whoever creates a trigger.
  const auto named = co_await c.execute(postgres::sql("SELECT $1::regclass::oid AS oid", p.forward.from));
  if (named.front().get<std::uint32_t>("oid") != p.source.oid)
    throw plan::source_changed{plan::source_changed::kind::definition,
                               fmt::format("{} is another table by now", p.forward.from)};
  auto text = postgres::script_of(create_triggers(p));
  co_await c.script(raw(std::move(text)));
  auto record = fmt::format(fmt::runtime(sql::record_source), fmt::arg("job_schema", identifier(p.ghost_schema)),
                            fmt::arg("source_state", plan::source_state_query()));
  co_await c.execute(postgres::sql(raw(std::move(record)), p.source.oid, p.ghost_schema));
}

asio::awaitable<void> switch_log(postgres::connection& c, const plan::plan& p, int generation, std::int64_t max_log) {
  const auto existing = co_await plan::log_generations(c, p);
  std::string text;
  if (std::find(existing.begin(), existing.end(), generation) == existing.end())
    text = create_log(p, generation) + "; ";
  co_await c.script(raw(take_functions(p) + "; " + text + replace_functions(p, generation, max_log)));
}

asio::awaitable<void> change_limit(postgres::connection& c, const plan::plan& p, int generation, std::int64_t max_log) {
  co_await c.script(raw(take_functions(p)));
  const bool full = co_await plan::has_full_log(c, p);
  if (!full) co_await c.script(raw(replace_functions(p, generation, max_log)));
}

}  // namespace eidolon::triggers
