// What a session sets holds whatever the role, the database or the connection string say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "postgres/connection.hpp"
#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"

namespace eidolon::postgres {
namespace {

using test::await;
using connection_ptr = std::unique_ptr<connection>;

struct setting {
  const char *name, *hostile, *wanted;
};

const setting settings[] = {
    {"search_path", "nowhere", "pg_catalog, pg_temp"},
    {"default_transaction_isolation", "serializable", "read committed"},
    {"default_transaction_read_only", "on", "off"},
    {"default_transaction_deferrable", "on", "off"},
    {"statement_timeout", "3s", "0"},
    {"lock_timeout", "1ms", "10s"},
    {"idle_in_transaction_session_timeout", "5ms", "1min"},
    {"row_security", "on", "off"},
    {"enable_tidscan", "off", "on"},
    {"default_tablespace", "nowhere", ""},
    {"quote_all_identifiers", "on", "off"},
    {"standard_conforming_strings", "off", "on"},
    {"client_encoding", "LATIN1", "UTF8"},
    {"client_min_messages", "debug5", "warning"},
    {"client_connection_check_interval", "0", "1s"},
    {"idle_session_timeout", "5s", "0"},
    {"backend_flush_after", "0", "512kB"},
    {"default_table_access_method", "nowhere", "heap"},
    {"extra_float_digits", "-2", "3"},
    {"DateStyle", "German", "ISO, DMY"},
    {"IntervalStyle", "iso_8601", "postgres"},
    {"xmloption", "document", "content"},
    {"array_nulls", "off", "on"},
    {"synchronous_commit", "off", "local"},
    // Left as the role has them: they decide what a user's expression means.
    {"TimeZone", "Asia/Tokyo", "Asia/Tokyo"},
    {"bytea_output", "escape", "escape"},
};

TEST(session, settings_hold_against_the_roles_defaults) {
  test::role hostile{"SUPERUSER"};
  test::database db;
  for (const auto& s : settings) {
    db.server().sql("postgres", "ALTER ROLE " + hostile.name() + " SET " + s.name + " = '" + s.hostile + "'");
  }
  await([&]() -> asio::awaitable<void> {
    connect_options as_role{.conninfo = db.conninfo("user=" + hostile.name())};
    connection_ptr c = co_await connection::open(as_role);
    for (const auto& s : settings) {
      result r = co_await c->execute(sql("SELECT current_setting($1) AS value", s.name));
      EXPECT_EQ(r.front().get<std::string>("value"), s.wanted) << s.name;
    }
    result r = co_await c->execute(sql("SELECT current_setting('deadlock_timeout') AS value"));
    EXPECT_EQ(r.front().get<std::string>("value"), "20ms");
    EXPECT_FALSE(c->in_transaction());
  });
}

TEST(session, opens_for_a_role_without_rights) {
  test::role plain;
  test::database db;
  await([&]() -> asio::awaitable<void> {
    connect_options as_role{.conninfo = db.conninfo("user=" + plain.name())};
    connection_ptr c = co_await connection::open(as_role);
    result r = co_await c->execute(
        sql("SELECT current_setting('deadlock_timeout') AS deadlock, current_setting('lock_timeout') AS lock"));
    EXPECT_EQ(r.front().get<std::string>("deadlock"), "1s");
    EXPECT_EQ(r.front().get<std::string>("lock"), "10s");
  });
}

TEST(session, shortens_its_deadlock_timeout_where_that_is_granted) {
  test::role plain;
  test::database db;
  if (test::session{db.conninfo()}.value("SELECT current_setting('server_version_num')::int >= 150000") == "f") {
    GTEST_SKIP() << "GRANT SET ON PARAMETER exists from PostgreSQL 15 on";
  }
  db.sql("GRANT SET ON PARAMETER deadlock_timeout TO " + plain.name());
  await([&]() -> asio::awaitable<void> {
    connect_options as_role{.conninfo = db.conninfo("user=" + plain.name())};
    connection_ptr c = co_await connection::open(as_role);
    result r = co_await c->execute(sql("SELECT current_setting('deadlock_timeout') AS value"));
    EXPECT_EQ(r.front().get<std::string>("value"), "20ms");
  });
  db.sql("REVOKE SET ON PARAMETER deadlock_timeout FROM " + plain.name());
}

// What was met while statements were prepared is run by its one plan from then on; what comes later is not prepared.
TEST(session, prepares_what_it_is_told_to) {
  test::database db;
  await([&]() -> asio::awaitable<void> {
    connect_options options{.conninfo = db.conninfo()};
    connection_ptr c = co_await connection::open(options);
    co_await c->script(raw("SET plan_cache_mode = force_generic_plan"));
    c->prepare_statements(true);
    for (int i = 0; i < 2; ++i) {
      result r = co_await c->execute(sql("SELECT $1::int + 1 AS n", i));
      EXPECT_EQ(r.front().get<int>("n"), i + 1);
    }
    std::string refused;
    try {
      co_await c->execute(sql("SELECT 1 / $1::int", 0));
    } catch (const statement_error& e) {
      refused = e.sqlstate();
    }
    EXPECT_EQ(refused, "22012");
    c->prepare_statements(false);
    result again = co_await c->execute(sql("SELECT $1::int + 1 AS n", 7));
    EXPECT_EQ(again.front().get<int>("n"), 8);
    co_await c->execute(sql("SELECT $1::int + 2", 7));
    const auto known =
        co_await c->script(raw("SELECT statement, generic_plans FROM pg_prepared_statements ORDER BY statement"));
    EXPECT_EQ(known.size(), 2);
    EXPECT_EQ(known.front().get<std::string>("statement"), "SELECT $1::int + 1 AS n");
    EXPECT_EQ(known.front().get<int>("generic_plans"), 3);
  });
}

// Row-level security hides nothing silently: it is an error.
TEST(session, meets_row_security_with_an_error) {
  test::role plain;
  test::database db;
  db.sql(
      "CREATE TABLE public.t (i int); INSERT INTO public.t VALUES (1); ALTER TABLE public.t ENABLE ROW LEVEL SECURITY; "
      "GRANT SELECT ON public.t TO PUBLIC");
  await([&]() -> asio::awaitable<void> {
    connect_options as_role{.conninfo = db.conninfo("user=" + plain.name())};
    connection_ptr c = co_await connection::open(as_role);
    std::string state;
    try {
      co_await c->execute(sql("SELECT count(*) FROM public.t"));
    } catch (const statement_error& e) {
      state = e.sqlstate();
    }
    EXPECT_EQ(state, sqlstate::insufficient_privilege);
  });
}

}  // namespace
}  // namespace eidolon::postgres
