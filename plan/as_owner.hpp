// Running what holds the owner's or the user's expressions: defaults, checks, generated columns, USING.
//
// SET ROLE is no boundary, because an expression may call a function that resets the role and is the
// daemon's again. Such text runs inside a SECURITY DEFINER function that belongs to the table's owner:
// there PostgreSQL forbids to change the role. But the owner of a function may also alter it, and a
// SECURITY INVOKER function runs as the daemon. So every call defines it anew, in its own transaction, in which nobody
// can change it; it refuses to work for anybody else. It is not dropped, and each session has its own: of a function
// that is gone PL/pgSQL keeps what it compiled as long as the session lasts (46 kB), and PostgreSQL walks through all
// of it at each later change of a function.
//
// What the text may do to the settings by which the daemon's next statement is read is undone before it, as is what it
// leaves for another owner's text in the same session (temporary tables come before all others); what it puts off until
// COMMIT (deferred triggers, cursors WITH HOLD) is done, or undone, before, and what it prepares in the place of the
// daemon's own statements is an error.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

// What an expression of the owner's calls without a schema is looked for in these alone (plan/sql/trusted_path.sql); so
// an error that says that there is no such thing may have another reason than natively.
bool names_nothing(const postgres::statement_error& e);
inline constexpr const char* only_trusted_schemas =
    "What is named without a schema, by an event trigger's function too, is found at most where none but the owner, "
    "superusers and the daemon's role may create anything: REVOKE CREATE ON SCHEMA … FROM PUBLIC, or write the name "
    "with its schema.";

// A search_path of pg_catalog and the trusted schemas of the daemon's own path (sql/trusted_path.sql):
// functions that PostgreSQL inlines are read again under the path of whoever plans. Leaves search_path = pg_catalog.
boost::asio::awaitable<std::string> path_for(postgres::connection& c, std::string search_path, std::string owner);

// Settings by which a text is read and evaluated: the session's, for definitions that the catalog printed; those of the
// daemon's role and of the database, for what the user wrote and what is computed for rows: natively they would hold.
enum class settings { of_the_session, of_the_role };

// SET LOCAL for those that differ (session.sql): how values are written, which says nothing about how printed
// definitions are read; and, with it, how they are read.
constexpr const char* set_role_output =
    "SET LOCAL DateStyle TO DEFAULT; SET LOCAL IntervalStyle TO DEFAULT; SET LOCAL extra_float_digits TO DEFAULT; "
    "SET LOCAL quote_all_identifiers TO DEFAULT";
constexpr const char* set_role_input =
    "SET LOCAL xmloption TO DEFAULT; SET LOCAL array_nulls TO DEFAULT; SET LOCAL transform_null_equals TO DEFAULT";
// And back: for the session, because what ran may have set them for it.
constexpr const char* set_session_settings =
    "SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET extra_float_digits = 3; SET quote_all_identifiers = "
    "off; "
    "SET xmloption = content; SET array_nulls = on; SET transform_null_equals = off";

// How the daemon's next statement is read, whatever ran may have set for the session. A text that the server takes for
// another encoding than it was quoted in, or reads with other rules for backslashes, may end where its writer did not
// end it: the catalog prints definitions for the rules of standard_conforming_strings = on.
// Nor is a cursor left that would be read at COMMIT, as the daemon, a channel on which others could fill its memory, or
// anything temporary.
constexpr const char* set_session_input =
    "SET search_path = pg_catalog, pg_temp; SET client_encoding = 'UTF8'; SET standard_conforming_strings = on; "
    "SET backslash_quote = safe_encoding; SET row_security = off; "
    "SET check_function_bodies = off; "
    "CLOSE ALL; UNLISTEN *; DISCARD TEMP";

// The table in the job's schema that the functions below need.
std::string create_settling(const plan& p);

// What follows needs the job's schema, in which the owner may create. Names and operators are found under
// p.forward.operator_path, those of printed definitions (what is run with settings::of_the_session) under
// p.trusted_path, and for another role under the path for it.

// One or several statements; the rows that the last one processed.
boost::asio::awaitable<std::int64_t> run_as_owner(postgres::connection& c, const plan& p, std::string text,
                                                  settings s = settings::of_the_role);

// One after the other, under the role's settings; the rows that all of them processed.
boost::asio::awaitable<std::int64_t> run_all_as_owner(postgres::connection& c, const plan& p,
                                                      std::vector<std::string> statements);

// The same under the session's settings as another role, on behalf of whom something is done that only its own
// expressions can spoil.
boost::asio::awaitable<std::int64_t> run_as(postgres::connection& c, const plan& p, std::string owner,
                                            std::string text);

// A query; columns is its column definition list ("n bigint, example text").
boost::asio::awaitable<postgres::result> ask_as_owner(postgres::connection& c, const plan& p, std::string query,
                                                      std::string columns, settings s = settings::of_the_role);

}  // namespace eidolon::plan
