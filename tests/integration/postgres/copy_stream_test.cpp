// COPY through this process: what arrives, whose error is reported, and what is held in memory.
#include "postgres/copy_stream.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"

namespace eidolon::postgres {
namespace {

using test::await;

// The highest resident memory of this process since forget_peak(), in kB.
void forget_peak() { std::ofstream{"/proc/self/clear_refs"} << "5"; }
long status_kb(const std::string& field) {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(field)) return std::stol(line.substr(field.size()));
  return -1;
}

class stream : public testing::Test {
 protected:
  void SetUp() override { db_.sql("CREATE TABLE public.into (i int PRIMARY KEY, v text)"); }

  asio::awaitable<std::unique_ptr<connection>> open() const {
    connect_options o;
    o.conninfo = db_.conninfo();
    co_return co_await connection::open(o);
  }

  static raw_sql out(const std::string& query) { return raw("COPY (" + query + ") TO STDOUT (FORMAT binary)"); }
  static raw_sql in() { return raw("COPY public.into FROM STDIN (FORMAT binary)"); }

  // The SQLSTATE with which streaming the query fails; both sessions work on afterwards.
  std::string refused(const std::string& query) {
    return await([&]() -> asio::awaitable<std::string> {
      auto reader = co_await open();
      auto writer = co_await open();
      std::string state = "none";
      try {
        co_await copy_stream(*reader, out(query), *writer, in());
      } catch (const statement_error& e) {
        state = e.sqlstate();
      }
      EXPECT_TRUE(reader->usable() && writer->usable());
      const auto r = co_await reader->script(raw("SELECT 1 AS one"));
      const auto w = co_await writer->script(raw("SELECT 1 AS one"));
      EXPECT_EQ(r.size() + w.size(), 2);
      co_return state;
    });
  }

  test::database db_;
};

TEST_F(stream, carries_rows_in_the_transactions_that_are_open) {
  const auto rows = await([&]() -> asio::awaitable<std::int64_t> {
    auto reader = co_await open();
    auto writer = co_await open();
    co_await writer->script(raw("BEGIN"));
    const auto n = co_await copy_stream(
        *reader,
        out("SELECT i, CASE WHEN i % 3 > 0 THEN repeat(i::text, i % 100) END FROM generate_series(1, 20000) i"),
        *writer, in());
    EXPECT_EQ(db_.value("SELECT count(*) FROM public.into"), "0");
    co_await writer->commit();
    co_return n;
  });
  EXPECT_EQ(rows, 20000);
  EXPECT_EQ(db_.value("SELECT count(*) FROM public.into WHERE v IS NOT DISTINCT FROM CASE WHEN i % 3 > 0 THEN "
                      "repeat(i::text, i % 100) END"),
            "20000");
}

TEST_F(stream, of_no_rows_is_a_stream) {
  EXPECT_EQ(refused("SELECT 1, 'x'::text WHERE false"), "none");
  EXPECT_EQ(db_.value("SELECT count(*) FROM public.into"), "0");
}

TEST_F(stream, fails_as_the_session_that_objects_does) {
  EXPECT_EQ(refused("SELECT 1, 'x'::text FROM public.no_such_table"), "42P01") << "the reader, at once";
  EXPECT_EQ(refused("SELECT i + 0 / (5000 - i), repeat('x', 100) FROM generate_series(1, 9000) i"), "22012")
      << "the reader, in the middle";
  EXPECT_EQ(refused("SELECT i % 5000, repeat('x', 100) FROM generate_series(1, 9000) i"), "23505")
      << "the writer, in the middle";
  EXPECT_EQ(refused("SELECT 1"), "22P04") << "the writer, by the format";
  db_.sql("DROP TABLE public.into");
  EXPECT_EQ(refused("SELECT 1, 'x'::text"), "42P01") << "the writer, at once";
}

TEST_F(stream, that_loses_a_session_closes_both) {
  for (const std::string victim : {"COPY (SELECT", "COPY public.into"}) {
    // Evaluated at one row in the middle.
    const auto kill =
        "(SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND query "
        "LIKE '" +
        victim + "%')";
    await([&]() -> asio::awaitable<void> {
      auto reader = co_await open();
      auto writer = co_await open();
      bool lost = false;
      try {
        co_await copy_stream(
            *reader,
            out("SELECT i, repeat('x', 100) FROM generate_series(1, 60000) i WHERE i <> 20000 OR " + kill + " >= 0"),
            *writer, in());
      } catch (const connection_error&) {
        lost = true;
      }
      EXPECT_TRUE(lost) << victim;
      EXPECT_FALSE(reader->usable() || writer->usable()) << victim;
    });
    EXPECT_EQ(db_.value("SELECT count(*) FROM public.into"), "0") << victim;
  }
}

// 200 MB go through; the writer stops for a second at the first row while the reader could go on.
TEST_F(stream, holds_next_to_nothing) {
  db_.sql(
      "CREATE FUNCTION public.stop() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN NULL; "
      "END'; "
      "CREATE TRIGGER stop BEFORE INSERT ON public.into FOR EACH ROW WHEN (NEW.i = 1) EXECUTE FUNCTION public.stop(); "
      "CREATE FUNCTION public.skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; "
      "CREATE TRIGGER swallow BEFORE INSERT ON public.into FOR EACH ROW EXECUTE FUNCTION public.skip()");
  await([&]() -> asio::awaitable<void> {
    auto reader = co_await open();
    auto writer = co_await open();
    forget_peak();
    const auto before = status_kb("VmRSS:");
    co_await copy_stream(*reader, out("SELECT i, repeat('x', 2000) FROM generate_series(1, 100000) i"), *writer, in());
    const auto peak = status_kb("VmHWM:");
    EXPECT_GT(before, 0);
    EXPECT_GE(peak, before) << "the peak was not forgotten";
    EXPECT_LT(peak - before, 4'000) << "kB";
  });
}

}  // namespace
}  // namespace eidolon::postgres
