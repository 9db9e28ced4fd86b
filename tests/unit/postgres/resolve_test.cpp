// Hosts as libpq is given them, so that it looks nothing up.
#include "postgres/resolve.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "postgres/error.hpp"
#include "postgres/pause.hpp"
#include "tests/support/await.hpp"

namespace eidolon::postgres {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> book(const std::string& host) {
  if (host == "one") return {"10.0.0.1"};
  if (host == "two") return {"10.0.0.2", "::2"};
  throw std::runtime_error{"nobody knows it"};
}

conninfo_hosts resolved(const std::string& conninfo, const lookup& how = book) {
  return test::await([&] { return resolve(parse_conninfo(conninfo).hosts, 5s, how); });
}

TEST(resolve, gives_an_entry_for_each_address) {
  const auto hosts = resolved("host=one,two,/run/postgresql port=1,2,3");
  EXPECT_THAT(hosts.names, ElementsAre("one", "two", "two", "/run/postgresql"));
  EXPECT_THAT(hosts.addresses, ElementsAre("10.0.0.1", "10.0.0.2", "::2", ""));
  EXPECT_THAT(hosts.ports, ElementsAre("1", "2", "2", "3"));
}

TEST(resolve, leaves_what_need_not_be_looked_up) {
  for (const auto* text : {"dbname=x", "host=/run", "host=127.0.0.1", "host=::1 port=7", "hostaddr=10.0.0.9",
                           "host=unknown hostaddr=10.0.0.9"}) {
    const auto before = parse_conninfo(text).hosts, after = resolved(text);
    EXPECT_EQ(after.names, before.names) << text;
    EXPECT_EQ(after.addresses, before.addresses) << text;
    EXPECT_EQ(after.ports, before.ports) << text;
  }
  EXPECT_THAT(resolved("host=two").ports, IsEmpty()) << "PGPORT holds";
}

TEST(resolve, passes_over_a_name_that_nobody_knows) {
  EXPECT_THAT(resolved("host=unknown,one").names, ElementsAre("one"));
  try {
    resolved("host=unknown");
    ADD_FAILURE();
  } catch (const connection_error& e) {
    EXPECT_THAT(e.what(), HasSubstr("could not translate host name \"unknown\" to address: nobody knows it"));
  }
}

TEST(resolve, lets_libpq_say_what_does_not_fit_together) {
  const auto hosts = resolved("host=one,two hostaddr=10.0.0.1,10.0.0.2,10.0.0.3");
  EXPECT_EQ(hosts.addresses.size(), 3U);
}

// A resolver that does not answer keeps nobody else waiting, and is asked once for a host.
TEST(resolve, gives_up_and_leaves_the_thread_alone) {
  static std::atomic<int> asked;
  static std::atomic<bool> answers;
  const lookup slow = [](const std::string&) -> std::vector<std::string> {
    ++asked;
    while (!answers) std::this_thread::sleep_for(1ms);
    return {"10.0.0.7"};
  };
  int ticks = 0;
  test::await([&]() -> asio::awaitable<void> {
    for (int times = 0; times < 2; ++times) {
      try {
        co_await resolve(parse_conninfo("host=slow").hosts, 100ms, slow);
        ADD_FAILURE();
      } catch (const timeout_error&) {
        ++ticks;
      }
    }
  });
  EXPECT_EQ(ticks, 2);
  const auto others = test::await([&] { return resolve(parse_conninfo("host=slow,127.0.0.1").hosts, 20ms, slow); });
  EXPECT_THAT(others.names, ElementsAre("127.0.0.1")) << "the others are not kept waiting for it";
  EXPECT_EQ(asked, 1);
  answers = true;
  EXPECT_TRUE(
      test::eventually([&] { return resolved("host=slow", slow).addresses == std::vector<std::string>{"10.0.0.7"}; }));
}

TEST(resolve, knows_localhost) { EXPECT_THAT(look_up("localhost"), testing::Not(IsEmpty())); }

}  // namespace
}  // namespace eidolon::postgres
