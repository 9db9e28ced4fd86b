// Jobs on a table in the middle of its neighbours, while an application works with all of them (tests/support/web.hpp).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"
#include "tests/support/daemon_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/web.hpp"

namespace eidolon::test {
namespace {

constexpr std::chrono::seconds patience{120};
constexpr const char* new_shape =
    "ALTER TABLE app.orders ALTER COLUMN id TYPE bigint, ADD COLUMN extra integer DEFAULT 7; "
    "ALTER TABLE app.orders RENAME COLUMN remark TO remarks";

std::string in_words(const std::vector<std::string>& lines) {
  return fmt::format("{} in all\n{}", lines.size(),
                     fmt::join(lines.begin(), lines.begin() + std::min<std::ptrdiff_t>(std::ssize(lines), 10), "\n"));
}

class neighbours_under_load : public testing::Test {
 protected:
  void TearDown() override { RecordProperty("seed", std::to_string(seed())); }

  std::string submit(const std::string& table, const std::string& alter, std::vector<std::string> more = {}) {
    if (!daemon_) daemon_.emplace(db_.conninfo(daemon_user_));
    std::vector<std::string> arguments{"--set", "chunk_target=20ms", "--set", "workers=1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return daemon_->submit(table, alter, arguments);
  }

  std::string told(const std::string& id) const {
    return boost::json::serialize(daemon_->job(id)) + "\n" + daemon_->client({"--json", "events", id}).out + "\n" +
           daemon_->log() + in_words(load_.failures()) + "\n" + server_log_of_the_daemon();
  }

  std::string server_log_of_the_daemon() const {
    std::istringstream lines{db_.server().log()};
    std::string found;
    for (std::string line; std::getline(lines, line);)
      if (line.find("eidolon") != std::string::npos) found += line + "\n";
    return found;
  }

  void await_state(const std::string& id, const std::string& state) {
    ASSERT_EQ(daemon_->wait(id, patience, state), 0) << told(id);
  }

  // The whole way of a job, and the load goes on after it.
  void alter(const std::string& table, const std::string& clauses) {
    const auto keys = foreign_keys();
    const auto id = submit(table, clauses, {"--set", "keep_old=0s"});
    ASSERT_EQ(daemon_->wait(id, patience), 0) << told(id);
    EXPECT_TRUE(load_.goes_on()) << in_words(load_.failures());
    EXPECT_EQ(foreign_keys(), keys) << told(id);
  }

  void expect_that_all_holds() {
    load_.stop();
    EXPECT_TRUE(load_.failures().empty()) << in_words(load_.failures());
    const auto different = load_.differences();
    EXPECT_TRUE(different.empty()) << in_words(different) << "\nEIDOLON_TEST_SEED=" << seed();
    const auto broken = broken_foreign_keys(db_);
    EXPECT_TRUE(broken.empty()) << in_words(broken);
    RecordProperty("told_to_try_again", std::to_string(load_.told_to_try_again()));
  }

  std::string foreign_keys() const {
    return db_.value(
        "SELECT string_agg(format('%s on %s: %s', conname, conrelid::regclass, pg_get_constraintdef(oid)), e'\\n' "
        "ORDER "
        "BY conrelid::regclass::text, conname) FROM pg_constraint WHERE contype = 'f' AND connamespace = "
        "'app'::regnamespace");
  }

  std::string type_of(const std::string& table, const std::string& column) const {
    return db_.value(
        fmt::format("SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '{}'::regclass "
                    "AND attname = '{}'",
                    table, column));
  }

  void expect_no_traces() const {
    EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
  }

  const role application_;
  const database db_;
  std::string daemon_user_;
  web_load load_{db_, application_.name(), seed()};
  std::optional<daemon_process> daemon_;
};

TEST_F(neighbours_under_load, stay_true) {
  load_.start();
  ASSERT_TRUE(load_.goes_on());
  alter("app.orders", new_shape);
  expect_that_all_holds();
  expect_no_traces();
  EXPECT_EQ(type_of("app.orders", "id"), "bigint");
  EXPECT_EQ(type_of("app.orders", "remarks"), "text");
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.orders WHERE extra IS DISTINCT FROM 7"), "0");
}

// Every table of the web, one after the other: each is the other end of another's foreign key.
TEST_F(neighbours_under_load, are_altered_in_turn) {
  load_.start();
  ASSERT_TRUE(load_.goes_on());
  for (const auto& [table, clauses] : std::vector<std::pair<std::string, std::string>>{
           {"app.customers", "ALTER COLUMN id TYPE bigint, ALTER COLUMN last_order TYPE bigint"},
           {"app.orders", new_shape},
           {"app.lines", "ALTER COLUMN order_id TYPE bigint, DROP COLUMN what"},
           {"app.customers", "ADD COLUMN since timestamptz DEFAULT now()"}})
    ASSERT_NO_FATAL_FAILURE(alter(table, clauses)) << table;
  expect_that_all_holds();
  expect_no_traces();
  EXPECT_EQ(type_of("app.customers", "id"), "bigint");
  EXPECT_EQ(type_of("app.lines", "order_id"), "bigint");
}

// The old table has the rows of the moment of the swap, and nothing that refers to them.
TEST_F(neighbours_under_load, may_be_emptied_while_the_old_table_is_kept) {
  load_.start();
  ASSERT_TRUE(load_.goes_on());
  const auto id = submit("app.orders", new_shape, {"--set", "keep_old=24h"});
  await_state(id, "retaining");
  EXPECT_TRUE(load_.goes_on());
  expect_that_all_holds();
  const auto old_rows = fmt::format("SELECT count(*) FROM eidolon_{}_old.orders", id);
  const auto kept = db_.value(old_rows);
  auto s = db_.session();
  s.sql("UPDATE app.customers SET id = -id WHERE number = 1");
  s.sql("DELETE FROM app.customers WHERE number IN (1, 2)");
  s.sql("DELETE FROM app.orders WHERE number % 100 = 55");
  s.sql("DELETE FROM app.customers");
  EXPECT_EQ(s.value("SELECT (SELECT count(*) FROM app.orders) + (SELECT count(*) FROM app.lines)"), "0");
  EXPECT_EQ(db_.value(old_rows), kept);
  ASSERT_EQ(daemon_->client({"drop-old", id}).status, 0);
  await_state(id, "done");
  expect_no_traces();
}

// With the privileges of deploy/grants.sql, and what hangs on the table belongs to several owners.
class neighbours_of_many_owners : public neighbours_under_load {
 protected:
  void SetUp() override {
    db_.sql(fmt::format(
        "ALTER SCHEMA app OWNER TO {0}; ALTER TABLE app.orders OWNER TO {0}; ALTER TABLE app.audit OWNER TO {0}; "
        "ALTER SEQUENCE app.other_keys OWNER TO {0}; ALTER FUNCTION app.audit() OWNER TO {0}; "
        "ALTER TABLE app.customers OWNER TO {1}; ALTER TABLE app.lines OWNER TO {1}; ALTER PUBLICATION changes OWNER "
        "TO {0}; "
        "ALTER VIEW app.open_orders OWNER TO {2}; ALTER VIEW app.sums OWNER TO {2}; "
        "ALTER FUNCTION app.sum_in_sql(integer) OWNER TO {2}; ALTER STATISTICS app.of_orders OWNER TO {2}; "
        "GRANT USAGE ON SCHEMA app TO {1}, {2}; GRANT SELECT, INSERT, UPDATE, DELETE ON app.orders TO {2}; "
        "ALTER FUNCTION app.change_in_sql(integer, integer) OWNER TO {0}",
        owner_.name(), other_owner_.name(), third_owner_.name()));
    const auto done = run_process(
        {.command = {cluster::program("psql"), "-X", "-q", "-d", db_.conninfo(), "-v", "daemon=" + user_.name(), "-v",
                     "database=" + db_.name(), "-v",
                     fmt::format("owners={}, {},{}", owner_.name(), other_owner_.name(), third_owner_.name()), "-f",
                     EIDOLON_SOURCE_DIR "/deploy/grants.sql"}});
    ASSERT_EQ(done.status, 0) << done.err;
    daemon_user_ = "user=" + user_.name();
  }

  void TearDown() override {
    neighbours_under_load::TearDown();
    load_.stop();
    daemon_.reset();
    // Rights on a parameter are no database's; the role could not be dropped.
    db_.sql("DROP OWNED BY " + user_.name() + " CASCADE");
    db_.sql(fmt::format("REASSIGN OWNED BY {0}, {1}, {2} TO postgres; DROP OWNED BY {0}, {1}, {2}", owner_.name(),
                        other_owner_.name(), third_owner_.name()));
  }

  const role owner_, other_owner_, third_owner_, user_;
};

TEST_F(neighbours_of_many_owners, stay_true_without_a_superuser) {
  load_.start();
  ASSERT_TRUE(load_.goes_on());
  ASSERT_NO_FATAL_FAILURE(alter("app.orders", new_shape));
  ASSERT_NO_FATAL_FAILURE(alter("app.customers", "ALTER COLUMN id TYPE bigint"));
  expect_that_all_holds();
  expect_no_traces();
  EXPECT_EQ(db_.value("SELECT rolsuper FROM pg_roles WHERE rolname = '" + user_.name() + "'"), "f");
  EXPECT_EQ(db_.value("SELECT relowner::regrole FROM pg_class WHERE oid = 'app.orders'::regclass"), owner_.name());
}

// What the application does to the neighbours while a job waits for its cutover is never undone: either the job
// fails, or the swap carries it over.
class neighbours_changed_meanwhile : public testing::TestWithParam<std::pair<const char*, const char*>> {
 protected:
  // Without the job, its triggers, and the lines with a random word that guard psql.
  std::string schema() const {
    std::istringstream dump{db_.server().pg_dump(db_.name(), {"--schema-only", "--exclude-schema=eidolon*"})};
    std::string found;
    for (std::string line; std::getline(dump, line);)
      if (!line.empty() && !line.starts_with("--") && line.find("restrict ") == std::string::npos &&
          line.find("eidolon_") == std::string::npos)
        found += line + "\n";
    return found;
  }

  const role application_;
  const database db_;
  const web_load web_{db_, application_.name(), seed(), 100};
};

TEST_P(neighbours_changed_meanwhile, are_not_undone) {
  db_.sql(
      "CREATE SCHEMA other; CREATE MATERIALIZED VIEW app.seen AS SELECT number, note FROM app.orders; "
      "CREATE UNIQUE INDEX seen_number ON app.seen (number); CREATE MATERIALIZED VIEW app.seen_again AS SELECT "
      "number FROM app.seen; CREATE VIEW app.seen_by_view AS SELECT number FROM app.seen_again; "
      "CREATE TABLE other.flags (); CREATE VIEW app.flagged AS SELECT number FROM app.orders WHERE EXISTS (SELECT FROM "
      "other.flags); CREATE FUNCTION app.is_odd(text) RETURNS boolean LANGUAGE sql AS $$ SELECT $1 = 'odd' $$; "
      "CREATE POLICY odd ON app.orders USING (app.is_odd(note)); CREATE TYPE app.kind AS ENUM ('plain', 'odd'); "
      "CREATE TRIGGER odd AFTER UPDATE ON app.orders FOR EACH ROW WHEN (new.note = 'odd'::app.kind::text) EXECUTE "
      "FUNCTION app.audit()");
  daemon_process daemon{db_.conninfo()};
  const auto id =
      daemon.submit("app.orders", "ADD COLUMN extra integer", {"--postpone-cutover", "--set", "keep_old=0s"});
  ASSERT_EQ(daemon.wait(id, patience, "ready"), 0) << daemon.log();
  db_.sql(GetParam().second);
  const auto expected = schema();
  ASSERT_EQ(daemon.client({"cutover", id}).status, 0);
  daemon.wait(id, patience);
  const auto state = daemon.state(id);
  RecordProperty("state", state);
  const bool must_be_carried_over = std::string_view{GetParam().first}.starts_with("other_name_");
  EXPECT_TRUE(state == "done" || (state == "failed" && !must_be_carried_over)) << state << daemon.log();
  auto found = schema();
  const std::string added = ",\n    extra integer";
  if (const auto at = found.find(added); at != std::string::npos) found.erase(at, added.size());
  EXPECT_EQ(found, expected) << state;
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
}

INSTANTIATE_TEST_SUITE_P(
    each, neighbours_changed_meanwhile,
    testing::Values(
        std::pair{
            "view_replaced",
            "CREATE OR REPLACE VIEW app.open_orders AS SELECT number, customer, parent, amount, note FROM app.orders "
            "WHERE amount >= 5 WITH CHECK OPTION"},
        std::pair{"view_made", "CREATE VIEW app.newer AS SELECT number FROM app.orders"},
        std::pair{"view_on_view_replaced",
                  "CREATE OR REPLACE VIEW app.sums AS SELECT number / 10 AS worker, count(*) AS orders, sum(amount) AS "
                  "amount FROM app.open_orders GROUP BY 1"},
        std::pair{"view_dropped", "DROP VIEW app.sums, app.open_orders"},
        std::pair{"view_options", "ALTER VIEW app.open_orders SET (security_barrier = true)"},
        std::pair{"view_renamed", "ALTER VIEW app.open_orders RENAME TO opened_orders"},
        std::pair{"view_column_default", "ALTER VIEW app.open_orders ALTER COLUMN note SET DEFAULT 'by the view'"},
        std::pair{"materialized_view_column_renamed",
                  "ALTER MATERIALIZED VIEW app.seen_again RENAME COLUMN number TO no"},
        std::pair{"materialized_view_index_renamed", "ALTER INDEX app.seen_number RENAME TO seen_no"},
        std::pair{"materialized_view_index_settings",
                  "ALTER INDEX app.seen_number SET (fillfactor = 50); COMMENT ON INDEX app.seen_number IS 'full'"},
        std::pair{"materialized_view_comment", "COMMENT ON COLUMN app.seen.note IS 'a note'"},
        std::pair{"materialized_view_statistics",
                  "ALTER MATERIALIZED VIEW app.seen ALTER COLUMN note SET STATISTICS 77"},
        std::pair{"materialized_view_owner", "ALTER MATERIALIZED VIEW app.seen_again OWNER TO pg_read_all_data"},
        std::pair{"view_on_materialized_view_column_renamed", "ALTER VIEW app.seen_by_view RENAME COLUMN number TO no"},
        std::pair{"identity_comment", "COMMENT ON SEQUENCE app.orders_id_seq IS 'numbers'"},
        std::pair{"policy", "ALTER POLICY visible ON app.orders USING (amount < 500)"},
        std::pair{"trigger_made",
                  "CREATE TRIGGER again AFTER INSERT ON app.orders FOR EACH ROW EXECUTE FUNCTION app.audit()"},
        std::pair{"trigger_disabled", "ALTER TABLE app.orders DISABLE TRIGGER audit"},
        std::pair{"rule_made", "CREATE RULE r AS ON DELETE TO app.orders DO ALSO NOTIFY gone"},
        std::pair{"foreign_key_added",
                  "ALTER TABLE app.lines ADD CONSTRAINT again FOREIGN KEY (order_id) REFERENCES app.orders NOT VALID"},
        std::pair{"foreign_key_dropped", "ALTER TABLE app.customers DROP CONSTRAINT customers_last_order_fkey"},
        std::pair{
            "function_replaced",
            "CREATE OR REPLACE FUNCTION app.sum_in_sql(w integer) RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC "
            "SELECT sum(amount) FROM app.orders WHERE number = w; END"},
        std::pair{"publication", "ALTER PUBLICATION changes DROP TABLE app.orders"},
        std::pair{"statistics", "ALTER STATISTICS app.of_orders SET STATISTICS 7"},
        std::pair{"grants",
                  "GRANT SELECT ON app.orders, app.open_orders TO PUBLIC; GRANT UPDATE (note) ON app.orders TO PUBLIC"},
        std::pair{"comments_on_views",
                  "COMMENT ON VIEW app.open_orders IS 'open'; COMMENT ON COLUMN app.sums.worker IS 'worker'"},
        std::pair{"comments_on_the_table",
                  "COMMENT ON TABLE app.orders IS 'new'; COMMENT ON COLUMN app.orders.note IS 'new'; COMMENT ON INDEX "
                  "app.orders_customer_idx IS 'new'"},
        std::pair{"comment_on_trigger", "COMMENT ON TRIGGER audit ON app.orders IS 'new'"},
        std::pair{"comment_on_policy", "COMMENT ON POLICY visible ON app.orders IS 'new'"},
        std::pair{"comment_on_foreign_key", "COMMENT ON CONSTRAINT orders_parent_fkey ON app.orders IS 'new'"},
        std::pair{"comment_on_foreign_key_of_another_table",
                  "COMMENT ON CONSTRAINT lines_order_id_fkey ON app.lines IS 'new'"},
        std::pair{"comment_on_statistics", "COMMENT ON STATISTICS app.of_orders IS 'new'"},
        std::pair{"comment_on_rule", "COMMENT ON RULE remember ON app.orders IS 'new'"},
        std::pair{"other_name_of_referencing_table", "ALTER TABLE app.lines RENAME TO order_lines"},
        std::pair{"other_name_of_referencing_column", "ALTER TABLE app.lines RENAME COLUMN order_id TO order_no"},
        std::pair{"other_name_of_referenced_column", "ALTER TABLE app.customers RENAME COLUMN id TO key"},
        std::pair{"other_name_of_referenced_schema", "ALTER TABLE app.customers SET SCHEMA other"},
        std::pair{"other_name_of_trigger_function", "ALTER FUNCTION app.audit() RENAME TO write_down"},
        std::pair{"other_name_of_function_in_policy", "ALTER FUNCTION app.is_odd(text) RENAME TO is_strange"},
        std::pair{"other_name_of_label_in_trigger", "ALTER TYPE app.kind RENAME VALUE 'odd' TO 'strange'"},
        std::pair{"other_name_of_type_in_trigger", "ALTER TYPE app.kind RENAME TO sort"},
        std::pair{"other_name_of_table_in_view", "ALTER TABLE other.flags RENAME TO signs"},
        std::pair{"other_name_of_schema_in_view", "ALTER SCHEMA other RENAME TO another"},
        std::pair{"other_end_dropped", "DROP TABLE app.lines"},
        std::pair{"view_moved", "ALTER VIEW app.open_orders SET SCHEMA other"},
        std::pair{"function_renamed", "ALTER FUNCTION app.sum_in_sql(integer) RENAME TO total"},
        std::pair{"statistics_renamed", "ALTER STATISTICS app.of_orders RENAME TO of_all_orders"},
        std::pair{"row_security", "ALTER TABLE app.orders DISABLE ROW LEVEL SECURITY"}),
    [](const auto& one) { return std::string{one.param.first}; });

}  // namespace
}  // namespace eidolon::test
