#include "plan/neighbourhood.hpp"

#include <boost/algorithm/string/replace.hpp>

#include "plan/catalog_query.hpp"
#include "plan/faithful_text.hpp"
#include "plan/sql.hpp"

namespace eidolon::plan {
namespace {

namespace asio = boost::asio;
using postgres::connection;
using postgres::raw;
using postgres::row;
using text = std::optional<std::string>;
using texts = std::optional<std::vector<std::string>>;

text faithful_expression(text expression) {
  if (!expression) return expression;
  return faithful(std::move(*expression), "SELECT ");
}

foreign_key read_foreign_key(const row& r) {
  foreign_key k;
  k.oid = r.get<std::uint32_t>("oid");
  k.other = r.get<std::uint32_t>("other");
  k.name = r.get<std::string>("name");
  k.definition = r.get<std::string>("definition");
  k.on_table = r.get<std::string>("on_table");
  k.other_name = r.get<std::string>("other_name");
  k.columns = r.get<std::vector<std::string>>("columns");
  k.referenced_columns = r.get<std::vector<std::string>>("referenced_columns");
  k.operators = r.get<std::vector<std::string>>("operators");
  k.on_owner = r.get<std::string>("on_owner");
  const auto list = [&](const char* name) { return r.get<texts>(name).value_or(std::vector<std::string>{}); };
  const auto schemas = list("part_schemas"), tables = list("part_tables"), names = list("part_names"),
             kinds = list("part_kinds");
  for (std::size_t i = 0; i < names.size(); ++i) k.parts.push_back({schemas[i], tables[i], names[i], kinds[i].front()});
  k.action_names = list("action_names");
  k.action_functions = list("action_functions");
  k.referenced_partitions = r.get<int>("referenced_partitions");
  k.enforced = r.get<bool>("enforced");
  k.match_full = r.get<bool>("match_full");
  k.outgoing = r.get<bool>("outgoing");
  k.incoming = r.get<bool>("incoming");
  k.validated = r.get<bool>("validated");
  k.other_is_partitioned = r.get<bool>("other_is_partitioned");
  k.may_not_refer = r.get<bool>("may_not_refer");
  k.owner_may_not_refer = r.get<bool>("owner_may_not_refer");
  k.hidden_from_owner = r.get<bool>("hidden_from_owner");
  k.owner_missing_schema = r.get<text>("owner_missing_schema");
  k.missing_schema = r.get<text>("missing_schema");
  k.may_move_rows = r.get<bool>("may_move_rows");
  k.deferred_by_other_names = r.get<bool>("deferred_by_other_names");
  k.may_lock = r.get<bool>("may_lock");
  k.comment = r.get<text>("comment");
  k.missing_owner = r.get<text>("missing_owner");
  return k;
}

reaction_of_table read_reaction(const row& r) {
  return {r.get<std::string>("name"), faithful(r.get<std::string>("definition")), r.get<char>("enabled"),
          r.get<text>("comment")};
}

policy read_policy(const row& r) {
  return {r.get<std::string>("name"), r.get<std::string>("head"), faithful_expression(r.get<text>("using_expression")),
          faithful_expression(r.get<text>("check_expression")), r.get<text>("comment")};
}

extended_statistics read_statistics(const row& r) {
  return {r.get<std::uint32_t>("oid"),  r.get<std::string>("schema"),
          r.get<std::string>("name"),   faithful(r.get<std::string>("definition")),
          r.get<std::string>("owner"),  r.get<int>("target"),
          r.get<text>("comment"),       r.get<text>("missing_owner"),
          r.get<text>("missing_schema")};
}

view read_view(const row& r) {
  return {r.get<std::uint32_t>("oid"),
          r.get<bool>("materialized"),
          r.get<std::string>("schema"),
          r.get<std::string>("bare_name"),
          r.get<std::string>("name"),
          r.get<std::string>("owner"),
          faithful(r.get<std::string>("definition")),
          r.get<text>("options").value_or(""),
          r.get<text>("missing_owner"),
          r.get<text>("missing_schema")};
}

sql_function read_function(const row& r) {
  return {r.get<std::string>("kind"),      r.get<std::string>("bare_name"),
          r.get<std::string>("name"),      faithful(r.get<std::string>("definition")),
          r.get<std::string>("signature"), r.get<std::string>("owner"),
          r.get<text>("missing_owner"),    r.get<text>("missing_schema")};
}

row_type_function read_row_type_function(const row& r) {
  row_type_function f;
  f.oid = r.get<std::uint32_t>("oid");
  f.name = r.get<std::string>("name");
  f.definition = r.get<std::string>("definition");
  f.owner = r.get<std::string>("owner");
  f.comment = r.get<text>("comment");
  f.missing_owner = r.get<text>("missing_owner");
  f.missing_schema = r.get<text>("missing_schema");
  f.owner_may_not_create = r.get<bool>("owner_may_not_create");
  f.needs_superuser = r.get<bool>("needs_superuser");
  return f;
}

publication read_publication(const row& r) {
  return {r.get<std::string>("name"), r.get<text>("columns"), faithful_expression(r.get<text>("filter")),
          r.get<text>("missing_owner")};
}

security_label read_label(const row& r) {
  return {r.get<std::string>("provider"), r.get<std::string>("label"), r.get<std::string>("what"),
          r.get<std::string>("name"), r.get<text>("column").value_or("")};
}

elsewhere read_elsewhere(const row& r) {
  elsewhere e;
  const auto kind = r.get<std::string>("kind");
  e.kind = kind == "policy" ? elsewhere::what::policy
           : kind == "rule" ? elsewhere::what::rule
                            : elsewhere::what::trigger;
  e.on = r.get<std::uint32_t>("on_oid");
  e.on_view = r.get<bool>("on_view");
  e.schema = r.get<std::string>("schema");
  e.bare_name = r.get<std::string>("bare_name");
  e.name = r.get<std::string>("name");
  e.definition = faithful(r.get<text>("definition").value_or(""));
  e.enabled = r.get<char>("enabled");
  e.comment = r.get<text>("comment");
  e.missing_owner = r.get<text>("missing_owner");
  e.missing_schema = r.get<text>("missing_schema");
  return e;
}

template <class Read>
asio::awaitable<void> read_all(connection& c, std::string query, std::uint32_t oid, Read read) {
  const auto rows = co_await c.execute(postgres::sql(raw(std::move(query)), oid));
  for (const auto r : rows) read(r);
}

asio::awaitable<materialized_view> read_materialized_view(connection& c, std::uint32_t oid, std::uint32_t table) {
  const auto rows = co_await c.execute(postgres::sql(raw(sql::materialized_view), oid, table));
  const auto r = rows.front();
  const auto list = [&](const char* name) { return r.get<texts>(name).value_or(std::vector<std::string>{}); };
  const auto self = co_await c.execute(postgres::sql(raw(sql::view), oid));
  materialized_view m{oid,
                      read_view(self.front()),
                      r.get<bool>("populated"),
                      r.get<std::string>("tablespace"),
                      r.get<std::string>("access_method"),
                      r.get<text>("comment"),
                      list("columns"),
                      list("column_comments"),
                      list("indexes"),
                      list("clustered"),
                      list("details"),
                      list("index_details"),
                      list("labels"),
                      r.get<bool>("owner_may_read"),
                      r.get<bool>("bound_by_policies"),
                      r.get<std::optional<std::uint32_t>>("array_type_of"),
                      {}};
  for (auto& index : m.indexes) index = faithful(std::move(index));
  const auto readers = list("readers");
  for (const auto& reader : readers) {
    const auto found = co_await c.execute(postgres::sql(raw(sql::view), reader));
    m.readers.push_back(read_view(found.front()));
  }
  co_return m;
}

// Column lists and row filters came with PostgreSQL 15.
std::string publications_query(int server_version) {
  const bool lists = server_version >= 150000;
  auto query = std::string{sql::publications};
  boost::replace_all(query, "{columns}", lists ? "r.prattrs" : "NULL");
  boost::replace_all(query, "{filter}", lists ? "r.prqual" : "NULL");
  return query;
}

constexpr const char* table_traits =
    "SELECT relrowsecurity AS enabled, relforcerowsecurity AS forced, obj_description(reltype, 'pg_type') AS "
    "row_type_comment FROM pg_catalog.pg_class WHERE oid = $1";

}  // namespace

asio::awaitable<std::string> read_neighbourhood_state(connection& c, std::uint32_t oid, std::string job_schema) {
  const auto rows = co_await c.execute(postgres::sql(raw(catalog_query(sql::neighbourhood_state)), oid, job_schema));
  // A type may come to hide a checked domain without any change of what uses it.
  const auto evaluated = co_await c.execute(postgres::sql(raw(catalog_query(sql::literals)), oid));
  co_return rows.front().get<std::string>("state") + (evaluated.empty() ? "" : " evaluated");
}

asio::awaitable<std::vector<policy>> read_policies(connection& c, std::uint32_t oid) {
  std::vector<policy> found;
  const std::string query{sql::policies};
  co_await read_all(c, query, oid, [&](const row& r) { found.push_back(read_policy(r)); });
  co_return found;
}

asio::awaitable<std::vector<reaction_of_table>> read_rules(connection& c, std::uint32_t oid) {
  std::vector<reaction_of_table> found;
  const std::string query{sql::rules};
  co_await read_all(c, query, oid, [&](const row& r) { found.push_back(read_reaction(r)); });
  co_return found;
}

asio::awaitable<neighbourhood> read_neighbourhood(connection& c, std::uint32_t oid, std::string job_schema) {
  neighbourhood n;
  const auto triggers = co_await c.execute(postgres::sql(raw(sql::triggers), oid, job_schema));
  for (const auto r : triggers) n.triggers.push_back(read_reaction(r));
  const std::string foreign_keys{sql::foreign_keys}, elsewhere_query{catalog_query(sql::elsewhere)},
      statistics{sql::statistics}, views{catalog_query(sql::views)}, functions{catalog_query(sql::functions)},
      row_type_functions{sql::row_type_functions};
  co_await read_all(c, foreign_keys, oid, [&](const row& r) { n.foreign_keys.push_back(read_foreign_key(r)); });
  n.rules = co_await read_rules(c, oid);
  n.policies = co_await read_policies(c, oid);
  co_await read_all(c, elsewhere_query, oid, [&](const row& r) { n.elsewhere_defined.push_back(read_elsewhere(r)); });
  co_await read_all(c, statistics, oid, [&](const row& r) { n.statistics.push_back(read_statistics(r)); });
  co_await read_all(c, views, oid, [&](const row& r) { n.views.push_back(read_view(r)); });
  co_await read_all(c, functions, oid, [&](const row& r) { n.functions.push_back(read_function(r)); });
  co_await read_all(c, row_type_functions, oid,
                    [&](const row& r) { n.row_type_functions.push_back(read_row_type_function(r)); });
  const auto materialized = co_await c.execute(postgres::sql(raw(sql::materialized_views), oid));
  for (const auto r : materialized) {
    auto m = co_await read_materialized_view(c, r.get<std::uint32_t>("oid"), oid);
    n.materialized_views.push_back(std::move(m));
  }
  auto publications = publications_query(c.server_version());
  co_await read_all(c, std::move(publications), oid,
                    [&](const row& r) { n.publications.push_back(read_publication(r)); });
  const auto flags = co_await c.execute(postgres::sql(raw(table_traits), oid));
  n.row_security = flags.front().get<bool>("enabled");
  n.forced_row_security = flags.front().get<bool>("forced");
  n.row_type_comment = flags.front().get<text>("row_type_comment");
  const std::string labels{catalog_query(sql::security_labels)}, literals{catalog_query(sql::literals)};
  co_await read_all(c, labels, oid, [&](const row& r) { n.labels.push_back(read_label(r)); });
  co_await read_all(c, literals, oid, [&](const row& r) { n.evaluated.push_back(r.get<std::string>("object")); });
  co_return n;
}

asio::awaitable<void> read_partition_neighbourhood(connection& c, std::uint32_t oid, std::string name,
                                                   std::string job_schema, neighbourhood& n) {
  const auto add = [&name](auto& list, auto item) {
    item.on = name;
    list.push_back(std::move(item));
  };
  const std::string foreign_keys{sql::foreign_keys};
  co_await read_all(c, foreign_keys, oid, [&](const row& r) { add(n.foreign_keys, read_foreign_key(r)); });
  const auto triggers = co_await c.execute(postgres::sql(raw(sql::triggers), oid, job_schema));
  for (const auto r : triggers) add(n.triggers, read_reaction(r));
  const auto states = co_await c.execute(postgres::sql(raw(sql::trigger_states), oid, job_schema));
  for (const auto r : states)
    n.trigger_states.push_back({r.get<std::string>("name"), r.get<char>("enabled"), r.get<text>("comment"), name});
  const auto rules = co_await read_rules(c, oid);
  for (const auto& rule : rules) add(n.rules, rule);
  const auto policies = co_await read_policies(c, oid);
  for (const auto& p : policies) add(n.policies, p);
  const std::string statistics{sql::statistics};
  co_await read_all(c, statistics, oid, [&](const row& r) { n.statistics.push_back(read_statistics(r)); });
  auto publications = publications_query(c.server_version());
  co_await read_all(c, std::move(publications), oid, [&](const row& r) { add(n.publications, read_publication(r)); });
  const auto traits = co_await c.execute(postgres::sql(raw(table_traits), oid));
  const auto r = traits.front();
  n.partitions.push_back({r.get<bool>("enabled"), r.get<bool>("forced"), r.get<text>("row_type_comment"), name});
}

}  // namespace eidolon::plan
