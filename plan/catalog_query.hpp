// Queries of plan/sql with the parts that several of them share ({tree}, {definition}, …) put in.
#pragma once
#include <string>
#include <string_view>

namespace eidolon::plan {

std::string catalog_query(std::string_view query);
// The same for a table that is not partitioned, and can never become so: without what looks for partitions, which is
// two thirds of what a batch's check costs.
std::string catalog_query_of_plain_table(std::string_view query);

// Files of the source and state of the job's triggers on it: columns files and triggers. $1: source OID, $2: the job's
// schema. Whoever records it uses the same query as every batch, which compares.
std::string source_state_query();

}  // namespace eidolon::plan
