#include "plan/facts.hpp"

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>

#include "plan/catalog_query.hpp"
#include "plan/sql.hpp"

namespace eidolon::plan {

boost::asio::awaitable<std::vector<dependent>> read_dependents(postgres::connection& c, std::uint32_t oid,
                                                               std::string job_schema) {
  std::vector<dependent> found;
  const auto rows = co_await c.execute(postgres::sql(postgres::raw(catalog_query(sql::dependents)), oid, job_schema));
  for (const auto r : rows) {
    auto kind = r.get<std::string>("kind");
    if (!kind.empty())
      found.push_back({std::move(kind), r.get<std::optional<std::string>>("object").value_or("?"),
                       r.get<bool>("carried"), r.get<bool>("own")});
  }
  co_return found;
}

namespace {

struct prepare_for_a_while {
  postgres::connection& c;
  explicit prepare_for_a_while(postgres::connection& on) : c{on} { c.prepare_statements(true); }
  prepare_for_a_while(const prepare_for_a_while&) = delete;
  prepare_for_a_while& operator=(const prepare_for_a_while&) = delete;
  ~prepare_for_a_while() { c.prepare_statements(false); }
};

boost::asio::awaitable<std::vector<partition_facts>> read_partitions(postgres::connection& c, std::uint32_t oid) {
  std::vector<partition_facts> found;
  const auto rows = co_await c.execute(postgres::sql(postgres::raw(sql::partitions), oid));
  const prepare_for_a_while prepared{c};  // the same few, for hundreds of tables
  for (const auto r : rows) {
    partition_facts m;
    m.oid = r.get<std::uint32_t>("oid");
    m.parent = r.get<std::string>("parent");
    m.schema = r.get<std::string>("schema");
    m.name = r.get<std::string>("name");
    m.owner = r.get<std::string>("owner");
    m.access_method = r.get<std::string>("access_method");
    m.bound = r.get<std::string>("bound");
    m.partition_key = r.get<std::string>("partition_key");
    m.kind = r.get<char>("kind");
    m.persistence = r.get<char>("persistence");
    m.detaching = r.get<bool>("detaching");
    m.hidden_from_owner = r.get<bool>("hidden_from_owner");
    m.has_neighbours = r.get<bool>("has_neighbours");
    m.may_not_create = r.get<bool>("may_not_create");
    m.owner_may_not_use = r.get<bool>("owner_may_not_use");
    m.extension_member = r.get<bool>("extension_member");
    m.table = co_await read_shape(c, m.oid);
    found.push_back(std::move(m));
  }
  co_return found;
}

// PostgreSQL has recorded the version of a database's own since version 15.
boost::asio::awaitable<std::map<std::string, std::string>> read_outdated_collations(postgres::connection& c,
                                                                                    std::uint32_t oid) {
  const char* own = "d.datcollversion <> pg_catalog.pg_database_collation_actual_version(d.oid)";
  std::string query{sql::outdated_collations};
  boost::replace_all(query, "{default}", c.server_version() >= 150'000 ? own : "false");
  std::map<std::string, std::string> found;
  const auto rows = co_await c.execute(postgres::sql(postgres::raw(std::move(query)), oid));
  for (const auto r : rows) found.emplace(r.get<std::string>("column"), r.get<std::string>("of"));
  co_return found;
}

}  // namespace

boost::asio::awaitable<std::optional<facts>> read_facts(postgres::connection& c, std::uint32_t oid,
                                                        std::string job_schema) {
  const auto rows = co_await c.execute(postgres::sql(postgres::raw(catalog_query(sql::facts)), oid, job_schema));
  if (rows.empty()) co_return std::nullopt;
  const auto r = rows.front();
  using texts = std::optional<std::vector<std::string>>;
  facts f;
  f.server_version = c.server_version();
  f.oid = oid;
  f.schema = r.get<std::string>("schema");
  f.name = r.get<std::string>("name");
  f.owner = r.get<std::string>("owner");
  f.access_method = r.get<std::string>("access_method");
  f.definition = r.get<std::string>("definition");
  f.kind = r.get<char>("kind");
  f.persistence = r.get<char>("persistence");
  f.may_act_as_owner = r.get<bool>("may_act_as_owner");
  f.may_create_schema = r.get<bool>("may_create_schema");
  f.owner_may_use_schema = r.get<bool>("owner_may_use_schema");
  f.may_create_in_schema = r.get<bool>("may_create_in_schema");
  f.is_partition = r.get<bool>("is_partition");
  f.has_parent = r.get<bool>("has_parent");
  f.has_children = r.get<bool>("has_children");
  f.is_typed = r.get<bool>("is_typed");
  f.hidden_from_owner = r.get<bool>("hidden_from_owner");
  f.may_see_all = r.get<bool>("may_see_all");
  f.system_schema = r.get<bool>("system_schema");
  f.subscribed = r.get<bool>("subscribed");
  f.taken_array_type = r.get<std::optional<std::string>>("taken_array_type");
  f.other_job = r.get<std::optional<std::int64_t>>("other_job");
  f.extension = r.get<std::optional<std::string>>("extension");
  f.all_tables_publications = r.get<texts>("all_tables_publications").value_or(std::vector<std::string>{});
  f.newer = r.get<texts>("newer").value_or(std::vector<std::string>{});
  f.tied_to_extensions = r.get<texts>("tied_to_extensions").value_or(std::vector<std::string>{});
  f.revoked = r.get<texts>("revoked").value_or(std::vector<std::string>{});
  f.foreign_grantors = r.get<texts>("foreign_grantors").value_or(std::vector<std::string>{});
  f.sequences = r.get<texts>("sequences").value_or(std::vector<std::string>{});
  // Before all that it is a fingerprint of: what somebody changes meanwhile is then seen to have changed.
  auto state = co_await read_neighbourhood_state(c, oid, job_schema);
  f.dependents = co_await read_dependents(c, oid, job_schema);
  f.partition_key = r.get<std::string>("partition_key");
  f.lock_slots = r.get<std::int64_t>("lock_slots");
  f.partitions = co_await read_partitions(c, oid);
  f.source = co_await read_shape(c, oid);
  f.outdated_collations = co_await read_outdated_collations(c, oid);
  f.neighbours = co_await read_neighbourhood(c, oid, job_schema);
  f.neighbours.state = std::move(state);
  for (const auto& m : f.partitions)
    if (m.has_neighbours) co_await read_partition_neighbourhood(c, m.oid, m.name, job_schema, f.neighbours);
  co_return f;
}

bool is_of_tree(const facts& f, std::uint32_t oid) {
  return oid == f.oid ||
         std::any_of(f.partitions.begin(), f.partitions.end(), [&](const auto& m) { return m.oid == oid; });
}

std::string display_name(const facts& f) { return f.schema + "." + f.name; }

}  // namespace eidolon::plan
