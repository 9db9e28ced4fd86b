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

// A search_path of pg_catalog and the schemas of the operators that are used by what hangs on the table, as far as they
// are trusted (path_for); empty where they are all of pg_catalog.
boost::asio::awaitable<std::string> path_of_operators(postgres::connection& c, const facts& f);

// Refuses what has other operators in its stand-in. Before the user's statements, which may change them.
boost::asio::awaitable<std::vector<refusal>> refuse_other_operators(postgres::connection& c, const facts& f,
                                                                    const stand_ins& s);

// The refusal; what: "the view app.v".
refusal reads_otherwise(const std::string& what, const std::string& operators);

}  // namespace eidolon::plan
