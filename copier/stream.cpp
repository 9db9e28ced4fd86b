#include "copier/stream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plan/as_owner.hpp"
#include "plan/direction.hpp"
#include "plan/streaming.hpp"
#include "postgres/copy_stream.hpp"

namespace eidolon::copier {

namespace asio = boost::asio;
using postgres::raw;
using what = streamed::what;

namespace {

// Sets for the length of the transaction what run_as_owner would, and how long a COPY may take: a minute, or a few
// chunks. That ends one that works. One that waits for a daemon which has stopped in its middle is ended by TCP, when
// the daemon's machine is gone (session.sql), or by the next leader; of one that is only stopped (SIGSTOP) nobody can
// tell.
std::string before_copy(const plan::plan& p, const plan::pace& pace) {
  using std::chrono::milliseconds;
  const auto limit = std::max(milliseconds{60'000}, 4 * pace.settings().chunk_target);
  const auto& path = p.forward.operator_path;
  return fmt::format("SET LOCAL statement_timeout = {}; SET LOCAL search_path = {}; {}; {}", limit.count(),
                     path.empty() ? "pg_catalog, pg_temp" : path, plan::set_role_output, plan::set_role_input);
}

// An expression may have set it for the session.
std::string after_copy() {
  return fmt::format("SET LOCAL statement_timeout = 0; {}; {}", plan::set_session_input, plan::set_session_settings);
}

asio::awaitable<streamed> copy_between(postgres::connection& reader, postgres::connection& writer, const plan::plan& p,
                                       const plan::pace& pace, std::string filter) {
  const auto before = before_copy(p, pace);
  reader.wear();
  writer.wear();
  co_await reader.script(raw("SET LOCAL transaction_read_only = on; " + before));
  co_await writer.script(raw(before));
  auto out = raw(plan::copy_out(p.forward, plan::rows_where(p.forward, filter)));
  auto in = raw(plan::copy_in(p.forward));
  const auto rows = co_await postgres::copy_stream(reader, std::move(out), writer, std::move(in));
  co_await reader.script(raw(after_copy()));
  co_await writer.script(raw(after_copy()));
  co_return streamed{what::done, rows};
}

}  // namespace

bool may_be_streams_own(const postgres::statement_error& e) {
  return e.sqlstate() == postgres::sqlstate::undefined_function ||
         e.sqlstate() == postgres::sqlstate::read_only_sql_transaction ||
         e.sqlstate() == postgres::sqlstate::query_canceled;  // its statements have a limit (before_copy)
}

asio::awaitable<streamed> stream_blocks(postgres::connection& reader, postgres::connection& writer, const plan::plan& p,
                                        plan::fence f, plan::pace& pace, std::int64_t first, std::int64_t last) {
  bool locked = false;
  // One snapshot for the question and for the rows: none of them can have come to be stored out of line in between.
  auto body = [&](postgres::connection& r) -> asio::awaitable<streamed> {
    locked = true;
    co_await plan::check_batch(r, p, f);
    const auto obstacle = co_await plan::stream_obstacle(r, p);
    if (!obstacle.empty()) co_return streamed{what::no_longer_possible, 0};
    co_return co_await copy_between(r, writer, p, pace, plan::block_range(p.forward.alias, first, last));
  };
  const std::vector<std::string> locks{fmt::format("ONLY {} IN ACCESS SHARE MODE", p.forward.from)};
  auto begin = plan::begin_beside(plan::isolation::repeatable_read, locks);
  std::optional<postgres::statement_error> in_the_way;
  try {
    co_return co_await postgres::in_transaction(reader, std::move(begin), body);
  } catch (const postgres::statement_error& e) {
    if (locked || e.sqlstate() != postgres::sqlstate::lock_not_available) throw;
    in_the_way = e;
  }
  co_return streamed{what::gave_way, 0};
}

}  // namespace eidolon::copier
