// Host names become addresses before libpq sees them: it would look them up on the thread that runs everything else,
// and a resolver that does not answer would stop all databases, and hold the locks of a cutover that is under way.
//
// Names that do not come from the connection string itself (PGHOST, a service file) are still libpq's to look up.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "postgres/conninfo.hpp"

namespace eidolon::postgres {

// The addresses of a host, in the resolver's order; throws std::exception with the reason. Called on a thread of its
// own.
using lookup = std::function<std::vector<std::string>(const std::string& host)>;

std::vector<std::string> look_up(const std::string& host);  // getaddrinfo

// An entry for each address of each host, with its name, which certificates and passwords go by; sockets and what is an
// address already stay as they are. A name that is not known, or not in time, is left out where another host is left. A
// lookup that is given up goes on in its thread, and whoever asks for the same host meanwhile waits for the same one.
// Throws connection_error when no host is left, timeout_error.
boost::asio::awaitable<conninfo_hosts> resolve(conninfo_hosts hosts, std::chrono::milliseconds timeout,
                                               lookup how = look_up);

}  // namespace eidolon::postgres
