// SQL for a sync_direction: the rows of `from` as rows of `to`, and the key in each of its
// forms. Pure builders; run the texts under search_path = d.operator_path.
#pragma once
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace eidolon::plan {

// Where batches read the rows of `from`.
inline const std::string& read_from(const sync_direction& d) { return d.view.empty() ? d.from : d.view; }

// Rows of `from`, as a FROM item under the alias: those that meet a filter, which refers to them through
// the alias; or those with one of the keys (a SELECT of the key's columns), each looked up through the key's index
// whatever the planner believes about the keys: OFFSET 0 keeps the look-up inside the loop.
std::string rows_where(const sync_direction& d, const std::string& filter);
std::string rows_with_keys(const sync_direction& d, const std::string& keys);

// SELECT of the mapped columns (as "to" names them) of such rows.
std::string select_rows(const sync_direction& d, const std::string& rows);

// The same with the key of `from` in front, as "eidolon key 1", …; for comparing.
std::string select_rows_with_key(const sync_direction& d, const std::string& rows);

std::string insert_columns(const sync_direction& d);           // "a", "b", …
std::vector<std::string> source_key(const sync_direction& d);  // names in `from` and in the log
std::vector<std::string> ghost_key(const sync_direction& d);   // names in `to`

// (l.key1)::ghost_type = g.key1 AND …: a key of the log against a row of `to`, and of `from`.
std::string match_ghost(const sync_direction& d, const std::string& ghost, const std::string& log);
std::string match_source(const sync_direction& d, const std::string& source, const std::string& log);

// The tables as LOCK and FROM name them, without ONLY where the rows are in their leaves; and what the source's rows
// are read from.
std::string source_table_of(const sync_direction& d);
std::string ghost_table_of(const sync_direction& d);
std::string rows_of_source(const sync_direction& d);

// ctid range [first, last) of a table's blocks, as a condition on `alias`.ctid.
std::string block_range(const std::string& alias, std::int64_t first, std::int64_t last);

}  // namespace eidolon::plan
