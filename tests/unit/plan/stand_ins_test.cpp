// What hangs on the clone, and what the cutover makes of it. Pure.
#include "plan/stand_ins.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plan/sql_text.hpp"

namespace eidolon::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

stand_ins stand() {
  return {"eidolon_7",
          {"app", "orders"},
          "\"eidolon_7\".\"orders\"",
          {{42, {"app", "customers"}, "id integer", {"PRIMARY KEY (id)"}, false, true, true}},
          {}};
}

plan job() {
  plan p;
  p.job = 7;
  p.source = {1, "app", "orders", "alice", ""};
  p.ghost_schema = "eidolon_7";
  p.old_schema = "eidolon_7_old";
  return p;
}

foreign_key out() {
  foreign_key k;
  k.oid = 5;
  k.other = 42;
  k.name = "orders_customer_fkey";
  k.definition = "FOREIGN KEY (customer) REFERENCES app.customers(id) ON DELETE CASCADE";
  k.on_table = "app.orders";
  k.other_name = "app.customers";
  k.columns = {"customer"};
  k.referenced_columns = {"id"};
  k.operators = {"OPERATOR(pg_catalog.=)"};
  k.outgoing = k.validated = k.may_lock = true;
  return k;
}

// The same, as the catalog shows it on the clone.
foreign_key out_on_clone() {
  auto k = out();
  k.other = 99;
  k.definition = "FOREIGN KEY (customer) REFERENCES eidolon_7.\"eidolon shell 42\"(id) ON DELETE CASCADE";
  k.on_table = "eidolon_7.orders";
  k.other_name = "eidolon_7.\"eidolon shell 42\"";
  return k;
}

TEST(replacing_tables, finds_them_wherever_they_stand) {
  const auto instead = [](const std::string& schema, const std::string& name) -> std::optional<std::string> {
    return schema == "app" && name == "t" ? std::optional<std::string>{"x.y"} : std::nullopt;
  };
  EXPECT_EQ(
      replace_tables("SELECT t.a FROM app.t WHERE t.b IN (SELECT 1 FROM app.u JOIN \"app\".\"t\" t2 ON true)", instead),
      "SELECT t.a FROM x.y WHERE t.b IN (SELECT 1 FROM app.u JOIN x.y t2 ON true)");
  EXPECT_EQ(replace_tables("SELECT 'app.t', \"app.t\" FROM t", instead), "SELECT 'app.t', \"app.t\" FROM t");
  EXPECT_EQ(replace_tables("CREATE RULE r AS ON INSERT TO app.t DO ALSO UPDATE app.t SET a = 1", instead),
            "CREATE RULE r AS ON INSERT TO x.y DO ALSO UPDATE x.y SET a = 1");
  EXPECT_EQ(
      replace_tables("CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM app.t; END",
                     instead),
      "CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM x.y; END");
  EXPECT_THROW(replace_tables("SELECT FROM WHERE", instead), std::runtime_error);
}

TEST(stand_ins, take_the_place_of_the_tables_at_the_other_ends) {
  neighbourhood n;
  n.foreign_keys = {out()};
  EXPECT_THAT(
      hang_on(n, stand()),
      ElementsAre("CREATE TABLE \"eidolon_7\".\"eidolon shell 42\" (id integer)",
                  "ALTER TABLE \"eidolon_7\".\"eidolon shell 42\" ADD PRIMARY KEY (id)",
                  "ALTER TABLE \"eidolon_7\".\"orders\" ADD CONSTRAINT \"orders_customer_fkey\" FOREIGN KEY (customer) "
                  "REFERENCES \"eidolon_7\".\"eidolon shell 42\"(id) ON DELETE CASCADE"));
}

TEST(handing_over, takes_foreign_keys_off_and_puts_them_back_not_valid) {
  neighbourhood before, after;
  before.foreign_keys = {out()};
  after.foreign_keys = {out_on_clone()};
  const auto h = plan_hand_over(before, after, stand(), job(), {});
  EXPECT_THAT(h.release, ElementsAre("ALTER TABLE app.orders DROP CONSTRAINT \"orders_customer_fkey\""));
  EXPECT_THAT(h.attach, ElementsAre("ALTER TABLE eidolon_7.orders ADD CONSTRAINT \"orders_customer_fkey\" FOREIGN KEY "
                                    "(customer) REFERENCES \"app\".\"customers\"(id) ON DELETE CASCADE NOT VALID"));
  ASSERT_EQ(h.validate.size(), 1U);
  EXPECT_EQ(h.validate[0].statement, "ALTER TABLE \"app\".\"orders\" VALIDATE CONSTRAINT \"orders_customer_fkey\"");
  EXPECT_EQ(h.validate[0].owner, "alice") << "a type of its own may compare by a function of its own";
  EXPECT_THAT(h.checks, IsEmpty());
  ASSERT_EQ(h.locks.size(), 1U);
  EXPECT_EQ(h.locks[0].statement, "LOCK TABLE ONLY app.customers IN ACCESS EXCLUSIVE MODE");
}

TEST(handing_over, checks_a_foreign_key_that_is_new) {
  neighbourhood before, after;
  after.foreign_keys = {out_on_clone()};
  const auto h = plan_hand_over(before, after, stand(), job(), {});
  ASSERT_EQ(h.checks.size(), 1U);
  EXPECT_EQ(h.checks[0].name, "orders_customer_fkey");
  EXPECT_THAT(h.checks[0].violation, HasSubstr("FROM eidolon_7.orders AS f"));
  EXPECT_THAT(h.checks[0].violation,
              HasSubstr("FROM \"app\".\"customers\" AS r WHERE r.\"id\" OPERATOR(pg_catalog.=) f.\"customer\""));
}

TEST(handing_over, checks_a_foreign_key_whose_columns_have_other_values) {
  neighbourhood before, after;
  before.foreign_keys = {out()};
  after.foreign_keys = {out_on_clone()};
  EXPECT_THAT(plan_hand_over(before, after, stand(), job(), {"other"}).checks, IsEmpty());
  EXPECT_EQ(plan_hand_over(before, after, stand(), job(), {"customer"}).checks.size(), 1U);
}

TEST(handing_over, checks_a_foreign_key_that_compares_by_other_operators) {
  neighbourhood before, after;
  before.foreign_keys = {out()};
  before.foreign_keys[0].operators = {"OPERATOR(public.=)"};
  after.foreign_keys = {out_on_clone()};
  const auto h = plan_hand_over(before, after, stand(), job(), {});
  ASSERT_EQ(h.checks.size(), 1U);
  EXPECT_THAT(h.checks[0].violation, HasSubstr("r.\"id\" OPERATOR(pg_catalog.=) f.\"customer\""));
}

// Of a table in another schema, into the source.
foreign_key in_from_another_schema() {
  foreign_key k;
  k.oid = 6;
  k.other = 43;
  k.name = "orders_parent_fkey";
  k.definition = "FOREIGN KEY (parent) REFERENCES app.orders(id)";
  k.on_table = "archive.orders";
  k.other_name = "archive.orders";
  k.columns = {"parent"};
  k.referenced_columns = {"id"};
  k.operators = {"OPERATOR(pg_catalog.=)"};
  k.comment = "what it was";
  k.incoming = k.validated = k.may_lock = true;
  return k;
}

TEST(stand_ins, leave_names_free_that_are_taken_in_other_schemas_only) {
  auto s = stand();
  s.shells = {{43, {"archive", "orders"}, "parent integer", {}, false, true, true}};
  neighbourhood before, after;
  before.foreign_keys = {in_from_another_schema()};
  EXPECT_THAT(
      hang_on(before, s),
      ElementsAre("CREATE TABLE \"eidolon_7\".\"eidolon shell 43\" (parent integer)",
                  "ALTER TABLE \"eidolon_7\".\"eidolon shell 43\" ADD CONSTRAINT \"eidolon key 6 orders_parent_fkey\" "
                  "FOREIGN KEY (parent) REFERENCES \"eidolon_7\".\"orders\"(id)",
                  "COMMENT ON CONSTRAINT \"eidolon key 6 orders_parent_fkey\" ON \"eidolon_7\".\"eidolon shell 43\" IS "
                  "'what it was'"));
  auto k = in_from_another_schema();
  k.oid = 98;
  k.other = 99;
  k.name = "eidolon key 6 orders_parent_fkey";
  k.definition = "FOREIGN KEY (parent) REFERENCES eidolon_7.orders(id)";
  k.on_table = k.other_name = "eidolon_7.\"eidolon shell 43\"";
  after.foreign_keys = {k};
  const auto h = plan_hand_over(before, after, s, job(), {});
  EXPECT_THAT(h.attach, ElementsAre("ALTER TABLE \"archive\".\"orders\" ADD CONSTRAINT \"orders_parent_fkey\" FOREIGN "
                                    "KEY (parent) REFERENCES eidolon_7.orders(id) NOT VALID",
                                    "COMMENT ON CONSTRAINT \"orders_parent_fkey\" ON \"archive\".\"orders\" IS 'what "
                                    "it was'"));
  EXPECT_THAT(h.checks, IsEmpty());
  ASSERT_EQ(h.validate.size(), 1U);
  EXPECT_EQ(h.validate[0].statement, "ALTER TABLE \"archive\".\"orders\" VALIDATE CONSTRAINT \"orders_parent_fkey\"");
}

TEST(stand_ins, give_foreign_keys_names_that_are_not_cut_off) {
  auto s = stand();
  s.shells = {{43, {"archive", "orders"}, "parent integer", {}, false, true, true}};
  auto k = in_from_another_schema();
  EXPECT_EQ(s.hung_name(k), "eidolon key 6 orders_parent_fkey");
  k.name = std::string(49, 'n');
  EXPECT_EQ(s.hung_name(k), "eidolon key 6 " + k.name);
  k.name += "n";
  EXPECT_EQ(s.hung_name(k), "eidolon key 6");
  k.other = 42;
  EXPECT_EQ(s.hung_name(k), k.name) << "a table in the source's schema";
  EXPECT_EQ(s.hung_name(out()), "orders_customer_fkey");
}

TEST(handing_over, leaves_a_foreign_key_not_valid_that_was_so) {
  neighbourhood before, after;
  after.foreign_keys = {out_on_clone()};
  after.foreign_keys[0].validated = false;
  after.foreign_keys[0].definition += " NOT VALID";
  const auto h = plan_hand_over(before, after, stand(), job(), {});
  EXPECT_THAT(h.validate, IsEmpty());
  EXPECT_THAT(h.attach, ElementsAre(Not(HasSubstr("NOT VALID NOT VALID"))));
}

TEST(handing_over, replaces_views_in_place_with_their_options) {
  neighbourhood before, after;
  before.views = {{3,
                   false,
                   "app",
                   "v",
                   "app.v",
                   "bob",
                   " SELECT orders.id\n   FROM app.orders;",
                   "security_barrier=true",
                   {},
                   {}}};
  after.views = {{8,
                  false,
                  "eidolon_7",
                  "eidolon view 3",
                  "eidolon_7.\"eidolon view 3\"",
                  "alice",
                  " SELECT orders.key AS id\n   FROM eidolon_7.orders;",
                  "",
                  {},
                  {}}};
  const auto h = plan_hand_over(before, after, stand(), job(), {});
  EXPECT_THAT(h.attach,
              Contains("CREATE OR REPLACE VIEW app.v WITH (security_barrier=true) AS  SELECT orders.key AS id\n   "
                       "FROM eidolon_7.orders"));
  ASSERT_FALSE(h.locks.empty());
  EXPECT_EQ(h.locks[0].statement, "ALTER VIEW app.v SET SCHEMA \"app\"");
}

}  // namespace
}  // namespace eidolon::plan
