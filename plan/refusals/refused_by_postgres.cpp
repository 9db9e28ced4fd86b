// PostgreSQL's own refusal, met while an empty copy of the table is made and altered.
#include <fmt/format.h>

#include <boost/algorithm/string/replace.hpp>

#include "plan/as_owner.hpp"
#include "plan/refusals/refusals.hpp"
#include "plan/stand_ins.hpp"

namespace eidolon::plan::refusals {
namespace {

// What PostgreSQL says about the clone and its neighbours, with the names that the user knows.
std::string with_real_names(std::string text, const facts& f, const plan& p) {
  const auto& schema = p.ghost_schema;  // needs no quotes
  for (const auto& v : f.neighbours.views)
    boost::replace_all(text, fmt::format("{}.\"{}{}\"", schema, view_prefix, v.oid), v.name);
  for (const auto& k : f.neighbours.foreign_keys)
    boost::replace_all(text, fmt::format("{}.\"{}{}\"", schema, shell_prefix, k.other), k.other_name);
  boost::replace_all(text, schema + ".", f.schema + ".");
  return text;
}

}  // namespace

bool is_refusal(const postgres::statement_error& e) {
  return e.sqlstate() != postgres::sqlstate::lock_not_available && !postgres::may_pass(e);
}

boost::asio::awaitable<std::optional<postgres::statement_error>> objection(postgres::connection& c,
                                                                           std::string script) {
  std::optional<postgres::statement_error> error;
  try {
    co_await c.script(postgres::raw(std::move(script)));
  } catch (const postgres::statement_error& e) {
    error = e;
  }
  if (error && !is_refusal(*error)) throw *error;
  co_return error;
}

refusal refused_by_postgres(const postgres::statement_error& e, const facts& f, const plan& p, bool built) {
  const auto& said = e.info();
  refusal no{"refused_by_postgres",
             fmt::format("PostgreSQL refuses it: {}{}.", with_real_names(said.message, f, p),
                         said.detail.empty() ? "" : " (" + with_real_names(said.detail, f, p) + ")"),
             said.hint};
  // PostgreSQL's own advice is CASCADE, which is refused here.
  if (built && e.sqlstate() == "2BP01") no.advice = "Drop what depends on it first, in a statement of its own.";
  if (built && no.advice.empty()) no.advice = "The same ALTER TABLE would fail natively.";
  if (built) return no;
  const auto why = names_nothing(e) ? std::string{only_trusted_schemas}
                                    : fmt::format("An empty copy of {} cannot be made, on which to try the statements.",
                                                  display_name(f));
  no.advice = said.hint.empty() ? why : why + " " + said.hint;
  return no;
}

}  // namespace eidolon::plan::refusals
