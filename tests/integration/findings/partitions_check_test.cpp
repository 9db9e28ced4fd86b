// A chunk of a partition looks at that partition alone, and at the whole now and then.
#include "batches.hpp"
#include "partitions.hpp"

namespace eidolon::test {
namespace {

using postgres::connection;
using changed = std::optional<plan::source_changed::kind>;
using kind = plan::source_changed::kind;

class partitions_checked : public partitions {
 protected:
  void hold_and_mark() {
    submit_and_hold();
    ASSERT_EQ(daemon_->stop(), 0);
    plan_ = plan_of(db_, id_);
    mark();
    ASSERT_EQ(marks_.size(), 3U);
  }

  void mark() {
    with_connection(db_, [&](connection& c) -> boost::asio::awaitable<void> {
      plan::batch b{plan::isolation::repeatable_read, {plan::source_name(plan_) + " IN ACCESS SHARE MODE"}};
      auto body = [&](connection& t) { return plan::mark_partitions(t, plan_); };
      marks_ = co_await plan::in_batch(c, plan_, fence_of(db_), std::move(b), body);
    });
  }

  // What a batch says that looks at partition number n (from 0) alone.
  changed seen_by(std::size_t n) {
    changed seen;
    with_connection(db_, [&](connection& c) -> boost::asio::awaitable<void> {
      const auto f = fence_of(db_);
      plan::batch b{plan::isolation::read_committed, {}, "", marks_[n]};
      try {
        co_await plan::open_batch(c, plan_, f, std::move(b));
      } catch (const plan::source_changed& e) {
        seen = e.changed;
      }
      co_await c.rollback();
    });
    return seen;
  }

  plan::plan plan_;
  std::vector<plan::partition_mark> marks_;
};

TEST_F(partitions_checked, alone_and_with_what_concerns_them_all) {
  hold_and_mark();
  EXPECT_EQ(seen_by(0), changed{});
  db_.sql("ALTER TABLE app.t_2 DISABLE TRIGGER ALL; ALTER TABLE app.t_2 ENABLE TRIGGER ALL");
  EXPECT_EQ(seen_by(0), changed{}) << "that is not the one it reads";
  EXPECT_EQ(seen_by(1), kind::triggers);
  const auto source = job_schema() + ".\"eidolon source\"";
  db_.sql("UPDATE " + source + " SET triggers = 'max_log'");
  EXPECT_EQ(seen_by(0), kind::log) << "the log has an end";
}

TEST_F(partitions_checked, for_another_file) {
  hold_and_mark();
  db_.sql("TRUNCATE app.t_3");
  EXPECT_EQ(seen_by(0), changed{});
  EXPECT_EQ(seen_by(2), kind::file);
}

// The same names on other columns: a chunk would take one for the other.
TEST_F(partitions_checked, for_another_definition) {
  hold_and_mark();
  db_.sql("ALTER TABLE app.t RENAME n TO x; ALTER TABLE app.t RENAME slot TO n; ALTER TABLE app.t RENAME x TO slot");
  for (std::size_t n = 0; n < 3; ++n) EXPECT_EQ(seen_by(n), kind::definition);
  db_.sql("ALTER TABLE app.t RENAME n TO x; ALTER TABLE app.t RENAME slot TO n; ALTER TABLE app.t RENAME x TO slot");
  EXPECT_EQ(seen_by(0), changed{});
  db_.sql("ALTER TABLE app.t_1 ALTER n SET DEFAULT 4");
  EXPECT_EQ(seen_by(0), kind::definition);
}

TEST_F(partitions_checked, under_the_epoch) {
  hold_and_mark();
  std::string state;
  with_connection(db_, [&](connection& c) -> boost::asio::awaitable<void> {
    const plan::fence stale{fence_of(db_).epoch - 1};
    plan::batch b{plan::isolation::read_committed, {}, "", marks_[0]};
    try {
      co_await plan::open_batch(c, plan_, stale, std::move(b));
    } catch (const postgres::statement_error& e) {
      state = e.sqlstate();
    }
  });
  EXPECT_EQ(state, postgres::sqlstate::fenced);
}

// A job of an older version has no function for it, and somebody else's is not asked.
TEST_F(partitions_checked, all_together_where_the_function_is_not_the_daemons) {
  hold_and_mark();
  const auto function = job_schema() + ".check_partition(oid, text)";
  const role other;
  db_.sql("ALTER FUNCTION " + function + " OWNER TO " + other.name());
  mark();
  EXPECT_TRUE(marks_.empty());
  db_.sql("DROP FUNCTION " + function);
  mark();
  EXPECT_TRUE(marks_.empty());
}

// Not only when every partition has been copied.
TEST_F(partitions_checked, as_a_whole_while_they_are_copied) {
  db_.sql("INSERT INTO app.t SELECT i, i, repeat('v', 400), i FROM generate_series(3001, 49000) AS i");
  submit("ALTER COLUMN n TYPE bigint",
         {"--set", "workers=1", "--set", "chunk_target=10ms", "--set", "copy_ratio=0.02"});
  await_state("copying");
  ASSERT_TRUE(eventually(
      [&] {
        return db_.value("SELECT coalesce(sum(next_block - first_block), 0) > 0 FROM " + job_schema() +
                         ".\"eidolon lane\"") == "t";
      },
      patience));
  db_.sql("ALTER TABLE app.t DETACH PARTITION app.t_1");
  expect_clean_failure("source_altered");
  EXPECT_EQ(daemon_->job(id_).at("timings").at("states").as_object().count("indexing"), 0U) << told();
}

}  // namespace
}  // namespace eidolon::test
