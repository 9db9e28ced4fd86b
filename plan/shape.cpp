#include "plan/shape.hpp"

#include "plan/faithful_text.hpp"
#include "plan/sql.hpp"

namespace eidolon::plan {
namespace {

using postgres::row;
using text = std::optional<std::string>;
using texts = std::optional<std::vector<std::string>>;

sequence_options read_sequence(const row& r) {
  return {r.get<std::string>("identity_sequence"), r.get<std::string>("sequence_type"),
          r.get<std::int64_t>("seqstart"),         r.get<std::int64_t>("seqincrement"),
          r.get<std::int64_t>("seqmin"),           r.get<std::int64_t>("seqmax"),
          r.get<std::int64_t>("seqcache"),         r.get<bool>("seqcycle"),
          r.get<bool>("sequence_unlogged"),        r.get<text>("sequence_comment"),
          r.get<bool>("owner_may_read_sequence")};
}

column read_column(const row& r) {
  column c;
  c.number = r.get<int>("number");
  c.name = r.get<std::string>("name");
  c.type = r.get<std::string>("type");
  c.type_oid = r.get<std::uint32_t>("type_oid");
  c.collation_oid = r.get<std::uint32_t>("collation_oid");
  c.collation = r.get<text>("collation").value_or("");
  c.type_modifier = r.get<int>("type_modifier");
  c.bare_type = r.get<std::string>("bare_type");
  c.large = r.get<bool>("large");
  c.cast_cuts = r.get<bool>("cast_cuts");
  c.not_null = r.get<bool>("not_null");
  c.identity = r.get<char>("identity");
  c.generated = r.get<char>("generated");
  c.statistics_target = r.get<int>("statistics_target");
  c.options = r.get<texts>("options").value_or(std::vector<std::string>{});
  c.missing_value = r.get<text>("missing_value");
  c.default_expression = r.get<text>("default_expression");
  c.domain_default = r.get<text>("domain_default");
  if (!r.is_null("identity_sequence")) c.sequence = read_sequence(r);
  return c;
}

index read_index(const row& r) {
  index i;
  i.oid = r.get<std::uint32_t>("oid");
  i.name = r.get<std::string>("name");
  i.definition = faithful(r.get<std::string>("definition"));
  i.method = r.get<std::string>("method");
  i.tablespace = r.get<std::string>("tablespace");
  i.parent = r.get<text>("parent").value_or("");
  i.options = r.get<texts>("options").value_or(std::vector<std::string>{});
  i.unique = r.get<bool>("is_unique");
  i.valid = r.get<bool>("valid");
  i.immediate = r.get<bool>("immediate");
  i.clustered = r.get<bool>("clustered");
  i.replica_identity = r.get<bool>("replica_identity");
  i.partial = r.get<bool>("partial");
  i.has_expressions = r.get<bool>("has_expressions");
  i.comment = r.get<text>("comment");
  i.constraint_name = r.get<text>("constraint_name").value_or("");
  i.constraint_definition = faithful(r.get<text>("constraint_definition").value_or(""), "ALTER TABLE t ADD ");
  i.constraint_type = r.get<char>("constraint_type");
  i.deferrable = r.get<bool>("deferrable");
  i.deferred = r.get<bool>("deferred");
  i.constraint_comment = r.get<text>("constraint_comment");
  i.key_columns = r.get<texts>("key_columns").value_or(std::vector<std::string>{});
  i.plain_columns = r.get<std::optional<bool>>("plain_columns").value_or(false);
  i.all_not_null = r.get<std::optional<bool>>("all_not_null").value_or(false);
  i.operator_schemas = r.get<texts>("operator_schemas").value_or(std::vector<std::string>{});
  i.statistics_targets = r.get<texts>("statistics_targets").value_or(std::vector<std::string>{});
  return i;
}

}  // namespace

const column* shape::find(std::string_view name) const {
  for (const auto& c : columns)
    if (c.name == name) return &c;
  return nullptr;
}

const column* shape::find(int number) const {
  for (const auto& c : columns)
    if (c.number == number) return &c;
  return nullptr;
}

boost::asio::awaitable<shape> read_shape(postgres::connection& c, std::uint32_t oid) {
  shape s;
  s.oid = oid;
  const auto table = co_await c.execute(postgres::sql(postgres::raw(sql::table), oid));
  s.tablespace = table.front().get<std::string>("tablespace");
  s.options = table.front().get<texts>("options").value_or(std::vector<std::string>{});
  s.replica_identity = table.front().get<char>("replica_identity");
  s.comment = table.front().get<text>("comment");
  const auto columns = co_await c.execute(postgres::sql(postgres::raw(sql::columns), oid));
  for (const auto r : columns) s.columns.push_back(read_column(r));
  const auto indexes = co_await c.execute(postgres::sql(postgres::raw(sql::indexes), oid));
  for (const auto r : indexes) s.indexes.push_back(read_index(r));
  const auto checks = co_await c.execute(postgres::sql(postgres::raw(sql::checks), oid));
  for (const auto r : checks)
    s.checks.push_back({r.get<std::string>("name"), faithful(r.get<std::string>("definition"), "ALTER TABLE t ADD "),
                        r.get<bool>("validated"), r.get<text>("comment"), r.get<bool>("inherited")});
  co_return s;
}

}  // namespace eidolon::plan
