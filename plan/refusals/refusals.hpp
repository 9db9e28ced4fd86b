// The reasons not to take a table, one file each. Every rule is a pure function of the facts, or of what the statements
// did to a clone.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan/compose.hpp"
#include "plan/facts.hpp"
#include "plan/refusal.hpp"

namespace eidolon::plan::refusals {

using list = std::vector<refusal>;

// It is added anew after the swap, on top of those of the partitions of the table that has it.
bool is_of_partitioned_table(const facts& f, const foreign_key& k);

// Of a partitioned table's foreign key, old or new, to a table that the daemon's role may not lock.
refusal may_not_lock(const std::string& referenced);

// PostgreSQL's own refusal of a statement, as opposed to trouble that may pass.
bool is_refusal(const postgres::statement_error& e);

// What PostgreSQL objects to in a script, run now; the transaction is aborted then. nullopt: nothing. Throws
// postgres::error for trouble that may pass.
boost::asio::awaitable<std::optional<postgres::statement_error>> objection(postgres::connection& c, std::string script);

// Of an error; built: the copy stood, and it was the user's statements that PostgreSQL objected to.
refusal refused_by_postgres(const postgres::statement_error& e, const facts& f, const plan& p, bool built);

// Of a definition, as PostgreSQL prints it, that cannot be parsed.
refusal cannot_read(const std::string& definition);

// Of a table that an unfinished job has.
refusal has_job(const std::string& table, std::int64_t job);
refusal publishes_all_tables(const std::string& publication);

// Of a column that one job would change in two ways that do not go together.
refusal changed_twice(const std::string& column, const std::string& what, const std::string& advice);

// Of values that would be computed more than once and differ, and of names of sequences that would.
list values(const std::vector<stage>& stages, const std::vector<owned_sequence>& sequences);

list server_too_old(const facts&);
list not_an_ordinary_table(const facts&);
list system_schema(const facts&);
list table_of_another_job(const facts&);
list extension_member(const facts&);
list not_the_owner(const facts&);
list missing_privileges(const facts&);
list inheritance(const facts&);
list partitions(const facts&);
list unlogged(const facts&);
list catalog_table(const facts&);
list foreign_keys(const facts&);
list row_security(const facts&);
list publications(const facts&);
list subscription(const facts&);
list newer_than_known(const facts&);
list dependents(const facts&);
list evaluated(const neighbourhood&);  // constants that are evaluated when their text is read
list names(const facts&);
list no_usable_key(const facts&);
list outdated_collation(const facts&);

// All that need only the facts, in this order.
list check(const facts&);

}  // namespace eidolon::plan::refusals
