// Whether a definition that PostgreSQL printed means the same when it is read again. IS DISTINCT FROM, NULLIF,
// CASE x WHEN, JOIN USING and comparisons of rows are printed without the schema of their operator (ruleutils.c), which
// is then looked for along the search_path: that of citext is an extension's, and where it is not found there is
// another one, of text, to which citext is cast.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "plan/facts.hpp"
#include "plan/refusal.hpp"
#include "plan/stand_ins.hpp"
#include "postgres/connection.hpp"

namespace eidolon::plan {

// Adds to the stand-ins the schemas of the operators that are used by what hangs on the table, as far as they are
// trusted, and a search_path of these: by whom everything belongs to, or else by superusers and the daemon's role
// alone, for an operator of the table's owner is not to come into a view of somebody else. Refuses what has no stand-in
// to be compared with and uses others.
boost::asio::awaitable<std::vector<refusal>> find_operators(postgres::connection& c, const facts& f, stand_ins& s);

// Refuses what has other operators in its stand-in. Before the user's statements, which may change them.
boost::asio::awaitable<std::vector<refusal>> refuse_other_operators(postgres::connection& c, const facts& f,
                                                                    const stand_ins& s);

// A search_path with further schemas: at its beginning, after pg_catalog, or at its end.
std::string with_operators(const std::string& path, const std::vector<std::string>& schemas);
std::string with_operators_at_last(const std::string& path, const std::vector<std::string>& schemas);

// The refusal; what: "the view app.v".
refusal reads_otherwise(const std::string& what, const std::string& operators);

}  // namespace eidolon::plan
