#include "daemon/sd_notify.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace eidolon::daemon {
namespace {

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t n{};
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return error == std::errc{} && rest == text.data() + text.size() ? std::optional{n} : std::nullopt;
}

// The watchdog may be meant for another process: a wrapper that started this one.
bool watchdog_is_ours() {
  const auto pid = environment("WATCHDOG_PID");
  return pid.empty() || number(pid) == ::getpid();
}

// systemd compares RELOADING=1 with its own clock (notify-reload services).
std::int64_t monotonic_microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1'000;
}

}  // namespace

service_notifier::service_notifier() : service_notifier{std::string{environment("NOTIFY_SOCKET")}} {
  const auto allowed = number(environment("WATCHDOG_USEC"));
  if (!socket_path_.empty() && allowed && *allowed > 0 && watchdog_is_ours()) {
    keep_alive_every_ = std::chrono::microseconds{*allowed / 2};
  }
}

service_notifier::service_notifier(std::string socket_path) : socket_path_{std::move(socket_path)} {}

void service_notifier::ready() const { send("READY=1"); }
void service_notifier::reloading() const {
  send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", monotonic_microseconds()));
}
void service_notifier::stopping() const { send("STOPPING=1"); }
void service_notifier::keep_alive() const { send("WATCHDOG=1"); }

// What cannot be sent is dropped: the daemon works without a service manager that listens.
void service_notifier::send(std::string_view message) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket_path_.empty() || socket_path_.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, socket_path_.data(), socket_path_.size());
  if (socket_path_.front() == '@') address.sun_path[0] = '\0';  // the abstract namespace
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_path_.size());
  ::sendto(fd, message.data(), message.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), length);
  ::close(fd);
}

}  // namespace eidolon::daemon
