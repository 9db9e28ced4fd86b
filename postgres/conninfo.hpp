// What the daemon itself must know of a connection string: whether it can be parsed, how long
// to wait, and which hosts it names.
//
// libpq tries the hosts in turn but leaves deadlines to the caller, and gives no way to
// abandon one host for the next: a host that does not answer, in front of one that does, would
// keep the daemon out for ever. So the list is known here, and connecting begins again behind such a host.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eidolon::postgres {

struct conninfo_host {
  std::string name, address, port;  // each may be empty
};

struct conninfo_hosts {
  std::vector<std::string> names, addresses, ports;  // as in the string; each may be empty, or of one entry for all

  std::size_t size() const;
  bool fit_together() const;  // the lists are of the same length where libpq wants it
  conninfo_host entry(std::size_t position) const;
  void add(const conninfo_host& h);
  // The position of the host that libpq calls so (PQhost, PQport), not before `from`; size() when it is not there.
  std::size_t find(std::string_view host, std::string_view port, std::size_t from) const;
  // The lists from a position on, in libpq's format.
  std::string names_from(std::size_t position) const;
  std::string addresses_from(std::size_t position) const;
  std::string ports_from(std::size_t position) const;
};

struct parsed_conninfo {
  std::optional<std::chrono::milliseconds> connect_timeout;
  conninfo_hosts hosts;
};

// Throws connection_error when it cannot be parsed, without quoting it: it can hold a password.
parsed_conninfo parse_conninfo(const std::string& conninfo);

}  // namespace eidolon::postgres
