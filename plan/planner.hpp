// Makes a plan out of a request and the catalog, or refuses.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <variant>
#include <vector>

#include "plan/plan.hpp"
#include "plan/refusal.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

using outcome = std::variant<plan, std::vector<refusal>>;

// Runs in one transaction of c that is rolled back: it takes ACCESS SHARE on the source
// and what hangs on it, and leaves nothing behind but, for a partitioned table, prepared statements. All refusals that
// can be found are returned together. Throws postgres::error when the server cannot be asked, postgres::no_such_row
// when something is dropped while it is read. A job that is under way may be planned again, to see what hangs on its
// table now. all_tables_allowed: see config::job_settings.
boost::asio::awaitable<outcome> make_plan(postgres::connection& c, std::int64_t job, request r,
                                          bool all_tables_allowed = false);

// The qualified name of the table that the request is about ("public.orders", unquoted parts),
// without a server: for lists and error messages. Empty when the text cannot be parsed.
std::string requested_table(const request& r);

}  // namespace eidolon::plan
