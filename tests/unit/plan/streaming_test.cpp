// When the copy may be streamed as far as the mapping tells, and the two statements, word for word.
#include "plan/streaming.hpp"

#include <gtest/gtest.h>

#include "tests/unit/plan/sample_plan.hpp"

namespace eidolon::plan {
namespace {

TEST(streaming, sends_what_does_not_change_as_it_is) {
  const auto d = plain_plan().forward;
  EXPECT_EQ(copy_out(d, "R AS \"t\""), "COPY (SELECT \"id\", \"v\" FROM R AS \"t\") TO STDOUT (FORMAT binary)");
  EXPECT_EQ(copy_in(d), "COPY \"eidolon_3\".\"t\" (\"id\", \"v\") FROM STDIN (FORMAT binary)");
  EXPECT_EQ(stream_obstacle(d), "");
}

// A cast with a modifier would cut off what the assignment of ALTER COLUMN … TYPE rejects.
TEST(streaming, sends_what_changes_as_the_new_type_without_its_modifier) {
  auto d = plain_plan().forward;
  d.columns[1] = {"v", "character(3)", "\"v\"", true, true, "bpchar"};
  d.columns.push_back({"n", "numeric(5,2)", "'1.5'::numeric(5,2)", false, false, "numeric"});
  EXPECT_EQ(stream_obstacle(d), "");
  EXPECT_EQ(copy_out(d, "R"),
            "COPY (SELECT \"id\", (\"v\")::bpchar, ('1.5'::numeric(5,2))::numeric FROM R) TO STDOUT (FORMAT binary)");
}

TEST(streaming, needs_a_type_of_postgresqls_own_where_a_value_changes) {
  auto d = plain_plan().forward;
  d.columns[1].ghost_type = "public.short";  // a domain: a cast to it applies its modifier
  EXPECT_EQ(stream_obstacle(d), "");
  d.columns[1].changed = true;
  EXPECT_EQ(stream_obstacle(d), "column v changes, and its type is an array or not one of PostgreSQL's own");
  d.columns[1].bare_type = "xml[]";
  EXPECT_NE(stream_obstacle(d), "");
  d.columns[1].bare_type = "text";
  EXPECT_EQ(stream_obstacle(d), "");
  d.view = "\"eidolon_3\".\"rows\"";
  EXPECT_EQ(stream_obstacle(d), "row-level security is forced on the owner");
}

}  // namespace
}  // namespace eidolon::plan
