#include "plan/rebuilt_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>

#include "plan/definitions.hpp"
#include "plan/same_operators.hpp"
#include "plan/sql_text.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {
namespace {

using postgres::identifier;
using postgres::qualified;

struct query {
  std::string text;
  bool reads_table{};
  std::vector<const materialized_view*> reads;
};

query query_of(const materialized_view& m, const neighbourhood& before, const neighbourhood& after,
               const stand_ins& s) {
  query q{m.self.definition, false, {}};
  for (const auto& direct : after.views)
    if (direct.bare_name == view_prefix + std::to_string(m.oid)) {
      q.text = direct.definition;
      q.reads_table = true;
    }
  q.text = replace_tables(without_semicolon(q.text), [&](const std::string& schema, const std::string& name) {
    for (const auto& other : before.materialized_views)
      if (other.self.schema == schema && other.self.bare_name == name) {
        q.reads.push_back(&other);
        return std::optional{qualified(s.ghost_schema, name)};
      }
    return std::optional<std::string>{};
  });
  return q;
}

// Its owner may read what the one in use reads, else the job is refused; what it is granted for that lasts as long as a
// transaction.
void grant(rebuilt_view& r, const materialized_view& m, const query& q, const stand_ins& s,
           const std::string& table_owner) {
  const auto give = [&](const std::string& what) {
    r.settings += fmt::format("; GRANT {} TO {}", what, identifier(m.self.owner));
    r.revokes += fmt::format("REVOKE {} FROM {};\n", what, identifier(m.self.owner));
  };
  if (m.self.owner != table_owner) give("USAGE, CREATE ON SCHEMA " + identifier(s.ghost_schema));
  if (m.self.owner != table_owner && q.reads_table) give("SELECT ON " + s.clone);
  for (const auto* other : q.reads)
    if (other->self.owner != m.self.owner) give("SELECT ON " + qualified(s.ghost_schema, other->self.bare_name));
}

}  // namespace

rebuilt_view rebuild(const materialized_view& m, const neighbourhood& before, const neighbourhood& after,
                     const stand_ins& s, const plan& p) {
  rebuilt_view r;
  r.oid = m.oid;
  r.name = m.self.name;
  r.ghost_name = qualified(s.ghost_schema, m.self.bare_name);
  r.columns = m.columns;
  // Its owner is bound by the policies of the other tables that it reads, as natively; and by no path of somebody else.
  r.settings = "SET LOCAL row_security = on";
  if (m.self.owner == p.source.owner)
    r.settings += "; SET LOCAL search_path = " + with_operators_at_last(p.trusted_path, s.operator_schemas);
  else if (!s.path.empty())
    r.settings += "; SET LOCAL search_path = " + s.path;  // in which the table's owner may create nothing
  const auto q = query_of(m, before, after, s);
  grant(r, m, q, s, p.source.owner);
  r.build.push_back(fmt::format("CREATE MATERIALIZED VIEW {} USING {}{}{} AS {} WITH NO DATA", r.ghost_name,
                                m.access_method, m.self.options.empty() ? "" : " WITH (" + m.self.options + ")",
                                m.tablespace.empty() ? "" : " TABLESPACE " + m.tablespace, q.text));
  r.build.push_back(fmt::format("ALTER MATERIALIZED VIEW {} OWNER TO {}", r.ghost_name, identifier(m.self.owner)));
  comment_on(r.build, "MATERIALIZED VIEW " + r.ghost_name, m.comment);
  for (std::size_t i = 0; i < m.columns.size(); ++i)
    if (!m.column_comments[i].empty())
      comment_on(r.build, fmt::format("COLUMN {}.{}", r.ghost_name, identifier(m.columns[i])), m.column_comments[i]);
  for (const auto& label : m.labels) r.build.push_back(boost::replace_first_copy(label, "{name}", r.ghost_name));
  for (const auto& detail : m.details)
    r.build.push_back(fmt::format("ALTER MATERIALIZED VIEW {} {}", r.ghost_name, detail));
  // It runs as the owner of the view, in a restricted context.
  if (m.populated) r.refresh = "REFRESH MATERIALIZED VIEW " + r.ghost_name;
  for (const auto& index : m.indexes) r.indexes.push_back(retarget(index, r.ghost_name));
  for (const auto& detail : m.index_details)
    r.indexes.push_back(boost::replace_first_copy(detail, "{schema}", identifier(s.ghost_schema)));
  for (const auto& index : m.clustered)
    r.indexes.push_back(fmt::format("ALTER MATERIALIZED VIEW {} CLUSTER ON {}", r.ghost_name, identifier(index)));
  return r;
}

}  // namespace eidolon::plan
