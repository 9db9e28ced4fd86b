// Cancels what a session's backend is doing, without waiting for it.
//
// PQcancel connects and blocks, so it runs on a thread of its own; one thread serves the
// process. A server that cannot be reached delays later cancellations, no more: a
// closed connection ends its statement too (client_connection_check_interval).
#pragma once

struct pg_conn;

namespace eidolon::postgres {

void cancel_on_server(pg_conn* connection) noexcept;

}  // namespace eidolon::postgres
