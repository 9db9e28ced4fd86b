// The change log and its triggers, word for word.
#include "triggers/triggers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan/sample_plan.hpp"

namespace eidolon::triggers {
namespace {

using plan::plain_plan;
using plan::sample_plan;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(change_log_table, has_the_key_and_nothing_else) {
  EXPECT_EQ(
      create_log(plain_plan(), 1),
      "CREATE TABLE \"eidolon_3\".\"eidolon log 1\" (\"id\" integer) USING heap WITH (autovacuum_enabled = false, "
      "toast.autovacuum_enabled = false); "
      "GRANT SELECT, INSERT ON \"eidolon_3\".\"eidolon log 1\" TO \"owner\"; GRANT SELECT ON \"eidolon_3\".\"eidolon "
      "log 1\" TO pg_database_owner");
  EXPECT_EQ(
      create_log(sample_plan(), 12),
      "CREATE TABLE \"eidolon_7\".\"eidolon log 12\" (\"id\" integer, \"co$de\" text COLLATE pg_catalog.\"C\") USING "
      "heap WITH (autovacuum_enabled = false, "
      "toast.autovacuum_enabled = false); GRANT SELECT, INSERT ON \"eidolon_7\".\"eidolon log 12\" TO \"o'wner\"; "
      "GRANT SELECT ON \"eidolon_7\".\"eidolon log 12\" TO pg_database_owner");
}

TEST(trigger_functions, insert_the_key_into_their_generation) {
  EXPECT_THAT(
      replace_functions(sample_plan(), 2, 0),
      EndsWith("CREATE OR REPLACE FUNCTION \"eidolon_7\".\"log_new\"() RETURNS pg_catalog.trigger LANGUAGE plpgsql "
               "SECURITY DEFINER AS "
               "'BEGIN INSERT INTO \"eidolon_7\".\"eidolon log 2\" (\"id\", \"co$de\") VALUES ("
               "\"eidolon_7_old\".\"same_type\"(NEW.\"id\", (NULL::\"eidolon_7\".\"eidolon log 2\").\"id\"), "
               "\"eidolon_7_old\".\"same_type\"(NEW.\"co$de\", (NULL::\"eidolon_7\".\"eidolon log 2\").\"co$de\")); "
               "RETURN NULL; "
               "END'; "
               "CREATE OR REPLACE FUNCTION \"eidolon_7\".\"log_old\"() RETURNS pg_catalog.trigger LANGUAGE plpgsql "
               "SECURITY DEFINER AS "
               "'BEGIN INSERT INTO \"eidolon_7\".\"eidolon log 2\" (\"id\", \"co$de\") VALUES ("
               "\"eidolon_7_old\".\"same_type\"(OLD.\"id\", (NULL::\"eidolon_7\".\"eidolon log 2\").\"id\"), "
               "\"eidolon_7_old\".\"same_type\"(OLD.\"co$de\", (NULL::\"eidolon_7\".\"eidolon log 2\").\"co$de\")); "
               "RETURN NULL; "
               "END'; "
               "CREATE OR REPLACE FUNCTION \"eidolon_7\".\"log_update\"() RETURNS pg_catalog.trigger LANGUAGE plpgsql "
               "SECURITY DEFINER AS "
               "'BEGIN INSERT INTO \"eidolon_7\".\"eidolon log 2\" (\"id\", \"co$de\") VALUES ("
               "\"eidolon_7_old\".\"same_type\"(OLD.\"id\", (NULL::\"eidolon_7\".\"eidolon log 2\").\"id\"), "
               "\"eidolon_7_old\".\"same_type\"(OLD.\"co$de\", (NULL::\"eidolon_7\".\"eidolon log 2\").\"co$de\")); "
               "IF ROW(OLD.\"id\", OLD.\"co$de\")::pg_catalog.record OPERATOR(pg_catalog.*<>) ROW(NEW.\"id\", "
               "NEW.\"co$de\")::pg_catalog.record THEN "
               "INSERT INTO \"eidolon_7\".\"eidolon log 2\" (\"id\", \"co$de\") VALUES ("
               "\"eidolon_7_old\".\"same_type\"(NEW.\"id\", (NULL::\"eidolon_7\".\"eidolon log 2\").\"id\"), "
               "\"eidolon_7_old\".\"same_type\"(NEW.\"co$de\", (NULL::\"eidolon_7\".\"eidolon log 2\").\"co$de\")); "
               "END IF; RETURN "
               "NULL; END'"));
}

// The key of an equal value may have another image, but not a number's.
TEST(trigger_functions, compare_the_key_by_image_where_that_is_another_thing) {
  EXPECT_THAT(replace_functions(plain_plan(), 1, 0),
              HasSubstr("IF (OLD.\"id\" OPERATOR(pg_catalog.<>) NEW.\"id\") IS NOT FALSE THEN INSERT"));
  auto p = plain_plan();
  p.forward.key[0].source_type = "numeric";
  EXPECT_THAT(replace_functions(p, 1, 0), HasSubstr("IF ROW(OLD.\"id\")::pg_catalog.record OPERATOR(pg_catalog.*<>) "
                                                    "ROW(NEW.\"id\")::pg_catalog.record THEN INSERT"));
  p.forward.key[0].source_type = "bigint";
  p.forward.key.push_back(p.forward.key[0]);
  p.forward.key[1].source_name = "x";
  EXPECT_THAT(replace_functions(p, 1, 0),
              HasSubstr("IF (OLD.\"id\" OPERATOR(pg_catalog.<>) NEW.\"id\") IS NOT FALSE OR (OLD.\"x\" "
                        "OPERATOR(pg_catalog.<>) NEW.\"x\") IS NOT FALSE THEN"));
}

TEST(trigger_functions, look_at_the_size_now_and_then_when_a_log_is_limited) {
  EXPECT_THAT(
      replace_functions(plain_plan(), 1, 1 << 20),
      HasSubstr("; CREATE OR REPLACE FUNCTION \"eidolon_3\".\"log_old\"() RETURNS pg_catalog.trigger LANGUAGE plpgsql "
                "SECURITY DEFINER AS 'BEGIN INSERT INTO \"eidolon_3\".\"eidolon log 1\" (\"id\") VALUES ("
                "\"eidolon_3_old\".\"same_type\"(OLD.\"id\", (NULL::\"eidolon_3\".\"eidolon log 1\").\"id\")); "
                "IF pg_catalog.date_part(''microseconds'', pg_catalog.clock_timestamp())::pg_catalog.int8 "
                "OPERATOR(pg_catalog.%) 1000 OPERATOR(pg_catalog.=) 0 THEN IF "
                "pg_catalog.pg_table_size(''\"eidolon_3\".\"eidolon log 1\"''::pg_catalog.regclass) "
                "OPERATOR(pg_catalog.>=) 1048576 THEN PERFORM \"eidolon_3\".\"stop_log\"(); END IF; END IF; "
                "RETURN NULL; END'"));
}

TEST(trigger_functions, stop_together_with_the_mark_that_every_batch_sees) {
  EXPECT_THAT(
      create_helpers(plain_plan()),
      StartsWith("CREATE OR REPLACE FUNCTION \"eidolon_3\".\"stop_log\"() RETURNS pg_catalog.void LANGUAGE plpgsql AS "
                 "'BEGIN IF NOT pg_catalog.pg_try_advisory_xact_lock(7307482298289487875) THEN RETURN; END IF; "
                 "UPDATE \"eidolon_3\".\"eidolon source\" SET triggers = ''max_log''; IF NOT FOUND THEN RAISE "
                 "''unseen''; END IF; CREATE OR REPLACE FUNCTION "
                 "\"eidolon_3\".\"log_new\"() RETURNS pg_catalog.trigger LANGUAGE plpgsql SECURITY DEFINER AS "
                 "''BEGIN RETURN NULL; END''; CREATE OR REPLACE FUNCTION \"eidolon_3\".\"log_old\"() RETURNS "
                 "pg_catalog.trigger LANGUAGE plpgsql SECURITY DEFINER AS ''BEGIN RETURN NULL; END''; CREATE OR "
                 "REPLACE FUNCTION \"eidolon_3\".\"log_update\"() RETURNS pg_catalog.trigger LANGUAGE plpgsql "
                 "SECURITY DEFINER AS ''BEGIN RETURN NULL; END''; EXCEPTION WHEN OTHERS THEN RETURN; END'; "));
}

// The body is a string literal: quotes and backslashes of a column's name are doubled once more.
TEST(trigger_functions, quote_names_inside_their_bodies) {
  auto p = plain_plan();
  p.forward.key[0].source_name = "a'b\\\"c";
  EXPECT_THAT(replace_functions(p, 1, 0),
              HasSubstr("\"log_new\"() RETURNS pg_catalog.trigger LANGUAGE plpgsql SECURITY DEFINER AS "
                        "E'BEGIN INSERT INTO \"eidolon_3\".\"eidolon log 1\" (\"a''b\\\\\"\"c\") VALUES ("
                        "\"eidolon_3_old\".\"same_type\"(NEW.\"a''b\\\\\"\"c\", (NULL::\"eidolon_3\".\"eidolon log "
                        "1\").\"a''b\\\\\"\"c\")); RETURN "
                        "NULL; END'; CREATE OR"));
}

TEST(trigger_functions, do_nothing_once_neutralised) {
  EXPECT_EQ(
      neutralise_functions(plain_plan()),
      "CREATE OR REPLACE FUNCTION \"eidolon_3\".\"log_new\"() RETURNS pg_catalog.trigger LANGUAGE plpgsql SECURITY "
      "DEFINER "
      "AS 'BEGIN RETURN NULL; END'; "
      "CREATE OR REPLACE FUNCTION \"eidolon_3\".\"log_old\"() RETURNS pg_catalog.trigger LANGUAGE plpgsql SECURITY "
      "DEFINER "
      "AS 'BEGIN RETURN NULL; END'; "
      "CREATE OR REPLACE FUNCTION \"eidolon_3\".\"log_update\"() RETURNS pg_catalog.trigger LANGUAGE plpgsql SECURITY "
      "DEFINER AS 'BEGIN RETURN NULL; END'");
}

TEST(triggers, see_every_event_in_every_replication_role) {
  EXPECT_THAT(create_triggers(plain_plan()),
              ElementsAre("CREATE TRIGGER \"eidolon_3_insert\" AFTER INSERT ON \"s\".\"t\" FOR EACH ROW EXECUTE "
                          "FUNCTION \"eidolon_3\".\"log_new\"()",
                          "CREATE TRIGGER \"eidolon_3_delete\" AFTER DELETE ON \"s\".\"t\" FOR EACH ROW EXECUTE "
                          "FUNCTION \"eidolon_3\".\"log_old\"()",
                          "CREATE TRIGGER \"eidolon_3_update\" AFTER UPDATE ON \"s\".\"t\" FOR EACH ROW EXECUTE "
                          "FUNCTION \"eidolon_3\".\"log_update\"()",
                          "ALTER TABLE \"s\".\"t\" ENABLE ALWAYS TRIGGER \"eidolon_3_insert\"",
                          "ALTER TABLE \"s\".\"t\" ENABLE ALWAYS TRIGGER \"eidolon_3_delete\"",
                          "ALTER TABLE \"s\".\"t\" ENABLE ALWAYS TRIGGER \"eidolon_3_update\""));
}

TEST(triggers, take_names_of_63_bytes_as_they_are) {
  auto p = plain_plan();
  const std::string name(63, 'x');
  p.source.name = p.forward.key[0].source_name = name;
  p.forward.from = plan::source_name(p);
  EXPECT_EQ(create_triggers(p)[0], "CREATE TRIGGER \"eidolon_3_insert\" AFTER INSERT ON \"s\".\"" + name +
                                       "\" FOR EACH ROW EXECUTE FUNCTION \"eidolon_3\".\"log_new\"()");
}

}  // namespace
}  // namespace eidolon::triggers
