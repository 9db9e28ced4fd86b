#include "plan/foreign_key_text.hpp"

#include <fmt/format.h>

#include "postgres/quoting.hpp"

namespace eidolon::plan {

using postgres::identifier;
using postgres::literal;

foreign_key_check violation_of(const foreign_key& k, const std::string& table, const std::string& referenced) {
  std::string pairs, given, key, names;
  for (std::size_t i = 0; i < k.columns.size(); ++i) {
    const auto column = "f." + identifier(k.columns[i]);
    pairs += fmt::format("{}r.{} {} {}", i ? " AND " : "", identifier(k.referenced_columns[i]), k.operators[i], column);
    given += fmt::format("{}{} IS NOT NULL", i ? (k.match_full ? " OR " : " AND ") : "", column);
    key += fmt::format("{}{}", i ? ", " : "", column);
    names += fmt::format("{}{}", i ? ", " : "", k.columns[i]);
  }
  return {k.name, fmt::format("SELECT {} || ROW({})::text FROM {} AS f WHERE ({}) AND NOT EXISTS (SELECT FROM {} AS r "
                              "WHERE {}) ORDER BY 1 LIMIT 1",
                              literal("(" + names + ")="), key, table, given, referenced, pairs)};
}

std::string in_former_order(const foreign_key& before, const std::string& on_table, const std::string& name) {
  constexpr auto body =
      "DECLARE former record; made record; BEGIN FOR former IN SELECT * FROM unnest({}::text[], {}::text[]) AS "
      "u(name, function) LOOP SELECT t.tgname AS name, t.tgrelid::regclass AS on_table INTO made FROM pg_trigger t "
      "JOIN pg_constraint k ON k.oid = t.tgconstraint WHERE k.contype = 'f' AND k.conrelid = {}::regclass AND "
      "k.conname = {} AND t.tgrelid = k.confrelid AND t.tgfoid = former.function::regproc; IF made.name <> former.name "
      "THEN BEGIN EXECUTE "
      "format('ALTER TRIGGER %I ON %s RENAME TO %I', made.name, made.on_table, former.name); EXCEPTION WHEN "
      "insufficient_privilege THEN NULL; END; END IF; END LOOP; END";
  return "DO " + literal(fmt::format(body, literal(postgres::array_literal(before.action_names)),
                                     literal(postgres::array_literal(before.action_functions)), literal(on_table),
                                     literal(name)));
}

}  // namespace eidolon::plan
