// How a row of the source becomes a row of the ghost. Pure.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "plan/compose.hpp"

namespace eidolon::plan {

// The column of that number, or nullptr.
const column* by_number(const std::vector<column>& columns, int number);

// Whether a column that a statement added has a value of its own in each row. One value for all rows is known already.
bool is_computed_for_each_row(const column& added);

// Select lists that turn the source's columns into the ghost's, statement by statement, up to the last one that renames
// or computes: what later ones do, the assignment to the ghost's columns does.
std::vector<std::string> stage_lists(const std::vector<stage>& stages);

// The columns that the copy fills; generated ones and new identities are left out: PostgreSQL fills them.
std::vector<column_mapping> map_columns(const composition& parts);

// The key of `candidate` (an index of the source) in the ghost; nullopt when the alteration drops
// one of its columns, or changes it in a way that could merge rows.
std::optional<std::vector<key_column>> map_key(const composition& parts, const index& candidate);

}  // namespace eidolon::plan
