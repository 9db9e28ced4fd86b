// A plan for tests of builders: names that need quoting, a key of two columns of which one is renamed
// and widened, a computed column, and one that is new.
#pragma once
#include <string>

#include "plan/plan.hpp"

namespace eidolon::plan {

inline plan sample_plan() {
  plan p;
  p.job = 7;
  p.source = {16384, "shop", "odd \"name\"", "o'wner", "f1"};
  p.ghost_schema = "eidolon_7";
  p.old_schema = "eidolon_7_old";
  p.search_path = "\"$user\", public";
  auto& d = p.forward;
  d.from = source_name(p);
  d.to = ghost_name(p);
  d.alias = "\"odd \"\"name\"\"\"";
  d.operator_path = "pg_catalog, pg_temp";
  d.key = {{"id", "integer", "ident", "bigint", ""}, {"co$de", "text", "co$de", "text", "pg_catalog.\"C\""}};
  d.columns = {{"ident", "bigint", "\"ident\"", true, true},
               {"co$de", "text", "\"co$de\"", true, false},
               {"price", "numeric", "\"price\"", true, true},
               {"added", "integer", "'5'::integer", false, false}};
  d.stages = {"\"id\" AS \"ident\", \"co$de\", (price * 2) AS \"price\""};
  return p;
}

// The plainest: one integer key under one name, a second column, nothing computed.
inline plan plain_plan() {
  plan p;
  p.job = 3;
  p.source = {16385, "s", "t", "owner", "f2"};
  p.ghost_schema = "eidolon_3";
  p.old_schema = "eidolon_3_old";
  p.search_path = "public";
  auto& d = p.forward;
  d.from = source_name(p);
  d.to = ghost_name(p);
  d.alias = "\"t\"";
  d.operator_path = "pg_catalog, pg_temp";
  d.key = {{"id", "integer", "id", "integer", ""}};
  d.columns = {{"id", "integer", "\"id\"", true, false}, {"v", "text", "\"v\"", true, false}};
  return p;
}

}  // namespace eidolon::plan
