// Sessions that fetch their numbers before they insert: nextval() locks the sequence until the end of a transaction.
#include <fmt/format.h>

#include <atomic>
#include <mutex>
#include <stop_token>
#include <thread>

#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

class held_sequences : public held_job {
 protected:
  void SetUp() override {
    held_job::SetUp();
    db_.sql(
        "CREATE SEQUENCE app.numbers START 5000 OWNED BY app.t.id; "
        "ALTER TABLE app.t ALTER id SET DEFAULT nextval('app.numbers')");
  }
};

// An attempt looks for who has the sequence, and does not lock the table in front of everybody to wait for him then.
TEST_F(held_sequences, keep_an_attempt_from_beginning) {
  submit_and_hold();
  auto holder = db_.session(), writer = db_.session();
  holder.sql("BEGIN");
  const auto number = holder.value("SELECT nextval('app.numbers')");
  std::this_thread::sleep_for(std::chrono::milliseconds{1100});
  writer.sql("SET lock_timeout = '200ms'");
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  const auto named = fmt::format("\"pid\":{}", holder.value("SELECT pg_backend_pid()"));
  EXPECT_TRUE(eventually(
      [&] {
        writer.sql("UPDATE app.t SET v = 'w' WHERE id = 7");
        return boost::json::serialize(daemon_->job(id_).at("cutover").at("blockers")).find(named) != std::string::npos;
      },
      patience))
      << told();
  EXPECT_EQ(events().find("timed_out"), std::string::npos) << events();
  holder.sql("INSERT INTO app.t (id) VALUES (" + number + "); COMMIT");
  await_state("done");
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t WHERE id = " + number), "1");
  EXPECT_EQ(db_.value("SELECT pg_get_serial_sequence('app.t', 'id')"), "app.numbers");
}

// They wait for the table while the swap waits for the sequence: the swap gives up, and comes between two of them.
TEST_F(held_sequences, fail_no_transaction_and_keep_no_swap_away) {
  std::atomic<int> inserted{0};
  std::mutex guard;
  std::string failed;
  std::vector<std::jthread> load;
  for (int i = 0; i < 3; ++i)
    load.emplace_back([&](std::stop_token stop) {
      try {
        auto s = db_.session();
        while (!stop.stop_requested()) {
          s.sql("BEGIN");
          const auto number = s.value("SELECT nextval('app.numbers')");
          std::this_thread::sleep_for(std::chrono::milliseconds{3});
          s.sql("INSERT INTO app.t (id) VALUES (" + number + "); COMMIT");
          ++inserted;
          std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
      } catch (const std::exception& e) {
        const std::lock_guard lock{guard};
        failed = e.what();
      }
    });
  submit();
  await_state("ready");
  EXPECT_EQ(daemon_->client({"cutover", id_}).status, 0);
  await_state("done");
  for (auto& one : load) one.request_stop();
  load.clear();
  EXPECT_EQ(failed, "");
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t"), std::to_string(row_count + inserted));
}

}  // namespace
}  // namespace eidolon::test
