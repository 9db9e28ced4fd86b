#include "postgres/conninfo.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <memory>

#include "postgres/error.hpp"

namespace eidolon::postgres {

namespace {

using strings = std::vector<std::string>;

strings split(std::string_view list) {
  strings parts;
  if (list.empty()) return parts;
  for (;;) {
    auto comma = list.find(',');
    parts.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    list.remove_prefix(comma + 1);
  }
}

// One entry stands for all positions.
std::string_view at(const strings& list, std::size_t position) {
  if (list.empty()) return {};
  return list.size() == 1 ? list.front() : list.at(position);
}

std::string from(const strings& list, std::size_t position) {
  std::size_t skipped = list.size() > 1 ? std::min(position, list.size()) : 0;
  return fmt::format("{}", fmt::join(list.begin() + static_cast<std::ptrdiff_t>(skipped), list.end(), ","));
}

// libpq's rule: what is neither a URI nor has an equals sign is the name of a database.
bool is_connection_string(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://") ||
         text.find('=') != std::string_view::npos;
}

// 0 and less mean no limit to libpq; here they leave the daemon's own in place.
std::optional<std::chrono::milliseconds> to_timeout(std::string_view text) {
  int seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (seconds <= 0) return std::nullopt;
  return std::chrono::seconds{seconds};
}

}  // namespace

std::size_t conninfo_hosts::size() const { return std::max(names.size(), addresses.size()); }

bool conninfo_hosts::fit_together() const {
  const bool alike = names.empty() || addresses.empty() || names.size() == addresses.size();
  return alike && (ports.size() <= 1 || ports.size() == size());
}

conninfo_host conninfo_hosts::entry(std::size_t position) const {
  return {std::string{at(names, position)}, std::string{at(addresses, position)}, std::string{at(ports, position)}};
}

void conninfo_hosts::add(const conninfo_host& h) {
  names.push_back(h.name);
  addresses.push_back(h.address);
  ports.push_back(h.port);
}

std::size_t conninfo_hosts::find(std::string_view host, std::string_view port, std::size_t from_position) const {
  for (std::size_t i = from_position; i < size(); ++i) {
    auto name = at(names, i).empty() ? at(addresses, i) : at(names, i);
    if (name == host && (at(ports, i).empty() || at(ports, i) == port)) return i;
  }
  return size();
}

std::string conninfo_hosts::names_from(std::size_t position) const { return from(names, position); }
std::string conninfo_hosts::addresses_from(std::size_t position) const { return from(addresses, position); }
std::string conninfo_hosts::ports_from(std::size_t position) const { return from(ports, position); }

parsed_conninfo parse_conninfo(const std::string& conninfo) {
  if (!is_connection_string(conninfo)) return {};
  char* problem = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{
      PQconninfoParse(conninfo.c_str(), &problem), &PQconninfoFree};
  const std::unique_ptr<char, decltype(&PQfreemem)> message{problem, &PQfreemem};
  if (!options) {
    std::string_view text = message ? message.get() : "out of memory";
    throw connection_error{fmt::format("the connection string is not valid: {}…", text.substr(0, text.find('"')))};
  }
  parsed_conninfo parsed;
  for (const auto* o = options.get(); o->keyword; ++o) {
    std::string_view keyword = o->keyword, value = o->val ? o->val : "";
    if (keyword == "host") parsed.hosts.names = split(value);
    if (keyword == "hostaddr") parsed.hosts.addresses = split(value);
    if (keyword == "port") parsed.hosts.ports = split(value);
    if (keyword == "connect_timeout") parsed.connect_timeout = to_timeout(value);
  }
  return parsed;
}

}  // namespace eidolon::postgres
