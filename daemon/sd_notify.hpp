// Tells systemd how the daemon is (sd_notify(3)), without libsystemd: datagrams to the socket
// that the environment names. Outside systemd every call does nothing.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace eidolon::daemon {

class service_notifier {
 public:
  service_notifier();                                  // $NOTIFY_SOCKET, $WATCHDOG_USEC, $WATCHDOG_PID
  explicit service_notifier(std::string socket_path);  // '@' first: an abstract socket; empty: none

  void ready() const;
  void reloading() const;  // followed by ready() once the reload is done
  void stopping() const;
  void keep_alive() const;

  // How often keep_alive() has to be called: half of what systemd allows. nullopt: never.
  std::optional<std::chrono::microseconds> keep_alive_every() const { return keep_alive_every_; }

 private:
  void send(std::string_view message) const;

  std::string socket_path_;
  std::optional<std::chrono::microseconds> keep_alive_every_;
};

}  // namespace eidolon::daemon
