// Foreign keys that the user's statements add, checked on the ghost before the swap: afterwards it is too late to fail.
#include <fmt/format.h>

#include "copier/phases.hpp"
#include "plan/as_owner.hpp"

namespace eidolon::copier {
namespace {

// Nothing is known where the owner may not read the other table.
asio::awaitable<std::string> ask(postgres::connection& c, const plan::plan& p, plan::fence f, std::string query) {
  auto body = [&](postgres::connection& t) -> asio::awaitable<std::string> {
    const auto rows = co_await plan::ask_as_owner(t, p, query, "key text");
    co_return rows.empty() ? std::string{} : rows.front().get<std::string>("key");
  };
  try {
    co_return co_await plan::fenced(c, f, body);
  } catch (const postgres::statement_error& e) {
    if (e.sqlstate() != postgres::sqlstate::insufficient_privilege) throw;
  }
  co_return std::string{};
}

}  // namespace

asio::awaitable<std::optional<foreign_key_violation>> find_foreign_key_violation(const plan::plan& p, plan::fence f,
                                                                                 const long_runner& run) {
  for (const auto& check : p.neighbours.checks) {
    std::string key;
    long_transaction look = [&](postgres::connection& c) -> asio::awaitable<void> {
      key = co_await ask(c, p, f, check.violation);
    };
    co_await run(std::move(look));
    if (!key.empty()) co_return foreign_key_violation{check.name, std::move(key)};
  }
  co_return std::nullopt;
}

}  // namespace eidolon::copier
