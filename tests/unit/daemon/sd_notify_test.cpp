// What systemd is told, seen by a socket of the test's own in its place.
#include "daemon/sd_notify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <cstdlib>
#include <filesystem>

namespace eidolon::daemon {
namespace {

namespace asio = boost::asio;
using asio::local::datagram_protocol;
using namespace std::chrono_literals;
using ::testing::MatchesRegex;

class service_manager {
 public:
  explicit service_manager(std::string address) : socket_{context_, datagram_protocol::endpoint{address}} {}
  std::string received() {
    std::array<char, 512> buffer{};
    socket_.non_blocking(true);
    return {buffer.data(), socket_.receive(asio::buffer(buffer))};
  }

 private:
  asio::io_context context_;
  datagram_protocol::socket socket_;
};

class sd_notify : public ::testing::Test {
 protected:
  sd_notify() {
    std::string name = (std::filesystem::temp_directory_path() / "eidolon-notify-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~sd_notify() override {
    std::filesystem::remove_all(directory_);
    for (const auto* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  }
  std::string path() const { return (directory_ / "notify").string(); }
  std::filesystem::path directory_;
};

TEST_F(sd_notify, sends_each_state) {
  service_manager manager{path()};
  const service_notifier notifier{path()};
  notifier.ready();
  EXPECT_EQ(manager.received(), "READY=1");
  notifier.reloading();
  EXPECT_THAT(manager.received(), MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
  notifier.keep_alive();
  EXPECT_EQ(manager.received(), "WATCHDOG=1");
  notifier.stopping();
  EXPECT_EQ(manager.received(), "STOPPING=1");
}

TEST_F(sd_notify, reaches_an_abstract_socket) {
  const auto name = path().substr(1);
  service_manager manager{std::string(1, '\0') + name};
  service_notifier{"@" + name}.ready();
  EXPECT_EQ(manager.received(), "READY=1");
}

TEST_F(sd_notify, reads_the_environment) {
  service_manager manager{path()};
  ::setenv("NOTIFY_SOCKET", path().c_str(), 1);
  ::setenv("WATCHDOG_USEC", "3000000", 1);
  const service_notifier notifier;
  notifier.ready();
  EXPECT_EQ(manager.received(), "READY=1");
  EXPECT_EQ(notifier.keep_alive_every(), 1500ms);
}

TEST_F(sd_notify, leaves_a_watchdog_alone_that_is_meant_for_another_process) {
  ::setenv("NOTIFY_SOCKET", path().c_str(), 1);
  ::setenv("WATCHDOG_USEC", "3000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid() + 1).c_str(), 1);
  EXPECT_EQ(service_notifier{}.keep_alive_every(), std::nullopt);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  EXPECT_EQ(service_notifier{}.keep_alive_every(), 1500ms);
}

TEST_F(sd_notify, does_nothing_without_a_service_manager) {
  EXPECT_EQ(service_notifier{}.keep_alive_every(), std::nullopt);
  EXPECT_NO_THROW(service_notifier{}.ready());
  EXPECT_NO_THROW(service_notifier{path()}.ready());
  EXPECT_NO_THROW(service_notifier{std::string(200, 'x')}.ready());
}

}  // namespace
}  // namespace eidolon::daemon
