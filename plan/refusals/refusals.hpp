// The reasons not to take a table, one file each. Every rule is a pure function of the facts.
#pragma once
#include <vector>

#include "plan/facts.hpp"
#include "plan/refusal.hpp"

namespace eidolon::plan::refusals {

using list = std::vector<refusal>;

// It is added anew after the swap, on top of those of the partitions of the table that has it.
bool is_of_partitioned_table(const facts& f, const foreign_key& k);

// Of a partitioned table's foreign key, old or new, to a table that the daemon's role may not lock.
refusal may_not_lock(const std::string& referenced);

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
list foreign_keys(const facts&);
list row_security(const facts&);
list publications(const facts&);
list subscription(const facts&);
list dependents(const facts&);
list names(const facts&);
list no_usable_key(const facts&);

// All of them, in this order.
list check(const facts&);

}  // namespace eidolon::plan::refusals
