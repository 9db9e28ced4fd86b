// A publication's subscriber goes on across the swap: it receives what was written to the old table and then what is
// written to the new one, each change once, and nothing of the copy.
#include <sstream>

#include "tests/integration/daemon/busy_job.hpp"

namespace eidolon::test {
namespace {

class logical_subscriber : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    make_tables_away();
    job_.db.sql("CREATE PUBLICATION p FOR TABLE load.t");
    job_.db.sql("SELECT pg_create_logical_replication_slot('s', 'pgoutput')");
    auto here = job_.db.session();
    away_.sql(
        fmt::format("CREATE SUBSCRIPTION s CONNECTION {} PUBLICATION p WITH (create_slot = false, slot_name = 's')",
                    here.literal(job_.db.conninfo())));
    const auto synchronized = [&] {
      return away_.value("SELECT count(*) > 0 AND bool_and(srsubstate = 'r') FROM pg_subscription_rel") == "t";
    };
    ASSERT_TRUE(eventually(synchronized, busy_job::patience)) << server_.log();
  }

  // Neither database could be dropped.
  void TearDown() override {
    away_.sql("ALTER SUBSCRIPTION s DISABLE; ALTER SUBSCRIPTION s SET (slot_name = NONE)");
    away_.sql("DROP SUBSCRIPTION s");
    const auto dropped = [&] {
      return job_.db.value(
                 "SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE NOT active") == "1";
    };
    EXPECT_TRUE(eventually(dropped, busy_job::patience));
  }

  // As an operator prepares the subscriber for what is to come.
  void make_tables_away() {
    std::istringstream dump{server_.pg_dump(job_.db.name(), {"--schema-only", "--schema=load"})};
    std::string text;
    for (std::string line; std::getline(dump, line);)
      if (!line.starts_with('\\')) text += line + '\n';
    away_.sql(text);
    away_.sql("ALTER TABLE load.t ALTER COLUMN n TYPE bigint");
  }

  static std::string content(const database& db) {
    return db.value(
        "SELECT count(*) || ' ' || md5(string_agg(line, '|' ORDER BY line)) FROM (SELECT (t.*)::text AS line "
        "FROM load.t) AS lines");
  }

  cluster server_{{.settings = {{"wal_level", "logical"}}}};
  busy_job job_{server_, GetParam()};
  database away_{server_};
};

TEST_P(logical_subscriber, receives_every_change_once) {
  job_.submit();
  job_.expect_done();
  job_.expect_books_hold();
  EXPECT_TRUE(eventually([&] { return content(away_) == content(job_.db); }, busy_job::patience))
      << content(away_) << '\n'
      << content(job_.db) << '\n'
      << server_.log();
  // A change that cannot be applied is tried again and again, and logged each time.
  EXPECT_EQ(server_.log().find("logical replication apply worker"),
            server_.log().rfind("logical replication apply worker"))
      << server_.log();
}

INSTANTIATE_TEST_SUITE_P(shapes, logical_subscriber, testing::Values("integer", "partitioned"),
                         [](const auto& one) { return std::string{one.param}; });

}  // namespace
}  // namespace eidolon::test
