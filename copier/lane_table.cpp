#include "copier/lane_table.hpp"

#include <fmt/format.h>

#include "copier/phases.hpp"
#include "copier/sql.hpp"
#include "postgres/quoting.hpp"

namespace eidolon::copier {
namespace {

using postgres::identifier;
using postgres::raw;

// A table of less than 256 MB has up to the first number of lanes, a larger one up to the second, of 8 MB at least:
// sessions that are in neighbouring lanes leave rows nearly in the order in which they lay.
constexpr int few_lanes = 32, most_lanes = 256;

postgres::raw_sql in_job(std::string_view text, const plan::plan& p) {
  return raw(fmt::format(fmt::runtime(text), fmt::arg("job_schema", identifier(p.ghost_schema))));
}

lane_position to_position(const postgres::row& r) {
  return {r.get<std::int64_t>("next_block"), r.get<std::int64_t>("end_block")};
}

lane to_lane(const postgres::row& r) {
  const auto at = to_position(r);
  lane l{.id = r.get<int>("id")};
  l.leaf = static_cast<std::size_t>(r.get<int>("leaf"));
  l.next = at.next;
  l.end = at.end;
  return l;
}

}  // namespace

asio::awaitable<void> make_lanes(postgres::connection& c, const plan::plan& p, std::vector<std::string> tables) {
  co_await c.execute(postgres::sql(in_job(sql::make_lanes, p), tables, few_lanes, most_lanes));
}

asio::awaitable<lanes> read_lanes(postgres::connection& c, const plan::plan& p) {
  lanes open;
  const auto rows = co_await c.execute(postgres::sql(in_job(sql::open_lanes, p)));
  for (const auto r : rows) open.add(to_lane(r));
  co_return open;
}

asio::awaitable<lane_position> lock_lane(postgres::connection& c, const plan::plan& p, int id) {
  const auto rows = co_await c.execute(postgres::sql(in_job(sql::lock_lane, p), id));
  co_return to_position(rows.front());
}

asio::awaitable<void> advance_lane(postgres::connection& c, const plan::plan& p, int id, std::int64_t next,
                                   std::int64_t rows) {
  co_await c.execute(postgres::sql(in_job(sql::advance_lane, p), id, next, rows));
}

asio::awaitable<lane_position> read_position(postgres::connection& c, const plan::plan& p, int id) {
  const auto rows = co_await c.execute(postgres::sql(in_job(sql::lane_position, p), id));
  co_return to_position(rows.front());
}

asio::awaitable<std::optional<lane>> split_lane(postgres::connection& c, const plan::plan& p, plan::fence f, int id,
                                                std::int64_t at) {
  auto body = [&p, id, at](postgres::connection& t) -> asio::awaitable<std::optional<lane>> {
    // Whose lane it is waits for this COMMIT, which is not to wait for a standby. It is to be on the disk, though: no
    // other lane may come to have the number.
    co_await t.script(raw("SET LOCAL synchronous_commit = local"));
    const auto is = co_await lock_lane(t, p, id);
    if (is.next > at || is.end <= at) co_return std::nullopt;
    const auto rest = co_await t.execute(postgres::sql(in_job(sql::split_lane, p), id, at));
    co_return to_lane(rest.front());
  };
  try {
    co_return co_await plan::fenced(c, f, body);
  } catch (const postgres::statement_error& e) {
    // Nothing depends on it. A split of ours that is believed lost may take the same number.
    namespace code = postgres::sqlstate;
    const auto s = e.sqlstate();
    if (s != code::lock_not_available && s != code::unique_violation && s != code::query_canceled &&
        s != code::deadlock_detected)
      throw;
  }
  co_return std::nullopt;
}

asio::awaitable<copy_progress> read_progress(postgres::connection& c, const plan::plan& p) {
  const auto rows = co_await c.execute(postgres::sql(in_job(sql::progress, p)));
  const auto r = rows.front();
  copy_progress done{r.get<std::int64_t>("blocks_total"), r.get<std::int64_t>("blocks_done"),
                     r.get<std::int64_t>("rows"), 0};
  done.bytes = done.blocks_done * block_size;
  co_return done;
}

}  // namespace eidolon::copier
