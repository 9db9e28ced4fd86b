// COPY from one session into another, through this process and without a copy of it here: what
// has been read is written before more is read.
//
// Back-pressure goes both ways. The reader's server stops when its socket is full, and it is read only while the
// writer has taken everything; the writer waits for data like any COPY. What is held here is one buffer of rows, and
// libpq's own, which grow to the longest row.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "postgres/connection.hpp"

namespace eidolon::postgres {

// Runs `out` (COPY … TO STDOUT) on the reader and `in` (COPY … FROM STDIN) on the writer, both in the same format,
// binary; returns the rows written. Each session may be in a transaction, which stays open.
//
// Throws statement_error of the session that objected (the writer's first; a COPY that the other one's error ended is
// not mentioned) and connection_error; no deadline. Both connections remain usable after a statement_error. After
// connection_error, or cancelled, both are closed, and their statements cancelled.
asio::awaitable<std::int64_t> copy_stream(connection& reader, raw_sql out, connection& writer, raw_sql in);

}  // namespace eidolon::postgres
