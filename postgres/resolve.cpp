#include "postgres/resolve.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "postgres/error.hpp"
#include "postgres/pause.hpp"

namespace eidolon::postgres {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

struct answer {
  mutable std::mutex access;
  bool there{};
  std::vector<std::string> addresses;
  std::string error;
};

void fill(answer& a, const std::string& host, const lookup& how) {
  std::vector<std::string> addresses;
  std::string error;
  try {
    addresses = how(host);
    if (addresses.empty()) error = "it has no address";
  } catch (const std::exception& e) {
    error = e.what();
  }
  const std::lock_guard lock{a.access};
  a.there = true;
  a.addresses = std::move(addresses);
  a.error = std::move(error);
}

// One thread for each host at most. Never destroyed: threads that are left at the end of the process go with it.
std::shared_ptr<answer> ask(const std::string& host, const lookup& how) {
  static auto& access = *new std::mutex;
  static auto& under_way = *new std::map<std::string, std::weak_ptr<answer>>;
  const std::lock_guard lock{access};
  auto& known = under_way[host];
  if (auto a = known.lock()) {
    const std::lock_guard its{a->access};
    if (!a->there) return a;
  }
  auto a = std::make_shared<answer>();
  try {
    std::thread{[a, host, how] { fill(*a, host, how); }}.detach();
  } catch (const std::system_error& e) {
    throw connection_error{fmt::format("host \"{}\" cannot be looked up: {}", host, e.what())};
  }
  known = a;
  return a;
}

bool is_to_be_looked_up(const std::string& name) {
  if (name.empty() || name.front() == '/' || name.front() == '@') return false;
  in6_addr ignored{};
  return inet_pton(AF_INET, name.c_str(), &ignored) != 1 && inet_pton(AF_INET6, name.c_str(), &ignored) != 1;
}

// The thread knows nothing of the event loop, which may have ended by the time it has its answer.
boost::asio::awaitable<bool> comes(const answer& a, clock::time_point end) {
  for (auto between = 1ms;; between = std::min(between * 2, std::chrono::milliseconds{20})) {
    {
      const std::lock_guard lock{a.access};
      if (a.there) co_return true;
    }
    if (clock::now() >= end) co_return false;
    co_await pause(between);
  }
}

}  // namespace

std::vector<std::string> look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (failed != 0) throw connection_error{gai_strerror(failed)};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list{found, &freeaddrinfo};
  std::vector<std::string> addresses;
  for (const auto* a = list.get(); a; a = a->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(a->ai_addr, a->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0)
      addresses.emplace_back(text.data());
  }
  return addresses;
}

boost::asio::awaitable<conninfo_hosts> resolve(conninfo_hosts hosts, std::chrono::milliseconds timeout, lookup how) {
  if (!hosts.fit_together()) co_return hosts;  // libpq says what is wrong with them
  const auto end = clock::now() + timeout;
  std::vector<std::shared_ptr<answer>> answers(hosts.size());
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const auto entry = hosts.entry(i);
    if (entry.address.empty() && is_to_be_looked_up(entry.name)) answers[i] = ask(entry.name, how);
  }
  conninfo_hosts all;
  std::string error, late;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const auto entry = hosts.entry(i);
    if (!answers[i]) {
      all.add(entry);
      continue;
    }
    const auto& a = *answers[i];
    const bool there = co_await comes(a, end);
    if (!there) {
      late = fmt::format("looking up host \"{}\" took too long", entry.name);
      continue;
    }
    for (const auto& address : a.addresses) all.add({entry.name, address, entry.port});
    if (!a.error.empty() && error.empty())
      error = fmt::format("could not translate host name \"{}\" to address: {}", entry.name, a.error);
  }
  if (all.size() == 0 && !late.empty()) throw timeout_error{late};
  if (all.size() == 0 && !error.empty()) throw connection_error{error};
  for (auto* list : {&all.names, &all.addresses, &all.ports})  // what is not given anywhere is libpq's to choose
    if (std::all_of(list->begin(), list->end(), [](const auto& x) { return x.empty(); })) list->clear();
  co_return all;
}

}  // namespace eidolon::postgres
