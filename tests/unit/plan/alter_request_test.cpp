// What a request says: tables, statements, USING expressions; and what is refused from the text alone.
#include "plan/alter_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/alter_text.hpp"
#include "plan/planner.hpp"
#include "tests/unit/plan/requests.hpp"

namespace eidolon::plan {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(request, puts_the_table_in_front_of_clauses) {
  const auto r = accepted({"public.orders", "ADD COLUMN a int, ALTER COLUMN id TYPE bigint"});
  EXPECT_EQ(r.table, (table_reference{"public", "orders"}));
  EXPECT_THAT(texts(r), ElementsAre("ALTER TABLE public.orders ADD COLUMN a int, ALTER COLUMN id TYPE bigint"));
  EXPECT_THAT(r.statements[0].retyped, ElementsAre("id"));
  EXPECT_THAT(r.statements[0].added, ElementsAre("a"));
}

TEST(request, takes_a_rename_as_a_clause) {
  EXPECT_THAT(texts(accepted({"t", "RENAME COLUMN a TO b"})), ElementsAre("ALTER TABLE t RENAME COLUMN a TO b"));
}

TEST(request, splits_whole_statements) {
  const auto r = accepted({"", "ALTER TABLE s.t ADD a text DEFAULT ';' ;\n\n ALTER TABLE s.t RENAME a TO b ; "});
  EXPECT_EQ(r.table, (table_reference{"s", "t"}));
  EXPECT_THAT(texts(r), ElementsAre("ALTER TABLE s.t ADD a text DEFAULT ';'", "ALTER TABLE s.t RENAME a TO b"));
}

// A comment at the end would swallow whatever is put behind the statement.
TEST(request, leaves_comments_around_a_statement_out) {
  EXPECT_THAT(texts(accepted({"t", "ADD a int -- the last"})), ElementsAre("ALTER TABLE t ADD a int"));
  EXPECT_THAT(texts(accepted({"",
                              "-- first\nALTER TABLE t ADD a int -- one;\n; /* two */ ALTER TABLE t /* in */ ADD b int "
                              "-- three\n;-- four"})),
              ElementsAre("ALTER TABLE t ADD a int", "ALTER TABLE t /* in */ ADD b int"));
}

TEST(request, finds_the_table_of_whole_statements) {
  EXPECT_EQ(accepted({"", "ALTER TABLE t ADD a int"}).table, (table_reference{"", "t"}));
  EXPECT_EQ(accepted({"t", "ALTER TABLE s.t ADD a int"}).table, (table_reference{"s", "t"}));
  EXPECT_EQ(accepted({"s.t", "ALTER TABLE t ADD a int"}).table, (table_reference{"s", "t"}));
  EXPECT_EQ(accepted({"", "ALTER TABLE t ADD a int; ALTER TABLE s.t ADD b int"}).table, (table_reference{"s", "t"}));
  EXPECT_EQ(accepted({"S.T", "ADD a int"}).table, (table_reference{"s", "t"}));
  EXPECT_EQ(accepted({"\"S.x\".\"T \"\"q\"\"\"", "ADD a int"}).table, (table_reference{"S.x", "T \"q\""}));
  EXPECT_EQ(accepted({"s . t", "ADD a int"}).table, (table_reference{"s", "t"}));
}

// What a name without a schema means is asked of the server, wherever it stands.
TEST(request, tells_whether_its_table_is_named_without_a_schema_too) {
  for (const auto& r : {request{"s.t", "ALTER TABLE t ADD a int"}, request{"t", "ALTER TABLE s.t ADD a int"},
                        request{"", "ALTER TABLE t ADD a int; ALTER TABLE s.t ADD b int"},
                        request{"", "ALTER TABLE s.t ADD a int; ALTER TABLE t RENAME a TO b"},
                        request{"", "ALTER TABLE s.t ADD a int; COMMENT ON COLUMN t.a IS 'x'"}}) {
    EXPECT_EQ(accepted(r).table, (table_reference{"s", "t"})) << r.table << " | " << r.alter;
    EXPECT_TRUE(accepted(r).bare) << r.table << " | " << r.alter;
    EXPECT_EQ(accepted(r).asked, !r.table.empty()) << r.table << " | " << r.alter;
  }
  EXPECT_FALSE(accepted({"s.t", "ADD a int"}).bare);
  EXPECT_FALSE(accepted({"", "ALTER TABLE s.t ADD a int; COMMENT ON TABLE s.t IS 'x'"}).bare);
}

TEST(request, cuts_a_name_at_63_bytes_as_postgres_does) {
  const std::string name(70, 'n');
  EXPECT_EQ(accepted({name, "ADD a int"}).table.name, std::string(63, 'n'));
}

TEST(request, is_refused_when_it_mentions_two_tables) {
  EXPECT_THAT(refused({"", "ALTER TABLE t ADD a int; ALTER TABLE u ADD a int"}), ElementsAre("several_tables"));
  EXPECT_THAT(refused({"s.t", "ALTER TABLE o.t ADD a int"}), ElementsAre("several_tables"));
  EXPECT_THAT(refused({"s.t", "ALTER TABLE s.u RENAME a TO b"}), ElementsAre("several_tables"));
  EXPECT_THAT(refused({"", "ALTER TABLE t ADD a int; ALTER TABLE s.t ADD b int; ALTER TABLE o.t ADD c int"}),
              ElementsAre("several_tables"));
  EXPECT_THAT(refused({"", "ALTER TABLE s.t ADD a int; COMMENT ON TABLE s.u IS 'x'"}), ElementsAre("several_tables"));
  EXPECT_THAT(refused({"", "ALTER TABLE t ADD a int; COMMENT ON COLUMN u.a IS 'x'"}), ElementsAre("several_tables"));
  EXPECT_THAT(refused({"\"T\"", "ALTER TABLE t ADD a int"}), ElementsAre("several_tables"));
}

TEST(request, takes_nothing_but_a_name_for_a_table) {
  for (const auto* table : {"t ADD x int,",
                            "t; DROP TABLE u; ALTER TABLE t",
                            "ONLY t",
                            "t *",
                            "IF EXISTS t",
                            "t --",
                            "t /*x*/",
                            "/*x*/ t",
                            " t",
                            "t ",
                            "t;",
                            "a.b.c",
                            "a.",
                            ".a",
                            "'t'",
                            "t t",
                            "1",
                            "\"\"",
                            "\"t",
                            "(t)",
                            "select"}) {
    EXPECT_THAT(refused({table, "ADD a int"}), ElementsAre("syntax_error")) << table;
  }
}

TEST(request, is_refused_when_it_is_no_alter_table) {
  for (const auto* alter : {"",
                            ";",
                            "-- nothing",
                            "DROP TABLE t",
                            "UPDATE t SET a = 1",
                            "ALTER INDEX i SET (fillfactor = 70)",
                            "CREATE INDEX ON t (a)",
                            "ALTER VIEW t ALTER a SET DEFAULT 1",
                            "ALTER MATERIALIZED VIEW t RENAME a TO b",
                            "ALTER FOREIGN TABLE t ADD a int",
                            "ALTER TYPE t ADD ATTRIBUTE a int",
                            "ALTER VIEW t RENAME COLUMN a TO b",
                            "ALTER TABLE ALL IN TABLESPACE a SET TABLESPACE b",
                            "COMMENT ON INDEX i IS 'x'",
                            "COMMENT ON COLUMN a IS 'x'",
                            "COMMENT ON COLUMN d.s.t.a IS 'x'",
                            "COMMENT ON CONSTRAINT k ON DOMAIN d IS 'x'",
                            "SET search_path = s",
                            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
                            "RESET ALL"}) {
    EXPECT_THAT(refused({"", alter}), ElementsAre("not_alter_table")) << alter;
  }
  EXPECT_THAT(refused({"", "ALTER TABLE t ADD a int; DROP TABLE t"}), ElementsAre("not_alter_table"));
}

TEST(request, passes_over_what_migration_tools_write_around_it) {
  const auto r =
      accepted({"",
                "BEGIN; SET LOCAL lock_timeout = '5s'; SET statement_timeout TO 0; ALTER TABLE t ADD a int "
                "REFERENCES u DEFERRABLE INITIALLY DEFERRED; SET CONSTRAINTS \"t_a_fkey\" IMMEDIATE; COMMIT; "
                "START TRANSACTION; ALTER TABLE t ADD b int; SET CONSTRAINTS ALL DEFERRED; END; "
                "SET idle_in_transaction_session_timeout = DEFAULT; SET transaction_timeout = 0; RESET lock_timeout"});
  EXPECT_THAT(texts(r), ElementsAre("ALTER TABLE t ADD a int REFERENCES u DEFERRABLE INITIALLY DEFERRED",
                                    "ALTER TABLE t ADD b int"));
  EXPECT_THAT(r.warnings, ElementsAre(HasSubstr("BEGIN and COMMIT"), HasSubstr("timeouts"), HasSubstr("CONSTRAINTS")));
  EXPECT_THAT(accepted({"t", "ADD a int"}).warnings, IsEmpty());
  EXPECT_THAT(texts(accepted({"t", "ADD a int; SET CONSTRAINTS k IMMEDIATE"})), ElementsAre("ALTER TABLE t ADD a int"));
}

TEST(request, is_refused_when_nothing_but_what_is_passed_over_is_in_it) {
  for (const auto* alter : {"BEGIN; COMMIT", "SET lock_timeout = 1", "SET CONSTRAINTS ALL IMMEDIATE"})
    EXPECT_THAT(refused({"t", alter}), ElementsAre("not_alter_table")) << alter;
}

TEST(request, is_refused_when_it_takes_back_a_part_of_itself) {
  for (const auto* taken_back : {"BEGIN; ALTER TABLE t ADD a int; ROLLBACK", "ALTER TABLE t ADD a int; SAVEPOINT s",
                                 "ALTER TABLE t ADD a int; ROLLBACK TO s", "ALTER TABLE t ADD a int; RELEASE s",
                                 "ALTER TABLE t ADD a int; PREPARE TRANSACTION 'x'"})
    EXPECT_THAT(refused({"", taken_back}), ElementsAre("not_alter_table")) << taken_back;
}

TEST(request, may_comment_on_what_it_changes) {
  const auto r = accepted({"t", "ADD a int; COMMENT ON COLUMN t.a IS 'it''s'; COMMENT ON TABLE t IS NULL"});
  EXPECT_THAT(texts(r),
              ElementsAre("ALTER TABLE t ADD a int", "COMMENT ON COLUMN t.a IS 'it''s'", "COMMENT ON TABLE t IS NULL"));
  EXPECT_THAT(r.warnings, IsEmpty());
  EXPECT_THAT(refused({"", "COMMENT ON TABLE t IS 'x'"}), ElementsAre("not_a_change_of_shape"));
  EXPECT_THAT(refused({"", "ALTER TABLE t ADD a int; COMMENT ON VIEW t IS 'x'"}), ElementsAre("not_alter_table"));
}

TEST(retargeted_statement, is_about_the_other_table) {
  const auto moved = [](const char* text) { return retarget_statement(text, "g.\"T\""); };
  EXPECT_EQ(moved("ALTER TABLE ONLY s.t ADD a int"), "ALTER TABLE ONLY g.\"T\" ADD a int");
  EXPECT_EQ(moved("ALTER TABLE t RENAME a TO b"), "ALTER TABLE g.\"T\" RENAME a TO b");
  EXPECT_EQ(moved("COMMENT ON TABLE s.t IS 'it''s'"), "COMMENT ON TABLE g.\"T\" IS 'it''s'");
  EXPECT_EQ(moved("COMMENT ON COLUMN t.\"A b\" IS E'x\\n'"), "COMMENT ON COLUMN g.\"T\".\"A b\" IS 'x\n'");
  EXPECT_EQ(moved("COMMENT ON CONSTRAINT k /* , */ ON s.t IS NULL"), "COMMENT ON CONSTRAINT \"k\" ON g.\"T\" IS NULL");
}

TEST(request, is_refused_when_it_cannot_be_parsed) {
  for (const auto* alter : {"ALTER TABLE t FROB a", "ALTER TABLE t ADD a int,", "FROB a", "ADD a int"}) {
    EXPECT_THAT(refused({"", alter}), ElementsAre("syntax_error")) << alter;
  }
  EXPECT_THAT(refused({"t", "FROB a"}), ElementsAre("syntax_error"));
  EXPECT_THAT(refused({"t", "ADD a int; DROP TABLE u; ALTER"}), ElementsAre("syntax_error"));
  EXPECT_THAT(refused({"t", "ADD a text DEFAULT 'open"}), ElementsAre("syntax_error"));
}

// Clauses end where the statement ends; what follows is judged like any statement.
TEST(request, judges_what_hides_behind_clauses) {
  EXPECT_THAT(refused({"t", "ADD a int; DROP TABLE u"}), ElementsAre("not_alter_table"));
  EXPECT_THAT(refused({"t", "ADD a int; ALTER TABLE u ADD b int"}), ElementsAre("several_tables"));
}

TEST(request, shows_where_a_syntax_error_is_without_cutting_a_character) {
  const auto read = read_request({"t", "ADD ä int, FROB ääääääääääääääääääääääääääääää"});
  const auto& reason = std::get<std::vector<refusal>>(read).front().reason;
  EXPECT_THAT(reason, HasSubstr("(at \"FROB ä"));
  const auto after = reason.find("\")", reason.find("FROB"));
  ASSERT_NE(after, std::string::npos);
  EXPECT_EQ(reason.substr(after - 2, 2), "ä");
}

TEST(request, is_refused_when_it_does_not_change_the_shape) {
  for (const auto* clause :
       {"RENAME TO u", "SET SCHEMA s", "OWNER TO o", "SET UNLOGGED", "SET LOGGED", "ATTACH PARTITION p DEFAULT",
        "DETACH PARTITION p", "INHERIT p", "NO INHERIT p", "OF y", "NOT OF", "ENABLE TRIGGER ALL", "DISABLE RULE r",
        "ENABLE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY", "SET WITHOUT OIDS", "SET ACCESS METHOD heap"}) {
    EXPECT_THAT(refused({"t", clause}), ElementsAre("not_a_change_of_shape")) << clause;
  }
  EXPECT_THAT(refused({"t", "ADD a int, OWNER TO o"}), ElementsAre("not_a_change_of_shape"));
}

// Run directly they block the table for as long as it takes to rewrite it.
TEST(request, does_not_recommend_what_rewrites_the_table) {
  for (const auto* clause : {"SET UNLOGGED", "SET LOGGED", "SET ACCESS METHOD heap"}) {
    const auto read = read_request({"t", clause});
    EXPECT_THAT(std::get<std::vector<refusal>>(read).front().advice, HasSubstr("rewrites the table")) << clause;
  }
}

TEST(request, takes_every_change_of_shape) {
  for (const auto* clause : {"ADD a int",
                             "ADD COLUMN IF NOT EXISTS a int",
                             "DROP a",
                             "DROP COLUMN IF EXISTS a CASCADE",
                             "ALTER a SET DEFAULT 1",
                             "ALTER a DROP DEFAULT",
                             "ALTER a SET NOT NULL",
                             "ALTER a DROP NOT NULL",
                             "ALTER a DROP EXPRESSION",
                             "ALTER a SET STATISTICS 10",
                             "ALTER a SET (n_distinct = 5)",
                             "ALTER a RESET (n_distinct)",
                             "ALTER a SET STORAGE PLAIN",
                             "ALTER a SET COMPRESSION pglz",
                             "ADD CHECK (a > 1)",
                             "ADD CHECK (a > 1) NOT VALID",
                             "ADD PRIMARY KEY (a)",
                             "ADD UNIQUE (a)",
                             "ADD EXCLUDE USING gist (a WITH =)",
                             "DROP CONSTRAINT k",
                             "VALIDATE CONSTRAINT k",
                             "ALTER a TYPE bigint",
                             "SET (fillfactor = 70)",
                             "RESET (fillfactor)",
                             "ALTER a ADD GENERATED ALWAYS AS IDENTITY",
                             "ALTER a SET GENERATED BY DEFAULT",
                             "ALTER a DROP IDENTITY",
                             "SET TABLESPACE x",
                             "CLUSTER ON i",
                             "SET WITHOUT CLUSTER",
                             "REPLICA IDENTITY FULL",
                             "RENAME a TO b",
                             "RENAME CONSTRAINT a TO b"}) {
    EXPECT_THAT(refused({"t", clause}), IsEmpty()) << clause;
  }
}

TEST(request, may_be_about_what_hangs_on_the_table_together_with_a_change_of_shape) {
  EXPECT_TRUE(refused({"t", "ADD FOREIGN KEY (a) REFERENCES u"}).empty());
  EXPECT_TRUE(refused({"t", "ADD a int, DISABLE TRIGGER x, ENABLE ROW LEVEL SECURITY"}).empty());
  EXPECT_THAT(refused({"t", "DISABLE TRIGGER x"}), ElementsAre("not_a_change_of_shape"));
  EXPECT_THAT(refused({"t", "ENABLE ROW LEVEL SECURITY, ENABLE ALWAYS RULE r"}), ElementsAre("not_a_change_of_shape"));
  EXPECT_THAT(refused({"t", "ADD a int, DISABLE TRIGGER ALL"}), ElementsAre("not_a_change_of_shape"));
}

TEST(request, is_refused_with_unicode_escapes_in_a_string) {
  for (const char* written : {"ADD a text DEFAULT U&'\\0041'", "ADD a text DEFAULT u&'x', ADD b int"})
    EXPECT_THAT(refused({"t", written}), ElementsAre("syntax_error")) << written;
  EXPECT_THAT(refused({"t", "ADD a text DEFAULT 'U&', ADD \"U&\" int, DROP U&\"d\", ADD b text DEFAULT E'\\u0041'"}),
              IsEmpty());
}

TEST(request, is_refused_when_a_column_is_changed_twice) {
  EXPECT_THAT(refused({"", "ALTER TABLE t ALTER a TYPE int; ALTER TABLE t ALTER a TYPE bigint"}),
              ElementsAre("column_changed_twice"));
  EXPECT_THAT(refused({"", "ALTER TABLE t ADD a int; ALTER TABLE t ALTER a TYPE bigint"}),
              ElementsAre("column_changed_twice"));
  EXPECT_THAT(refused({"", "ALTER TABLE t ALTER a TYPE int; ALTER TABLE t ALTER b TYPE bigint"}), IsEmpty());
  // Whether that adds a column, the server tells.
  EXPECT_THAT(refused({"", "ALTER TABLE t ADD IF NOT EXISTS a int; ALTER TABLE t ALTER a TYPE bigint"}), IsEmpty());
}

TEST(request, is_refused_when_a_statement_changes_the_identity_of_what_it_adds) {
  EXPECT_THAT(refused({"t", "ADD x int DEFAULT 5, ALTER x ADD GENERATED ALWAYS AS IDENTITY"}),
              ElementsAre("column_changed_twice"));
  EXPECT_THAT(refused({"t", "ADD IF NOT EXISTS x int DEFAULT 5, ALTER x ADD GENERATED ALWAYS AS IDENTITY"}),
              ElementsAre("column_changed_twice"));
  EXPECT_THAT(refused({"t", "ADD x int DEFAULT 5, ALTER y ADD GENERATED ALWAYS AS IDENTITY"}), IsEmpty());
}

// Existing rows have the default of ADD COLUMN, and not the later one.
TEST(request, sets_the_default_of_an_added_column_in_a_statement_of_its_own) {
  EXPECT_THAT(
      texts(accepted({"t", "ADD x int DEFAULT f(5, 6), ALTER x SET DEFAULT f(7, 8), DROP y"})),
      ElementsAre("ALTER TABLE t ADD x int DEFAULT f(5, 6), DROP y", "ALTER TABLE t ALTER x SET DEFAULT f(7, 8)"));
  EXPECT_THAT(
      texts(accepted({"",
                      "ALTER TABLE IF EXISTS ONLY (s.t) ALTER x SET DEFAULT 1, ADD x int -- a, b\n, ADD y int, ALTER y "
                      "SET DEFAULT 2; ALTER TABLE s.t * ALTER z SET DEFAULT 3, ADD z int"})),
      ElementsAre("ALTER TABLE IF EXISTS ONLY (s.t) ADD x int -- a, b\n, ADD y int",
                  "ALTER TABLE IF EXISTS ONLY (s.t) ALTER x SET DEFAULT 1, ALTER y SET DEFAULT 2",
                  "ALTER TABLE s.t * ADD z int", "ALTER TABLE s.t * ALTER z SET DEFAULT 3"));
  for (const char* whole : {"ALTER TABLE t ADD x int, ALTER y SET DEFAULT 6, ALTER x SET STATISTICS 5",
                            "ALTER TABLE t ADD x int DEFAULT 5, ALTER x DROP DEFAULT"})
    EXPECT_THAT(texts(accepted({"", whole})), ElementsAre(whole));
}

TEST(request, is_refused_when_an_identity_is_dropped_and_added_again) {
  EXPECT_THAT(refused({"t", "ALTER a DROP IDENTITY, ALTER a ADD GENERATED ALWAYS AS IDENTITY"}),
              ElementsAre("column_changed_twice"));
  EXPECT_THAT(
      refused({"", "ALTER TABLE t ALTER a DROP IDENTITY; ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY"}),
      ElementsAre("column_changed_twice"));
  EXPECT_THAT(refused({"",
                       "ALTER TABLE t ALTER a DROP IDENTITY; ALTER TABLE t RENAME a TO b; ALTER TABLE t ALTER b ADD "
                       "GENERATED ALWAYS AS IDENTITY"}),
              ElementsAre("column_changed_twice"));
  EXPECT_THAT(refused({"t", "ALTER a DROP IDENTITY, ALTER b ADD GENERATED ALWAYS AS IDENTITY"}), IsEmpty());
  EXPECT_THAT(refused({"t", "ALTER a DROP IDENTITY IF EXISTS, ALTER a ADD GENERATED ALWAYS AS IDENTITY"}), IsEmpty());
}

TEST(request, is_refused_when_it_says_where_a_sequence_is_made) {
  for (const char* other : {"ADD c int, SET (sequence_name)", "ADD c int, RESET (sequence_name)",
                            "ADD c int, ALTER c SET (sequence_name)", "ADD c int, SET (sequence_name = x)"})
    EXPECT_THAT(refused({"t", other}), IsEmpty()) << other;
  EXPECT_THAT(refused({"t", "ALTER a ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME app.s START 3)"}),
              ElementsAre("sequence_name"));
  EXPECT_THAT(refused({"t", "ADD a int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME app.s)"}),
              ElementsAre("sequence_name"));
  EXPECT_THAT(refused({"t", "ADD a int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME s)"}), IsEmpty());
}

// The values would pass through both types; only an expression sees what the one before it made.
TEST(request, is_refused_when_a_renamed_column_is_changed_twice) {
  EXPECT_THAT(
      refused({"", "ALTER TABLE t ALTER a TYPE int; ALTER TABLE t RENAME a TO b; ALTER TABLE t ALTER b TYPE numeric"}),
      ElementsAre("column_changed_twice"));
  EXPECT_THAT(
      refused(
          {"", "ALTER TABLE t ADD a int; ALTER TABLE t RENAME a TO b; ALTER TABLE t ALTER b TYPE text USING b || 'x'"}),
      ElementsAre("column_changed_twice"));
  EXPECT_THAT(refused({"",
                       "ALTER TABLE t ALTER a TYPE text USING a || 'x'; ALTER TABLE t RENAME a TO b; ALTER TABLE t "
                       "ALTER b TYPE text USING b || 'y'"}),
              IsEmpty());
  EXPECT_THAT(refused({"",
                       "ALTER TABLE t ALTER a TYPE int; ALTER TABLE t RENAME a TO b; ALTER TABLE t RENAME c TO a; "
                       "ALTER TABLE t ALTER a TYPE int"}),
              IsEmpty());
}

TEST(requested_table, is_what_the_text_says) {
  EXPECT_EQ(requested_table({"", "ALTER TABLE s.t ADD a int"}), "s.t");
  EXPECT_EQ(requested_table({"", "ALTER TABLE t ADD a int"}), "t");
  EXPECT_EQ(requested_table({"\"S\".t", "ADD a int"}), "S.t");
  EXPECT_EQ(requested_table({"s.t", "FROB"}), "s.t");
  EXPECT_EQ(requested_table({"", "FROB"}), "");
}

}  // namespace
}  // namespace eidolon::plan
