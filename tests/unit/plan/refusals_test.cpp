// Every rule by itself, and all of them together, over facts that were made up.
#include "plan/refusals/refusals.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace eidolon::plan::refusals {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

index primary_key() {
  index i;
  i.name = "t_pkey";
  i.method = "btree";
  i.constraint_type = 'p';
  i.key_columns = {"id"};
  i.unique = i.valid = i.immediate = i.plain_columns = i.all_not_null = true;
  return i;
}

foreign_key key_of_a_partitioned_table(const char* name) {
  foreign_key k;
  k.name = name;
  k.on_table = "app.t";
  k.other_name = "app.parts";
  k.incoming = k.other_is_partitioned = true;
  k.parts = {{"app", "far", name, 'f'}};
  return k;
}

foreign_key key_to_another_table() {
  foreign_key k;
  k.name = "t_a_fkey";
  k.on_table = "app.t";
  k.other = 88;
  k.other_name = "away.other";
  k.referenced_columns = {"a", "b"};
  k.outgoing = k.may_lock = true;
  return k;
}

view view_of(const char* name, const char* missing_owner) {
  view v;
  v.name = name;
  v.missing_owner = missing_owner;
  return v;
}

// A table that every rule accepts.
facts acceptable() {
  facts f;
  f.server_version = 150020;
  f.schema = "app";
  f.name = "t";
  f.owner = "alice";
  f.access_method = "heap";
  f.kind = 'r';
  f.persistence = 'p';
  f.may_act_as_owner = f.may_create_schema = f.may_create_in_schema = f.owner_may_use_schema = true;
  f.source.indexes = {primary_key()};
  f.lock_slots = 6400;
  return f;
}

std::vector<std::string> codes(const list& refused) {
  std::vector<std::string> out;
  for (const auto& r : refused) out.push_back(r.code);
  return out;
}

TEST(refusals, are_none_for_an_ordinary_table) { EXPECT_THAT(check(acceptable()), IsEmpty()); }

// Makes the table a partitioned one, with a partition that is not as it should be.
template <class Spoil>
void spoil_partition(facts& f, Spoil spoil) {
  f.kind = 'p';
  f.access_method = "";
  f.has_children = true;
  f.partition_key = "RANGE (id)";
  partition_facts m;
  m.parent = f.name;
  m.schema = f.schema;
  m.name = "t_1";
  m.owner = f.owner;
  m.access_method = "heap";
  m.kind = 'r';
  m.persistence = 'p';
  spoil(m);
  f.partitions = {m};
}

struct rule_case {
  const char* code;
  std::function<void(facts&)> spoil;
  const char* names;  // what the sentence mentions
};

const std::vector<rule_case>& rules() {
  static const std::vector<rule_case> cases{
      {"postgres_too_old", [](facts& f) { f.server_version = 130014; }, "PostgreSQL 13;"},
      {"partitioned_table", [](facts& f) { spoil_partition(f, [](auto& m) { m.kind = 'f'; }); },
       "t_1, a partition of app.t, is a foreign table"},
      {"partitioned_table", [](facts& f) { spoil_partition(f, [](auto& m) { m.access_method = "columnar"; }); }, "t_1"},
      {"partitioned_table", [](facts& f) { spoil_partition(f, [](auto& m) { m.persistence = 'u'; }); }, "is UNLOGGED"},
      {"partitioned_table", [](facts& f) { spoil_partition(f, [](auto& m) { m.detaching = true; }); },
       "being detached"},
      {"partitioned_table", [](facts& f) { spoil_partition(f, [](auto& m) { m.may_not_create = true; }); },
       "may not create"},
      {"partitioned_table", [](facts& f) { spoil_partition(f, [](auto& m) { m.owner_may_not_use = true; }); },
       "may not use"},
      {"partitioned_table", [](facts& f) { spoil_partition(f, [](auto& m) { m.name = "t"; }); }, "the name of another"},
      {"partitioned_table", [](facts& f) { spoil_partition(f, [](auto& m) { m.owner = "bob"; }); }, "another owner"},
      {"partitioned_table", [](facts& f) { spoil_partition(f, [](auto& m) { m.hidden_from_owner = true; }); },
       "ROW LEVEL SECURITY"},
      {"partitioned_table", [](facts& f) { spoil_partition(f, [](auto& m) { m.extension_member = true; }); },
       "extension"},
      {"partitioned_table",
       [](facts& f) {
         f.source.checks = {{"c", "CHECK (true)", true, std::nullopt, false}};
         spoil_partition(f, [](auto& m) {
           m.table.checks = {{"c", "CHECK (true) NOT VALID", false, std::nullopt, true}};
         });
       },
       "valid"},
      {"foreign_key",
       [](facts& f) {
         spoil_partition(f, [](auto& m) { m.oid = 77; });
         f.neighbours.foreign_keys = {{}};
         f.neighbours.foreign_keys[0].name = "t_a_fkey";
         f.neighbours.foreign_keys[0].other = 77;
         f.neighbours.foreign_keys[0].outgoing = f.neighbours.foreign_keys[0].may_lock = true;
       },
       "t_a_fkey"},
      {"foreign_key",
       [](facts& f) {
         auto k = key_of_a_partitioned_table("t_a_fkey");
         k.parts.assign(41, {"app", "p", "t_a_fkey", 'r'});
         k.referenced_partitions = 49;
         f.neighbours.foreign_keys = {k};
       },
       "41 partitions to 49 others"},
      {"partitioned_table",
       [](facts& f) {
         spoil_partition(f, [](auto& m) { m.oid = 77; });
         f.partitions[0].table.indexes = {primary_key()};
         f.partitions[0].table.indexes[0].name = "t_1_pkey";
         f.neighbours.foreign_keys = {{}};
         f.lock_slots = 2 * (20 + 5 + 4) - 1;
       },
       "would take 29 locks at once"},
      {"too_many_dependents",
       [](facts& f) {
         f.neighbours.views.resize(10);
         f.neighbours.functions.resize(3);
         f.lock_slots = 38;
       },
       "13 views, functions and foreign keys on app.t would take some 26 locks"},
      {"not_a_table", [](facts& f) { f.kind = 'v'; }, "app.t is a view"},
      {"not_a_table", [](facts& f) { f.kind = 'm'; }, "app.t is a materialized view"},
      {"not_a_table", [](facts& f) { f.kind = 'f'; }, "app.t is a foreign table"},
      {"not_a_table", [](facts& f) { f.kind = 'S'; }, "app.t is a sequence"},
      {"not_a_table", [](facts& f) { f.kind = 'i'; }, "app.t is an index"},
      {"not_a_table", [](facts& f) { f.kind = 'c'; }, "app.t is a composite type"},
      {"access_method", [](facts& f) { f.access_method = "columnar"; }, "columnar"},
      {"typed_table", [](facts& f) { f.is_typed = true; }, "app.t"},
      {"system_schema", [](facts& f) { f.system_schema = true; }, "schema app"},
      {"array_type", [](facts& f) { f.taken_array_type = "app._t"; }, "The type app._t"},
      {"table_has_job", [](facts& f) { f.other_job = 7; }, "Job 7 is at work on app.t"},
      {"extension_member", [](facts& f) { f.extension = "postgis"; }, "postgis"},
      {"depends_on_extension", [](facts& f) { f.tied_to_extensions = {"index app.i"}; }, "index app.i"},
      {"not_owner", [](facts& f) { f.may_act_as_owner = false; }, "alice, the owner of app.t"},
      {"missing_privilege", [](facts& f) { f.may_create_schema = false; }, "this database"},
      {"missing_privilege", [](facts& f) { f.may_create_in_schema = false; }, "schema app"},
      {"missing_privilege", [](facts& f) { f.owner_may_use_schema = false; }, "alice, the owner of app.t"},
      {"missing_privilege",
       [](facts& f) {
         spoil_partition(f, [](auto& m) { m.oid = 77; });
         f.neighbours.foreign_keys = {{}};
         f.neighbours.foreign_keys[0].other_name = "app.other";
         f.neighbours.foreign_keys[0].other = 88;
         f.neighbours.foreign_keys[0].outgoing = true;
       },
       "refers to app.other, which the daemon's role may not lock"},
      {"missing_privilege",
       [](facts& f) {
         f.neighbours.foreign_keys = {key_to_another_table()};
         f.neighbours.foreign_keys[0].may_not_refer = true;
       },
       "t_a_fkey refers to columns of away.other to which the daemon's role may not refer"},
      {"missing_privilege",
       [](facts& f) {
         f.neighbours.foreign_keys = {key_to_another_table()};
         f.neighbours.foreign_keys[0].missing_schema = "away";
       },
       "away.other, which the foreign key t_a_fkey ties to app.t, is in the schema away, which the daemon's role may "
       "not use"},
      {"missing_privilege",
       [](facts& f) {
         f.neighbours.functions.resize(1);
         f.neighbours.functions[0].name = "away.f";
         f.neighbours.functions[0].missing_schema = "away";
       },
       "The function away.f is in the schema away, which the daemon's role may not use"},
      {"missing_privilege",
       [](facts& f) {
         f.neighbours.elsewhere_defined.resize(1);
         f.neighbours.elsewhere_defined[0].bare_name = "other";
         f.neighbours.elsewhere_defined[0].missing_schema = "away";
       },
       "other, which mentions app.t, is in the schema away"},
      {"missing_privilege", [](facts& f) { f.foreign_grantors = {"bob"}; }, "bob granted privileges on app.t"},
      {"partition", [](facts& f) { f.is_partition = f.has_parent = true; }, "app.t is a partition"},
      {"inheritance", [](facts& f) { f.has_parent = true; }, "app.t is a child"},
      {"inheritance", [](facts& f) { f.has_children = true; }, "app.t has children"},
      {"unlogged", [](facts& f) { f.persistence = 'u'; }, "app.t is UNLOGGED"},
      {"temporary", [](facts& f) { f.persistence = 't'; }, "app.t is a temporary table"},
      {"foreign_key", [](facts& f) { f.neighbours.foreign_keys = {key_of_a_partitioned_table("t_a_fkey")}; },
       "app.parts, which has foreign tables as partitions, refers to app.t by its foreign key t_a_fkey"},
      {"missing_privilege", [](facts& f) { f.neighbours.views = {view_of("app.v", "carol")}; },
       "The view app.v hangs on app.t and belongs to carol"},
      {"row_security", [](facts& f) { f.hidden_from_owner = true; }, "app.t"},
      {"publication", [](facts& f) { f.all_tables_publications = {"everything"}; }, "everything"},
      {"subscription", [](facts& f) { f.subscribed = true; }, "app.t"},
      {"newer_postgres", [](facts& f) { f.newer = {"constraint c, WITHOUT OVERLAPS"}; },
       "app.t has what is not carried over yet: constraint c, WITHOUT OVERLAPS"},
      {"materialized_view",
       [](facts& f) {
         f.dependents = {{"materialized_view", "app.m", false, false}, {"view", "app.v", true, false}};
       },
       "app.m depends on app.t"},
      {"unknown_dependent",
       [](facts& f) {
         f.dependents = {{"unknown_dependent", "thing x", false, false}};
       },
       "thing x depends on app.t, and it is not known"},
      {"no_usable_key", [](facts& f) { f.source.indexes.clear(); }, "app.t has neither"},
      {"outdated_collation",
       [](facts& f) { f.outdated_collations.emplace(f.source.indexes.at(0).key_columns.at(0), "collation de"); },
       "collation de sorts otherwise"},
  };
  return cases;
}

TEST(refusals, each_name_the_object_and_say_what_to_do) {
  for (const auto& c : rules()) {
    auto f = acceptable();
    c.spoil(f);
    const auto refused = check(f);
    ASSERT_EQ(codes(refused), std::vector<std::string>{c.code}) << c.names;
    EXPECT_THAT(refused[0].reason, HasSubstr(c.names));
    EXPECT_FALSE(refused[0].advice.empty()) << c.code;
  }
}

TEST(refusals, come_together_in_order) {
  auto f = acceptable();
  f.may_act_as_owner = false;
  f.neighbours.foreign_keys = {key_of_a_partitioned_table("a"), key_of_a_partitioned_table("b")};
  f.persistence = 'u';
  f.dependents = {{"rule", "r", false, false}, {"policy", "x", false, false}, {"trigger", "t", true, true}};
  f.source.indexes.clear();
  EXPECT_THAT(codes(check(f)),
              ElementsAre("not_owner", "unlogged", "foreign_key", "foreign_key", "rule", "policy", "no_usable_key"));
  EXPECT_THAT(check(f),
              Each(AllOf(Field(&refusal::reason, Not(HasSubstr("{}"))), Field(&refusal::advice, Not(IsEmpty())))));
}

TEST(refusals, are_none_for_a_partitioned_table) {
  auto f = acceptable();
  spoil_partition(f, [](auto&) {});
  EXPECT_THAT(check(f), IsEmpty());
}

column numbered(int number, const char* name, const char* type) {
  column c;
  c.number = number;
  c.name = name;
  c.type = type;
  return c;
}

stage changes(std::vector<column> before, std::vector<column> after) {
  stage s;
  s.before = std::move(before);
  s.after = std::move(after);
  return s;
}

TEST(values, do_not_pass_through_two_types_of_a_column_that_is_added) {
  const auto id = numbered(1, "id", "integer");
  const auto there = numbered(2, "a", "integer"), wide = numbered(2, "a", "bigint"),
             renamed = numbered(2, "b", "bigint");
  const auto added = changes({id}, {id, there});
  EXPECT_THAT(codes(values({added, changes({id, there}, {id, wide})}, {})), ElementsAre("column_changed_twice"));
  EXPECT_THAT(codes(values({changes({id, there}, {id, there}), changes({id, there}, {id, wide})}, {})), IsEmpty());
  EXPECT_THAT(codes(values({added, changes({id, there}, {id, there}), changes({id, there}, {id})}, {})), IsEmpty());
  EXPECT_THAT(codes(values({changes({id}, {id, wide}), changes({id, wide}, {id, renamed})}, {})), IsEmpty());
  auto computed = changes({id, there}, {id, there});
  computed.usings.resize(1);
  computed.usings[0].column = "a";
  EXPECT_THAT(codes(values({added, computed}, {})), ElementsAre("column_changed_twice"));
}

TEST(refusals, begin_with_postgresql_14) {
  auto f = acceptable();
  f.server_version = 139999;
  EXPECT_THAT(codes(check(f)), ElementsAre("postgres_too_old"));
  f.server_version = 140000;
  EXPECT_THAT(check(f), IsEmpty());
}

}  // namespace
}  // namespace eidolon::plan::refusals
