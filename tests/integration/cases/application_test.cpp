// A whole application's schema, tests/application: every table that has a key is altered, one after the other and all
// together; afterwards the database is what the native ALTERs make of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/support/case_directory.hpp"
#include "tests/support/cluster.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/database_image.hpp"
#include "tests/support/process.hpp"
#include "tests/support/touching_load.hpp"

namespace eidolon::test {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds patience{120};

struct alteration {
  std::string table, clauses, result;  // result: "done", or "refused:CODE"
  bool accepted() const { return result == "done"; }
  std::string statement() const { return "ALTER TABLE " + table + " " + clauses; }
};

fs::path application_directory() { return fs::path{EIDOLON_SOURCE_DIR} / "tests/application"; }

std::vector<alteration> alterations() {
  std::vector<alteration> all;
  std::ifstream in{application_directory() / "alter.txt"};
  for (std::string line; std::getline(in, line);) {
    const auto first = line.find('|'), last = line.rfind('|');
    if (first < last)
      all.push_back({line.substr(0, first), line.substr(first + 1, last - first - 1), line.substr(last + 1)});
  }
  return all;
}

int psql(const database& db, std::vector<std::string> arguments) {
  std::vector<std::string> command{cluster::program("psql"), "--no-psqlrc",           "--quiet",
                                   "--output=/dev/null",     "--set=ON_ERROR_STOP=1", "--dbname=" + db.conninfo()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const auto done = run_process({.command = std::move(command)});
  return done.status;
}

void load(const database& db) {
  for (const char* file : {"schema.sql", "rows.sql"})
    ASSERT_EQ(psql(db, {"--file", (application_directory() / file).string()}), 0) << file;
}

// The one difference on purpose: a serial's sequence becomes as wide as its column.
void widen_sequences(const database& db) {
  db.sql(
      "DO $$ DECLARE s record; BEGIN FOR s IN SELECT q.seqrelid::regclass AS name, format_type(a.atttypid, NULL) AS "
      "type "
      "FROM pg_sequence q JOIN pg_depend d ON d.objid = q.seqrelid AND d.deptype = 'a' AND d.refobjsubid > 0 "
      "JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid "
      "WHERE a.atttypid IN ('int4'::regtype, 'int8'::regtype) "
      "AND (q.seqtypid, a.atttypid) IN (('int2'::regtype, 'int4'::regtype), ('int2'::regtype, 'int8'::regtype), "
      "('int4'::regtype, 'int8'::regtype)) LOOP EXECUTE format('ALTER SEQUENCE %s AS %s', s.name, s.type); END LOOP; "
      "END $$");
}

class application_schema : public testing::Test {
 protected:
  void SetUp() override {
    if (db_.session().server_version() < 150000) GTEST_SKIP() << "the schema is for PostgreSQL 15 and later";
    load(native_);
    load(db_);
  }

  std::string submit(const daemon_process& daemon, const alteration& a) {
    auto answer = daemon.client({"submit", "--table", a.table, "--alter", a.clauses, "--set", "keep_old=0s"});
    EXPECT_EQ(answer.status, a.accepted() ? 0 : 1) << a.table << ": " << a.clauses << '\n' << answer.err;
    if (!a.accepted()) {
      EXPECT_NE(answer.err.find(a.result.substr(a.result.find(':') + 1)), std::string::npos) << answer.err;
    }
    answer.out.erase(answer.out.find_last_not_of('\n') + 1);
    return answer.out;
  }

  // What is refused is altered natively in both, where PostgreSQL lets it.
  void alter_natively(const alteration& a) {
    const int status = psql(native_, {"--command", a.statement()});
    if (!a.accepted()) {
      EXPECT_EQ(psql(db_, {"--command", a.statement()}), status) << a.statement();
    }
  }

  void expect_equal() {
    widen_sequences(native_);
    widen_sequences(db_);
    const auto different = difference(image_of(native_.server(), native_.name()), image_of(db_.server(), db_.name()));
    EXPECT_TRUE(different.empty()) << different;
  }

  const database native_, db_;
};

TEST_F(application_schema, comes_out_as_natively_table_by_table) {
  daemon_process daemon{db_.conninfo()};
  for (const auto& a : alterations()) {
    const auto id = submit(daemon, a);
    if (a.accepted() && !id.empty()) {
      EXPECT_EQ(daemon.wait(id, patience, "done"), 0) << a.statement() << '\n'
                                                      << boost::json::serialize(daemon.job(id));
    }
    alter_natively(a);
  }
  EXPECT_EQ(daemon.stop(), 0);
  expect_equal();
}

// Rows of all these tables are written the whole time, and left as they were.
TEST_F(application_schema, comes_out_as_natively_under_load) {
  std::vector<std::string> tables;
  for (const auto& a : alterations())
    if (a.accepted()) tables.push_back(a.table);
  touching_load load{db_, tables};
  load.start();
  {
    daemon_process daemon{db_.conninfo()};
    for (const auto& a : alterations()) {
      if (!a.accepted()) continue;
      load.await(10);
      const auto id = submit(daemon, a);
      EXPECT_EQ(daemon.wait(id, patience, "done"), 0) << a.statement() << '\n'
                                                      << boost::json::serialize(daemon.job(id));
    }
    load.await(10);
    load.stop();
    EXPECT_EQ(daemon.stop(), 0);
  }
  EXPECT_THAT(load.failures(), testing::IsEmpty());
  for (const auto& a : alterations()) alter_natively(a);
  // What was rolled back had its numbers all the same, from the triggers that keep a log.
  for (const std::string log : {"ops.audit_id_seq", "sales.cart_log_id_seq"})
    db_.sql("SELECT setval('" + log + "', " + native_.value("SELECT last_value FROM " + log) + ")");
  expect_equal();
}

// Each job is planned again when its turn comes, because the ones before it changed its neighbourhood.
TEST_F(application_schema, comes_out_as_natively_when_all_tables_are_submitted_at_once) {
  daemon_process daemon{db_.conninfo()};
  std::vector<std::pair<std::string, alteration>> jobs;
  for (const auto& a : alterations()) {
    if (!a.accepted()) continue;
    jobs.emplace_back(submit(daemon, a), a);
  }
  for (const auto& [id, a] : jobs) {
    EXPECT_EQ(daemon.wait(id, patience, "done"), 0) << a.statement() << '\n' << boost::json::serialize(daemon.job(id));
  }
  EXPECT_EQ(daemon.stop(), 0);
  for (const auto& a : alterations()) alter_natively(a);
  expect_equal();
}

}  // namespace
}  // namespace eidolon::test
