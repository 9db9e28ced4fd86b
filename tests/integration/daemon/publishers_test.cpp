// A FOR ALL TABLES publication would publish the control schema, and a subscriber stops at tables that it does not
// know: a daemon that has just been pointed at such a database writes nothing to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"
#include "tests/support/daemon_process.hpp"

namespace eidolon::test {
namespace {

constexpr std::chrono::seconds patience{60};

class published_database : public testing::Test {
 protected:
  void SetUp() override {
    db_.sql("CREATE TABLE public.t (id integer PRIMARY KEY, n integer); CREATE PUBLICATION everything FOR ALL TABLES");
    daemon_.emplace(db_.conninfo());
  }
  finished_process submit(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"submit", "--table",    "public.t", "--alter", "ALTER COLUMN n TYPE bigint",
                                       "--set",  "keep_old=0s"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return daemon_->client(arguments);
  }
  std::string schemas() const { return db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon%'"); }

  database db_;
  std::optional<daemon_process> daemon_;
};

TEST_F(published_database, is_left_alone_until_the_publication_is_gone) {
  const auto refused = submit();
  EXPECT_EQ(refused.status, 1);
  EXPECT_THAT(refused.err, testing::AllOf(testing::HasSubstr("publication"), testing::HasSubstr("everything")));
  EXPECT_EQ(daemon_->client({"plan", "--table", "public.t", "--alter", "ALTER COLUMN n TYPE bigint"}).status, 1);
  EXPECT_EQ(daemon_->client({"list"}).status, 0);
  EXPECT_EQ(schemas(), "0");
  db_.sql("DROP PUBLICATION everything");
  EXPECT_TRUE(eventually([&] { return schemas() == "1"; }, patience)) << daemon_->log();
  finished_process accepted;
  const auto is_accepted = [&] {
    accepted = submit();
    return accepted.status == 0;
  };
  ASSERT_TRUE(eventually(is_accepted, patience)) << accepted.err;
  EXPECT_EQ(daemon_->wait(accepted.out.substr(0, accepted.out.find('\n')), patience), 0) << daemon_->log();
}

TEST_F(published_database, is_written_to_by_a_job_that_allows_it) {
  const auto accepted = submit({"--set", "all_tables_publications=allow"});
  ASSERT_EQ(accepted.status, 0) << accepted.err;
  EXPECT_EQ(daemon_->wait(accepted.out.substr(0, accepted.out.find('\n')), patience), 0) << daemon_->log();
}

}  // namespace
}  // namespace eidolon::test
