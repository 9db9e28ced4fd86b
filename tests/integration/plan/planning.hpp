// Plans against a real server, and what the same statements do natively.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "copier/statements.hpp"
#include "plan/direction.hpp"
#include "plan/planner.hpp"
#include "postgres/quoting.hpp"
#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"

namespace eidolon::plan {

// What make_plan says, in a session of its own. `as`: more of a conninfo ("user=app").
inline outcome try_plan(const test::database& db, request r, std::string_view as = "") {
  return test::await([&]() -> boost::asio::awaitable<outcome> {
    postgres::connect_options options{.conninfo = db.conninfo(as)};
    auto c = co_await postgres::connection::open(options);
    co_return co_await make_plan(*c, 1, r);
  });
}

// The codes of the refusals, joined by a space; "" for a plan.
inline std::string codes_of(const outcome& o) {
  std::string codes;
  if (const auto* no = std::get_if<std::vector<refusal>>(&o))
    for (const auto& n : *no) codes += (codes.empty() ? "" : " ") + n.code;
  return codes;
}

inline std::string reasons_of(const outcome& o) {
  std::string reasons;
  if (const auto* no = std::get_if<std::vector<refusal>>(&o))
    for (const auto& n : *no) reasons += n.reason + " " + n.advice + "\n";
  return reasons;
}

// Everything that has a name or a definition on a table, a line each, as if it were in the schema `home`.
inline std::string shape_text(test::session& s, const std::string& schema, const std::string& table,
                              const std::string& home) {
  const auto oid = s.literal(postgres::qualified(schema, table)) + "::regclass";
  return s.value(
      "SELECT string_agg(replace(line, quote_ident(" + s.literal(schema) + ") || '.', quote_ident(" + s.literal(home) +
      ") || '.'), E'\\n' ORDER BY line COLLATE \"C\") FROM ("
      "SELECT format('column %s %s %s %s%s%s', row_number() OVER (ORDER BY a.attnum), a.attname, "
      "format_type(a.atttypid, a.atttypmod), "
      "coalesce(pg_get_expr(d.adbin, d.adrelid), ''), a.attnotnull, a.attidentity) AS line FROM pg_attribute a "
      "LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = " +
      oid +
      " AND a.attnum > 0 AND NOT a.attisdropped "
      "UNION ALL SELECT format('constraint %s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE "
      "conrelid = " +
      oid + " UNION ALL SELECT 'index ' || pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = " + oid +
      " UNION ALL SELECT 'sequence ' || c.relname FROM pg_depend e JOIN pg_class c ON c.oid = e.objid AND c.relkind = "
      "'S' "
      "WHERE e.refobjid = " +
      oid + " AND e.deptype = 'i') AS lines");
}

inline std::string rows_text(test::session& s, const std::string& qualified, const std::string& table) {
  const auto row = postgres::identifier(table);
  return s.value("SELECT string_agg(" + row + "::text, E'\\n' ORDER BY " + row + "::text COLLATE \"C\") FROM ONLY " +
                 qualified + " AS " + row);
}

struct table_image {
  std::string shape, rows;
};

// The table as the plan's statements build it, filled by the copy's statement; all of it rolled back.
inline table_image build_planned(const test::database& db, const plan& p) {
  auto s = db.session();
  s.sql("BEGIN; SET LOCAL search_path = pg_catalog, pg_temp; CREATE SCHEMA " + p.ghost_schema);
  for (const auto& statement : p.build_ghost) s.sql(statement);
  s.sql("SET LOCAL search_path = " + p.forward.operator_path);
  s.sql(copier::insert_rows(p, rows_where(p.forward, "true")));
  s.sql("SET LOCAL search_path = pg_catalog, pg_temp");
  for (const auto& i : p.indexes) {
    if (i.temporary) continue;
    s.sql(i.create);
    for (const auto& then : i.then) s.sql(then);
  }
  for (const auto& k : p.late_constraints) s.sql(k);
  for (const auto& i : p.identities)
    if (i.always)
      s.sql("ALTER TABLE " + postgres::qualified(p.ghost_schema, i.table) + " ALTER COLUMN " +
            postgres::identifier(i.ghost_column) + " SET GENERATED ALWAYS");
  table_image built{shape_text(s, p.ghost_schema, p.source.name, p.source.schema),
                    rows_text(s, ghost_name(p), p.source.name)};
  s.sql("ROLLBACK");
  return built;
}

// The table after the statements themselves; rolled back as well.
inline table_image alter_natively(const test::database& db, const plan& p) {
  auto s = db.session();
  s.sql("BEGIN");
  for (const auto& statement : p.alter) s.sql(statement);
  s.sql("SET LOCAL search_path = pg_catalog, pg_temp");
  table_image altered{shape_text(s, p.source.schema, p.source.name, p.source.schema),
                      rows_text(s, source_name(p), p.source.name)};
  s.sql("ROLLBACK");
  return altered;
}

}  // namespace eidolon::plan
