// The change log and the triggers that feed it.
//
// Row-level AFTER triggers, ENABLE ALWAYS, write the key of every touched row into the
// active log. Logs come in generations ("eidolon log 1", "eidolon log 2", …): the trigger functions are switched to
// another one with CREATE OR REPLACE FUNCTION, which takes no table lock, and the idle ones
// are applied and emptied. TRUNCATE needs no trigger: it gives the table another file, which
// every batch notices (plan/batch.hpp).
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "plan/batch.hpp"
#include "plan/plan.hpp"
#include "postgres/connection.hpp"

namespace eidolon::triggers {

namespace asio = boost::asio;

// ---- building (pure; exact-text tests)
std::string create_log(const plan::plan&, int generation);
// What the functions call, whichever log they write to.
std::string create_helpers(const plan::plan&);
// The functions, writing to that generation. Where a log has max_bytes (0: any), they stop logging, and with them, in
// one transaction, ends what the job has recorded of its triggers: every batch that could miss a change sees that.
std::string replace_functions(const plan::plan&, int generation, std::int64_t max_bytes);
std::string neutralise_functions(const plan::plan&);  // they do nothing: an aborted job costs nothing
// Comes before replacing them in a transaction of the daemon's: so the application, which only tries to take the lock,
// never waits for it to end; the daemon waits for the application's.
std::string take_functions(const plan::plan&);
std::string try_to_take_functions(const plan::plan&);  // does not wait, and tells whether they are: `taken`
std::vector<std::string> create_triggers(const plan::plan&);

// ---- doing
// Creates schemas, ghost, first log, functions and progress tables in the open transaction of c.
asio::awaitable<void> create_ghost(postgres::connection& c, const plan::plan& p, std::int64_t max_log);

// Creates the triggers in the open transaction of c, which holds SHARE ROW EXCLUSIVE on the
// source, and records their identity and the source's file in the job's schema.
asio::awaitable<void> install(postgres::connection& c, const plan::plan& p);

// Makes `generation` the active log, in the open transaction of c; creates it if need be. Writers
// that are in flight may go on writing to the one before until they end.
asio::awaitable<void> switch_log(postgres::connection& c, const plan::plan& p, int generation, std::int64_t max_log);

// Gives the active log, of that generation, another limit, in the open transaction of c; unless it has reached the one
// it had, and nothing is logged any more.
asio::awaitable<void> change_limit(postgres::connection& c, const plan::plan& p, int generation, std::int64_t max_log);

}  // namespace eidolon::triggers
