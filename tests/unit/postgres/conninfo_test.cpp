// The hosts and the deadline that a connection string names.
#include "postgres/conninfo.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "postgres/error.hpp"

namespace eidolon::postgres {
namespace {

using namespace std::chrono_literals;

TEST(conninfo, knows_its_hosts) {
  EXPECT_EQ(parse_conninfo("orders").hosts.size(), 0U);
  EXPECT_EQ(parse_conninfo("dbname=orders").hosts.size(), 0U);
  EXPECT_EQ(parse_conninfo("host=a").hosts.size(), 1U);
  EXPECT_EQ(parse_conninfo("host=a,b,c port=1,2,3").hosts.size(), 3U);
  EXPECT_EQ(parse_conninfo("postgresql://u@a:1,b:2/orders").hosts.size(), 2U);
  EXPECT_EQ(parse_conninfo("hostaddr=10.0.0.1,10.0.0.2").hosts.size(), 2U);
}

TEST(conninfo, finds_a_host_by_libpqs_name_for_it) {
  auto hosts = parse_conninfo("host=a,b,a port=1,2,3").hosts;
  EXPECT_EQ(hosts.find("a", "1", 0), 0U);
  EXPECT_EQ(hosts.find("a", "3", 0), 2U);
  EXPECT_EQ(hosts.find("a", "1", 1), 3U);
  EXPECT_EQ(hosts.find("x", "1", 0), 3U);
  EXPECT_EQ(parse_conninfo("host=a,b").hosts.find("b", "5432", 0), 1U);
  EXPECT_EQ(parse_conninfo("hostaddr=10.0.0.1,10.0.0.2 port=7").hosts.find("10.0.0.2", "7", 0), 1U);
}

TEST(conninfo, gives_the_rest_of_its_lists) {
  auto hosts = parse_conninfo("host=a,b,c port=1,2,3").hosts;
  EXPECT_EQ(hosts.names_from(1), "b,c");
  EXPECT_EQ(hosts.ports_from(2), "3");
  EXPECT_EQ(hosts.addresses_from(1), "");
  EXPECT_EQ(parse_conninfo("host=a,b port=7").hosts.ports_from(1), "7");
}

TEST(conninfo, knows_its_timeout) {
  EXPECT_EQ(parse_conninfo("host=a").connect_timeout, std::nullopt);
  EXPECT_EQ(parse_conninfo("host=a connect_timeout=0").connect_timeout, std::nullopt);
  EXPECT_EQ(parse_conninfo("host=a connect_timeout=3").connect_timeout, 3s);
}

TEST(conninfo, does_not_quote_what_it_cannot_parse) {
  for (const char* text : {"password=secret host", "postgresql://u:secret@[::1/db", "host='secret"}) {
    try {
      parse_conninfo(text);
      ADD_FAILURE() << text;
    } catch (const connection_error& e) {
      EXPECT_THAT(e.what(), ::testing::Not(::testing::HasSubstr("secret")));
    }
  }
}

}  // namespace
}  // namespace eidolon::postgres
