// The copy of a database carries the jobs of its original: their records say where they belong.
#include "daemon/orphans.hpp"

#include <boost/asio/this_coro.hpp>
#include <stdexcept>

#include "daemon/job_store.hpp"
#include "daemon/leadership.hpp"
#include "daemon/logging.hpp"
#include "daemon/sql.hpp"

namespace eidolon::daemon {

using postgres::connection;
using postgres::raw;

namespace {

asio::awaitable<void> remove(connection& c, std::int64_t job) {
  const auto statements = co_await c.execute(postgres::sql(raw(sql::orphan_statements), job));
  for (const auto& s : statements) {
    auto text = s.get<std::string>("statement");
    co_await c.script(raw(std::move(text)));
  }
  co_await c.execute(postgres::sql("DELETE FROM eidolon.job WHERE id = $1", job));
}

}  // namespace

asio::awaitable<void> clean_orphans(config::database_config d) {
  leadership lead{d.dsn};
  const auto facts = co_await lead.open();
  co_await lead.prepare();  // which also sees to it that the control schema is the daemon's own
  const bool leads = co_await lead.try_lead();
  if (!leads) throw std::runtime_error{"a daemon leads database " + d.name + ": stop it first"};
  postgres::connect_options options;
  options.conninfo = d.dsn;
  options.application_name = "eidolon clean-orphans";
  postgres::pool pool{co_await asio::this_coro::executor, options, 2};
  job_store store{pool};
  const auto records = co_await store.load_all();
  auto lease = co_await pool.acquire("eidolon clean-orphans");
  for (const auto& r : records) {
    if (r.home == facts.identity) continue;
    const auto id = r.id;
    auto body = [id](connection& c) { return remove(c, id); };
    co_await postgres::in_transaction(*lease, raw(std::string_view{"BEGIN; SET LOCAL lock_timeout = '5s'"}), body);
    log(spdlog::level::info, "removed what a job of another database left",
        {{"database", d.name}, {"job", id}, {"table", r.relation}});
  }
}

}  // namespace eidolon::daemon
