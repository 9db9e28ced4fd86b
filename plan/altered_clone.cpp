#include "plan/altered_clone.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <iterator>
#include <optional>

#include "plan/catalog_query.hpp"
#include "plan/definitions.hpp"
#include "plan/refusals/refusals.hpp"
#include "plan/sql.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::plan {
namespace {

namespace asio = boost::asio;
using postgres::connection;
using postgres::raw;
using refusals_list = std::vector<refusal>;

// DROP … CASCADE would take along what is not the table's own.
refusals_list refuse_cascade(const facts& f, const neighbourhood& after, const stand_ins& s) {
  refusals_list no;
  const auto refuse = [&](const std::string& what) {
    no.push_back({"cascade", fmt::format("CASCADE would drop {}, which uses {}.", what, display_name(f)),
                  "Drop it first, in a statement of its own."});
  };
  for (const auto& v : f.neighbours.views)
    if (std::none_of(after.views.begin(), after.views.end(),
                     [&](const view& x) { return x.bare_name == view_prefix + std::to_string(v.oid); }))
      refuse("the view " + v.name);
  for (const auto& x : f.neighbours.functions)
    if (std::none_of(after.functions.begin(), after.functions.end(),
                     [&](const sql_function& y) { return y.bare_name == x.bare_name; }))
      refuse("the function " + x.name);
  for (const auto& e : f.neighbours.elsewhere_defined) {
    const auto t = std::find_if(s.twins.begin(), s.twins.end(), [&](const twin& x) { return x.oid == e.on; });
    if (t == s.twins.end() || e.kind == elsewhere::what::trigger) continue;
    const auto has = [&](const auto& items) {
      return std::any_of(items.begin(), items.end(), [&](const auto& i) { return i.name == e.name; });
    };
    if (e.kind == elsewhere::what::rule ? !has(t->rules) : !has(t->policies))
      refuse((e.kind == elsewhere::what::rule ? "the rule " : "the policy ") + e.name + " on " + e.bare_name);
  }
  if (no.empty() && after.functions.size() != f.neighbours.functions.size()) refuse("a function");
  return no;
}

// What decoys cannot show: a name that the user chose, and that is in use in the source's schema.
asio::awaitable<refusals_list> refuse_taken_names(connection& c, std::uint32_t source, std::string ghost_schema) {
  refusals_list no;
  const auto rows = co_await c.execute(postgres::sql(raw(catalog_query(sql::taken_names)), source, ghost_schema));
  for (const auto r : rows)
    no.push_back({"refused_by_postgres",
                  fmt::format("PostgreSQL refuses it: relation \"{}\" already exists.", r.get<std::string>("name")),
                  "The same ALTER TABLE would fail natively."});
  co_return no;
}

refusals_list refuse_sequences_out_of_reach(const facts& f, const std::vector<stage>& stages) {
  refusals_list no;
  for (const auto& s : stages)
    for (const auto& sequence : s.out_of_reach)
      no.push_back({"missing_privilege",
                    fmt::format("A default takes its values from {}, which {}, the owner of {}, may not use.", sequence,
                                f.owner, display_name(f)),
                    fmt::format("GRANT USAGE ON SEQUENCE {} TO {}.", sequence, f.owner)});
  return no;
}

// The empty tables in place of the referenced ones do not mind who refers to them. PostgreSQL asks for the right to the
// table or to every column of the key: of the daemon's role, or of the owner, who adds that of a partitioned table.
asio::awaitable<refusals_list> refuse_references_out_of_reach(connection& c, const composition& parts) {
  refusals_list no;
  for (const auto& k : parts.neighbours.foreign_keys)
    for (const auto& s : parts.stand.shells) {
      if (!k.outgoing || !k.other_name.ends_with(postgres::identifier(shell_prefix + std::to_string(s.oid)))) continue;
      const auto role = refusals::is_of_partitioned_table(parts.source, k) ? parts.source.owner : std::string{};
      const auto who = role.empty() ? std::string{"the daemon's role"} : role;
      auto ask = postgres::sql(raw(sql::references_out_of_reach), s.oid, k.referenced_columns, role);
      const auto rows = co_await c.execute(std::move(ask));
      const auto r = rows.front();
      const auto referenced = r.get<std::string>("name");
      if (const auto schema = r.get<std::optional<std::string>>("missing_schema"))
        no.push_back({"missing_privilege",
                      fmt::format("The foreign key {} refers to {}, in the schema {}, which {} may not use.", k.name,
                                  referenced, *schema, who),
                      fmt::format("GRANT USAGE ON SCHEMA {} TO {}.", *schema, who)});
      if (r.get<bool>("may_not_refer"))
        no.push_back({"missing_privilege",
                      fmt::format("The foreign key {} refers to columns of {} to which {} may not refer.", k.name,
                                  referenced, who),
                      fmt::format("GRANT REFERENCES ({}) ON {} TO {}.", fmt::join(k.referenced_columns, ", "),
                                  referenced, who)});
    }
  co_return no;
}

// A rule is made anew from what PostgreSQL prints, and that can say less than the rule did: a RETURNING list that was
// written before a column was added has no value for it. (Natively it stays as it is, and a dump cannot be restored.)
asio::awaitable<refusals_list> refuse_rules_that_cannot_be_repeated(connection& c, std::string path,
                                                                    std::vector<reaction_of_table> rules) {
  // An objection ends the plan; without one the next statement finds the session's path again.
  const std::string open = path.empty() ? "" : "SET LOCAL search_path = " + path + "; ";
  const std::string close = path.empty() ? "" : "; SET LOCAL search_path = pg_catalog, pg_temp";
  for (const auto& r : rules) {
    const auto error = co_await refusals::objection(c, open + without_semicolon(replacing_rule(r.definition)) + close);
    if (!error) continue;
    const refusal no{
        "rule",
        fmt::format("The rule {} cannot be made anew for the table as it will be: {}.", r.name, error->info().message),
        "Drop it for the time of the job and create it again afterwards, with a value for every column "
        "in RETURNING."};
    co_return refusals_list{no};
  }
  co_return refusals_list{};
}

// What depends on the source and did not when the facts were read.
asio::awaitable<std::vector<dependent>> read_new_dependents(connection& c, const facts& f, std::string job_schema) {
  auto found = co_await read_dependents(c, f.oid, std::move(job_schema));
  std::erase_if(found, [&](const dependent& d) {
    return std::any_of(f.dependents.begin(), f.dependents.end(), [&](const dependent& x) {
      return x.kind == d.kind && x.object == d.object && x.carried == d.carried;
    });
  });
  co_return found;
}

}  // namespace

asio::awaitable<refusals_list> refuse_what_means_the_source(connection& c, const facts& f, std::string job_schema) {
  refusals_list no;
  const auto found = co_await read_new_dependents(c, f, std::move(job_schema));
  for (const auto& d : found)
    no.push_back({d.kind,
                  fmt::format("The definition of something that depends on {} means the very table ({}), as a "
                              "constant of type regclass does.",
                              display_name(f), d.object),
                  "Drop it for the time of the job, or alter the table directly.", true});
  co_return no;
}

asio::awaitable<refusals_list> refuse_statements_that_mean_the_source(connection& c, const facts& f, const plan& p,
                                                                      std::string job_schema) {
  refusals_list no;
  const auto found = co_await read_new_dependents(c, f, std::move(job_schema));
  for (const auto& d : found)
    no.push_back({d.kind,
                  fmt::format("By the statements, {} means {} itself, as a constant of type regclass, its row type or "
                              "the sequence of its identity do. That is the old table after the swap.",
                              boost::replace_all_copy(d.object, p.ghost_schema + ".", f.schema + "."), display_name(f)),
                  "Leave it out, or alter the table directly.", true});
  co_return no;
}

asio::awaitable<std::vector<refusal>> objections_to(connection& c, const composition& parts) {
  auto no = refuse_cascade(parts.source, parts.neighbours, parts.stand);
  auto taken = co_await refuse_taken_names(c, parts.source.oid, parts.stand.ghost_schema);
  std::move(taken.begin(), taken.end(), std::back_inserter(no));
  auto out_of_reach = refuse_sequences_out_of_reach(parts.source, parts.stages);
  std::move(out_of_reach.begin(), out_of_reach.end(), std::back_inserter(no));
  auto references = co_await refuse_references_out_of_reach(c, parts);
  std::move(references.begin(), references.end(), std::back_inserter(no));
  if (!no.empty()) co_return no;
  auto rules = parts.neighbours.rules;
  for (const auto& t : parts.stand.twins) rules.insert(rules.end(), t.rules.begin(), t.rules.end());
  co_return co_await refuse_rules_that_cannot_be_repeated(c, parts.stand.path, std::move(rules));
}

boost::asio::awaitable<refusals_list> look_at_onlookers(postgres::connection& c, std::uint32_t clone,
                                                        std::set<std::string>& known, bool before) {
  const auto rows = co_await c.execute(postgres::sql(postgres::raw(catalog_query(sql::onlookers)), clone));
  for (const auto r : rows) {
    const auto id = r.get<std::string>("id");
    if (before) known.insert(id);
    if (r.get<bool>("ours") && known.contains(id)) continue;
    co_return refusals_list{
        {"owners_code",
         fmt::format("While the statements were tried out on a copy, {} came to depend on it.",
                     r.get<std::string>("name")),
         "A function among the table's expressions makes such things: take it out for the time of the job."}};
  }
  co_return refusals_list{};
}

}  // namespace eidolon::plan
