// A write rate at which one session's apply falls behind for ever, and several sessions' does not. What makes applying
// slow is a check that sleeps, so that it does not take processors to share it.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class catch_up_under_load : public held_job {
 protected:
  void SetUp() override {
    held_job::SetUp();
    db_.sql(
        "CREATE FUNCTION public.slow(n integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF "
        "current_setting('application_name') LIKE 'eidolon job % apply' AND n % 4 = 0 THEN PERFORM pg_sleep(0.005); "
        "END IF; "
        "RETURN true; END $$; ALTER TABLE app.t ADD CHECK (public.slow(id))");
    // Twice what one session can apply, which sleeps once for four rows, however long such a sleep takes here.
    constexpr int sleeps = 50;
    auto least = std::chrono::duration<double>::max();
    for (int i = 0; i < 3; ++i) least = std::min(least, time_of_sleeps(sleeps));
    rows_per_second_ = 2 * 4 * sleeps / least.count();
  }
  void TearDown() override { stop_writing(); }

  void start_writing() {
    writer_ = std::thread{[this] {
      try {
        write();
      } catch (const std::exception& e) {
        failure_ = e.what();
      }
    }};
  }
  void stop_writing() {
    stop_ = true;
    if (writer_.joinable()) writer_.join();
    EXPECT_EQ(failure_, "");
  }
  bool told_of(const std::string& what) const { return events().find(what) != std::string::npos; }
  std::string metric() const {
    const auto text = daemon_->get("/metrics").second;
    const auto line = text.find("\neidolon_catch_up_diverges{");
    if (line == std::string::npos) return "none";
    const auto end = text.find('\n', line + 1), value = text.rfind(' ', end) + 1;
    return text.substr(value, end - value);
  }

 private:
  std::chrono::duration<double> time_of_sleeps(int number) const {
    return std::chrono::duration<double>{std::stod(db_.value(
        "WITH b AS MATERIALIZED (SELECT clock_timestamp() AS t), s AS MATERIALIZED (SELECT count(pg_sleep(0.005 + 0 * "
        "extract(epoch FROM t))) FROM b, generate_series(1, " +
        std::to_string(number) + ")) SELECT extract(epoch FROM clock_timestamp() - b.t) FROM b, s"))};
  }
  void write() {
    auto s = db_.session();
    const auto began = std::chrono::steady_clock::now();
    for (int written = 0; !stop_;) {
      const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - began;
      const int due = static_cast<int>(passed.count() * rows_per_second_);
      const auto from = std::to_string(100'000 + written), to = std::to_string(100'000 + due - 1);
      s.sql("INSERT INTO app.t SELECT i, i, 'new', i FROM generate_series(" + from + ", " + to +
            ") i; SELECT pg_sleep(0.02)");
      written = due;
    }
  }

  double rows_per_second_{};
  std::thread writer_;
  std::atomic<bool> stop_{};
  std::string failure_;
};

TEST_F(catch_up_under_load, diverges_with_one_worker_and_converges_with_many) {
  submit("ALTER COLUMN n TYPE bigint", {"--set", "workers=1"});
  await_state("ready");
  EXPECT_EQ(metric(), "0");
  start_writing();
  EXPECT_TRUE(eventually([&] { return metric() == "1"; }, patience)) << told();
  EXPECT_TRUE(eventually([&] { return told_of("Catch-up does not converge"); }, patience)) << told();
  const auto warnings = boost::json::serialize(daemon_->job(id_).at("warnings"));
  EXPECT_NE(warnings.find("More workers may help"), std::string::npos) << warnings;
  ASSERT_EQ(daemon_->client({"set", id_, "workers=16"}).status, 0);
  EXPECT_TRUE(eventually([&] { return told_of("Catch-up converges again"); }, patience)) << told();
  EXPECT_TRUE(eventually([&] { return metric() == "0"; }, patience)) << told();
  stop_writing();
  finish();
}

}  // namespace
}  // namespace eidolon::test
