#include "postgres/copy_stream.hpp"

#include <optional>

#include "postgres/connection_impl.hpp"

namespace eidolon::postgres {

namespace {

using impl = connection::impl;

// What goes to the writer at once: large enough that a message costs nothing, small against the sockets' buffers.
constexpr std::size_t parcel = 65'536;

asio::awaitable<void> put(impl& to, std::string& rows) {
  if (PQputCopyData(to.live(), rows.data(), static_cast<int>(rows.size())) != 1)
    to.broke(one_line(PQerrorMessage(to.live())));
  rows.clear();
  co_await to.flush();
}

// Until the reader has no more. A writer that has failed meanwhile goes on to take what comes, and says so at the end.
asio::awaitable<void> pump(impl& from, impl& to) {
  std::string rows;
  for (;;) {
    char* row = nullptr;
    constexpr int at_once = 1;
    const int size = PQgetCopyData(from.live(), &row, at_once);
    if (size > 0) {
      rows.append(row, static_cast<std::size_t>(size));
      PQfreemem(row);
      if (rows.size() >= parcel) co_await put(to, rows);
    } else if (size == 0) {
      co_await from.watch.readable();
      if (!from.read()) from.broke(one_line(PQerrorMessage(from.live())));
    } else if (size == -1) {
      break;
    } else {
      from.broke(one_line(PQerrorMessage(from.live())));
    }
  }
  if (!rows.empty()) co_await put(to, rows);
}

asio::awaitable<std::optional<statement_error>> read_all(impl& from, const std::string& out, impl& to) {
  try {
    co_await from.begin_copy(out.c_str(), PGRES_COPY_OUT);
    co_await pump(from, to);
    co_await from.last_result(out);
  } catch (const statement_error& e) {
    co_return e;
  }
  co_return std::nullopt;
}

// A statement_error leaves both sessions out of COPY.
asio::awaitable<std::int64_t> stream(impl& from, const std::string& out, impl& to, const std::string& in) {
  co_await to.begin_copy(in.c_str(), PGRES_COPY_IN);
  const auto unread = co_await read_all(from, out, to);
  if (PQputCopyEnd(to.live(), unread ? "the rows could not be read" : nullptr) != 1)
    to.broke(one_line(PQerrorMessage(to.live())));
  co_await to.flush();
  std::optional<statement_error> refused;
  native_result done;
  try {
    done = co_await to.last_result(in);
  } catch (const statement_error& e) {
    refused = e;
  }
  if (refused && !(unread && refused->sqlstate() == sqlstate::query_canceled)) throw *refused;
  if (unread) throw *unread;
  co_return std::stoll(PQcmdTuples(done.get()));
}

}  // namespace

asio::awaitable<std::int64_t> copy_stream(connection& reader, raw_sql out, connection& writer, raw_sql in) {
  auto &from = *reader.impl_, &to = *writer.impl_;
  from.live();
  to.live();
  abandon_unless_done reading{from}, writing{to};
  from.watch.arm(milliseconds::zero(), out.text);
  to.watch.arm(milliseconds::zero(), in.text);
  std::optional<statement_error> refused;
  std::int64_t rows = 0;
  try {
    rows = co_await stream(from, out.text, to, in.text);
  } catch (const statement_error& e) {
    refused = e;
  }
  from.watch.disarm();
  to.watch.disarm();
  reading.done();
  writing.done();
  if (refused) throw *refused;
  co_return rows;
}

}  // namespace eidolon::postgres
