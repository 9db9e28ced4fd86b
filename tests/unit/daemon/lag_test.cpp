// Seconds of lag from log positions, on a clock that the tests set.
#include "daemon/lag.hpp"

#include <gtest/gtest.h>

namespace eidolon::daemon {
namespace {

using namespace std::chrono_literals;

const clock::time_point start{1000s};

position_history history(std::initializer_list<std::pair<clock::duration, log_position>> samples) {
  position_history h;
  for (const auto& [after, written] : samples) h.add(start + after, written);
  return h;
}

TEST(position_history, knows_nothing_at_first) {
  EXPECT_EQ(position_history{}.behind(0, start), std::nullopt);
  EXPECT_EQ(position_history{}.newest(), std::nullopt);
}

TEST(position_history, counts_from_the_first_moment_at_which_the_missing_part_was_seen) {
  const auto h = history({{0s, 100}, {1s, 200}, {2s, 300}});
  EXPECT_EQ(h.behind(300, start + 10s)->count(), 0);
  EXPECT_EQ(h.behind(299, start + 10s)->count(), 8);
  EXPECT_EQ(h.behind(200, start + 10s)->count(), 8);
  EXPECT_EQ(h.behind(199, start + 10s)->count(), 9);
  EXPECT_EQ(h.behind(50, start + 10s)->count(), 10);
}

TEST(position_history, an_idle_primary_makes_nobody_late) {
  auto h = history({{0s, 100}});
  for (int i = 1; i < 100; ++i) h.add(start + std::chrono::seconds{i}, 100);
  EXPECT_EQ(h.behind(100, start + 100s)->count(), 0);
  EXPECT_EQ(h.behind(99, start + 100s)->count(), 100);
}

TEST(position_history, stays_bounded_and_true_over_a_day) {
  position_history h;
  for (int i = 0; i < 172'800; ++i) h.add(start + i * 500ms, i * 1000);
  const auto now = start + 172'800 * 500ms;
  EXPECT_NEAR(h.behind(172'700 * 1000, now)->count(), 50, 1);
  const auto old = h.behind(1000, now)->count();
  EXPECT_LE(old, 86'400);
  EXPECT_GT(old, 1500);
}

TEST(replay_rate, is_what_a_busy_standby_replays) {
  replay_rate r;
  EXPECT_EQ(r.bytes_per_second(), std::nullopt);
  for (int i = 0; i <= 50; ++i) r.add(start + i * 200ms, i * 2'000, false);
  EXPECT_NEAR(*r.bytes_per_second(), 10'000, 1);
  for (int i = 1; i <= 20; ++i) r.add(start + 10s + i * 200ms, 100'000 + i * 1'000, false);
  EXPECT_NEAR(*r.bytes_per_second(), 5'000, 150) << "slower by now";
  for (int i = 1; i <= 40; ++i) r.add(start + 14s + i * 200ms, 120'000, false);
  EXPECT_LT(*r.bytes_per_second(), 5) << "it stands still";
}

TEST(replay_rate, of_an_idle_standby_is_no_less_than_was_seen) {
  replay_rate r;
  for (int i = 0; i <= 10; ++i) r.add(start + i * 200ms, i * 2'000, false);
  for (int i = 11; i <= 100; ++i) r.add(start + i * 200ms, 20'000 + i, true);
  EXPECT_NEAR(*r.bytes_per_second(), 10'000, 1);
}

TEST(standby_memory, misses_who_was_seen_until_it_comes_back_or_is_forgotten) {
  standby_memory m;
  m.saw("s1", start);
  m.saw("s2", start);
  const replica_lag s1{"s1", 0s, 0, "pg_stat_replication", ""}, s2{"s2", 0s, 0, "pg_stat_replication", ""};
  EXPECT_TRUE(m.missing({s1, s2}, start).empty());
  const auto missing = m.missing({s1}, start + 3s);
  ASSERT_EQ(missing.size(), 1U);
  EXPECT_EQ(missing[0].name, "s2");
  EXPECT_FALSE(missing[0].behind);
  EXPECT_NE(missing[0].error.find("3 s ago"), std::string::npos);
  EXPECT_TRUE(m.forget("s2"));
  EXPECT_FALSE(m.forget("s2"));
  EXPECT_TRUE(m.missing({s1}, start + 4s).empty());
}

TEST(standby_memory, misses_who_was_seen_by_another_daemon) {
  standby_memory m;
  m.was_seen("s1");
  const auto missing = m.missing({}, start);
  ASSERT_EQ(missing.size(), 1U);
  EXPECT_NE(missing[0].error.find("before this daemon led"), std::string::npos);
  EXPECT_FALSE(m.saw("s1", start)) << "it is known already";
  m.was_seen("s1");
  EXPECT_NE(m.missing({}, start + 3s).at(0).error.find("3 s ago"), std::string::npos);
  EXPECT_TRUE(m.saw("s2", start));
}

TEST(assess, a_streaming_standby_is_measured_by_its_position) {
  const auto h = history({{0s, 100}, {1s, 200}});
  const auto lag = assess({"s1", "streaming", 150, std::nullopt}, h, start + 4s);
  ASSERT_TRUE(lag);
  EXPECT_EQ(lag->behind->count(), 3);
  EXPECT_EQ(lag->bytes, 50);
}

TEST(assess, the_servers_own_measure_counts_while_something_is_missing) {
  const auto h = history({{0s, 100}, {1s, 200}});
  EXPECT_EQ(assess({"s1", "streaming", 150, 7.0}, h, start + 4s)->behind->count(), 7);
  EXPECT_EQ(assess({"s1", "streaming", 200, 7.0}, h, start + 4s)->behind->count(), 0)
      << "a stale measure of an idle standby";
}

TEST(assess, a_base_backup_holds_nobody) {
  EXPECT_FALSE(assess({"psql", "startup", std::nullopt, std::nullopt}, history({{0s, 1}}), start));
  EXPECT_FALSE(assess({"pg_basebackup", "backup", std::nullopt, std::nullopt}, history({{0s, 1}}), start));
}

TEST(assess, what_cannot_be_seen_cannot_be_told) {
  const auto hidden = assess({"s1", std::nullopt, std::nullopt, std::nullopt}, history({{0s, 1}}), start);
  ASSERT_TRUE(hidden);
  EXPECT_FALSE(hidden->behind);
  EXPECT_FALSE(hidden->error.empty());
  const auto fresh = assess({"s1", "catchup", std::nullopt, std::nullopt}, history({{0s, 1}}), start);
  ASSERT_TRUE(fresh);
  EXPECT_FALSE(fresh->behind);
}

TEST(replica_name, shows_host_and_port_and_no_secret) {
  EXPECT_EQ(replica_name("host=replica1 dbname=app password=secret"), "replica1");
  EXPECT_EQ(replica_name("dbname=app port=5433 host='replica1' "), "replica1:5433");
  EXPECT_EQ(replica_name("dbname=app"), "localhost");
  EXPECT_EQ(replica_name("service=standby dbname=app"), "standby");
  EXPECT_EQ(replica_name("dbname=app port=5433"), "localhost:5433");
  EXPECT_EQ(replica_name("postgresql://joe:secret@replica2:5433/app?sslmode=require"), "replica2:5433");
  EXPECT_EQ(replica_name("postgres://replica2/app"), "replica2");
  EXPECT_EQ(replica_name("postgresql:///app"), "localhost");
}

}  // namespace
}  // namespace eidolon::daemon
