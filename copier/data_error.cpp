#include "copier/data_error.hpp"

#include <fmt/format.h>

#include "copier/statements.hpp"
#include "plan/as_owner.hpp"
#include "plan/direction.hpp"
#include "postgres/catalog_race.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::copier {

namespace asio = boost::asio;
using postgres::identifier;
using postgres::raw;

namespace {

using attempt_error = std::optional<postgres::statement_error>;
using insertion = std::string(const plan::plan&, const std::string& rows);

// Copies the rows that meet the filter, under a savepoint that is rolled back.
asio::awaitable<attempt_error> try_rows(postgres::connection& c, const plan::plan& p, insertion* insert,
                                        std::string filter) {
  attempt_error error;
  try {
    co_await c.script(raw("SAVEPOINT attempt"));
    co_await plan::run_as_owner(c, p, insert(p, plan::rows_where(p.forward, filter)));
  } catch (const postgres::statement_error& e) {
    error = e;
  }
  co_await c.script(raw("ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt"));
  if (error && !is_data_error(*error)) throw *error;
  co_return error;
}

asio::awaitable<void> open_attempt(postgres::connection& c, const plan::plan& p, plan::fence f) {
  std::vector<std::string> locks{plan::source_table_of(p.forward) + " IN ACCESS SHARE MODE",
                                 plan::ghost_table_of(p.forward) + " IN ROW EXCLUSIVE MODE"};
  plan::batch b{plan::isolation::repeatable_read, std::move(locks)};
  co_await plan::open_batch(c, p, f, std::move(b));
}

asio::awaitable<std::optional<bad_row>> try_one_by_one(postgres::connection& c, const plan::plan& p, insertion* insert,
                                                       std::string filter) {
  std::string values;
  for (const auto& name : plan::source_key(p.forward))
    values += fmt::format("{}{}.{}::text", values.empty() ? "" : " || ', ' || ", p.forward.alias, identifier(name));
  auto list = fmt::format("SELECT {0}.tableoid AS leaf, {0}.ctid::text AS place, {1} AS key FROM {2} AS {0} WHERE {3}",
                          p.forward.alias, values, plan::rows_of_source(p.forward), filter);
  const auto rows = co_await plan::ask_as_owner(c, p, std::move(list), "leaf oid, place text, key text");
  const auto names = fmt::format("{}", fmt::join(plan::source_key(p.forward), ", "));
  for (const auto r : rows) {
    auto one = fmt::format("{0}.tableoid = {1}::pg_catalog.oid AND {0}.ctid = {2}::pg_catalog.tid", p.forward.alias,
                           r.get<std::uint32_t>("leaf"), postgres::literal(r.get<std::string>("place")));
    auto error = co_await try_rows(c, p, insert, std::move(one));
    // A row that another one keeps out is not bad by itself: that one may be on its way elsewhere.
    if (error && !is_conflict(*error))
      co_return bad_row{fmt::format("({})=({})", names, r.get<std::string>("key")), *error};
  }
  co_return std::nullopt;
}

}  // namespace

bool is_conflict(const postgres::statement_error& e) {
  return !postgres::is_catalog_race(e) && (e.sqlstate() == postgres::sqlstate::unique_violation ||
                                           e.sqlstate() == postgres::sqlstate::exclusion_violation);
}

bool is_data_error(const postgres::statement_error& e) {
  const auto state = e.sqlstate().substr(0, 2);
  // A catalog's own unique index is no business of the data.
  return e.info().schema != "pg_catalog" && (state == "22" || state == "23" || state == "P0");
}

std::string key_in_detail(const std::string& detail) {
  const auto begin = detail.find("Key (");
  if (begin == std::string::npos) return "";
  const auto equals = detail.find(")=(", begin);
  if (equals == std::string::npos) return "";
  auto end = std::string::npos;
  for (const char* tail : {") is duplicated", ") already exists", ") conflicts with"})
    if (const auto at = detail.find(tail, equals); at != std::string::npos) end = std::min(end, at);
  return end == std::string::npos ? "" : detail.substr(begin + 4, end - begin - 3);
}

data_error to_data_error(const postgres::statement_error& e, std::string key) {
  const auto& info = e.info();
  if (key.empty()) key = key_in_detail(info.detail);
  auto message = info.message + (info.detail.empty() ? "" : ": " + info.detail);
  return {message, info.constraint.empty() ? info.column : info.constraint, std::move(key)};
}

asio::awaitable<std::optional<bad_row>> find_bad_row(postgres::connection& c, const plan::plan& p, plan::fence f,
                                                     std::string keys) {
  std::exception_ptr failure;
  std::optional<bad_row> found;
  try {
    co_await open_attempt(c, p, f);
    co_await plan::run_as_owner(c, p, delete_keys(p, keys));
    found = co_await try_one_by_one(c, p, insert_rows, rows_of(p, keys));
  } catch (...) {
    failure = std::current_exception();
  }
  co_await c.rollback();
  if (failure) std::rethrow_exception(failure);
  co_return found;
}

asio::awaitable<std::optional<bad_row>> find_bad_row_in_blocks(postgres::connection& c, const plan::plan& p,
                                                               plan::fence f, std::int64_t first, std::int64_t last) {
  std::exception_ptr failure;
  std::optional<bad_row> found;
  try {
    co_await open_attempt(c, p, f);
    while (last - first > 1) {
      const auto middle = first + (last - first) / 2;
      const auto error =
          co_await try_rows(c, p, insert_rows_without_conflict, plan::block_range(p.forward.alias, first, middle));
      (error ? last : first) = middle;
    }
    found =
        co_await try_one_by_one(c, p, insert_rows_without_conflict, plan::block_range(p.forward.alias, first, last));
  } catch (...) {
    failure = std::current_exception();
  }
  co_await c.rollback();
  if (failure) std::rethrow_exception(failure);
  co_return found;
}

}  // namespace eidolon::copier
