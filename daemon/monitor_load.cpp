// The primary's own load, and its clock, by which the calm hours go.
#include <filesystem>

#include "daemon/logging.hpp"
#include "daemon/monitor.hpp"
#include "daemon/sql.hpp"

namespace eidolon::daemon {

using postgres::raw;

namespace {

// The directory with the least room. One that cannot be looked at may be a disk of its own.
figure least_room(const postgres::row& r) {
  if (!r.get<bool>("same_host")) return {std::nullopt, "", "the server is on another host"};
  const auto directories = r.get<std::optional<std::vector<std::string>>>("directories");
  if (!directories)
    return {std::nullopt, "", "the daemon's role cannot see data_directory: grant it pg_read_all_settings"};
  figure f{std::nullopt, "", "there is no directory"};
  for (const auto& d : *directories) {
    std::error_code failed;
    const auto room = std::filesystem::space(d, failed);
    if (failed) return {std::nullopt, "", fmt::format("the daemon may not look at {}: {}", d, failed.message())};
    const auto bytes = static_cast<std::int64_t>(room.available);
    if (!f.value || bytes < *f.value) f = {bytes, d, ""};
  }
  return f;
}

}  // namespace

asio::awaitable<void> monitor::measure_load(postgres::connection& c) {
  const auto rows = co_await c.execute(postgres::sql(raw(sql::load)), answer_within);
  const auto row = rows.front();
  report_.active = row.get<int>("active");
  report_.activity_hidden = row.get<bool>("hidden");
  report_.slot_wal = {row.get<std::int64_t>("slot_wal"), row.get<std::optional<std::string>>("slot").value_or(""), ""};
  report_.archive_backlog = {
      row.get<std::optional<std::int64_t>>("archive_backlog"), "",
      "nothing was archived yet, and the daemon's role may not list what waits: grant it pg_monitor"};
  report_.free_space = disks_wanted_ ? least_room(row) : load_report{}.free_space;
  report_.oldest_transaction = row.get<std::optional<double>>("oldest_seconds").value_or(0);
  report_.oldest_transaction_of = row.get<std::optional<std::string>>("oldest_of").value_or("");
  report_.xid_age = row.get<std::int64_t>("xid_age");
  report_.unconfirmed = row.get<int>("unconfirmed");
  report_.read_only = row.get<bool>("read_only");
  if (!report_.archive_backlog.value && row.get<bool>("may_list")) {
    const auto files = co_await c.execute(postgres::sql(raw(sql::archive_backlog)), answer_within);
    report_.archive_backlog.value = files.front().get<int>("files");
  }
  telemetry_.server_age(report_.oldest_transaction, report_.xid_age);
  telemetry_.slot_retains(report_.slot_wal.value.value_or(0));
  telemetry_.waits_for_archiver(report_.archive_backlog.value);
  telemetry_.active_sessions(report_.activity_hidden ? std::nullopt : std::optional<std::int64_t>{report_.active});
  telemetry_.free_space(report_.free_space.value);
  const auto warned = std::exchange(warnings_, warnings_of(report_));
  for (const auto& w : warnings_)
    if (std::none_of(warned.begin(), warned.end(), [&](const auto& before) { return before.what == w.what; }))
      log(spdlog::level::warn, w.sentence, {{"database", database_}});
}

// PostgreSQL knows the time zones and their rules.
asio::awaitable<void> monitor::look_at_clock(postgres::connection& c) {
  std::map<std::string, config::local_time> times;
  const auto windows = windows_;  // others may come meanwhile
  for (const auto& w : windows) {
    if (times.contains(w.zone)) continue;
    try {
      auto query = postgres::sql(raw(sql::local_time), w.zone, std::nullopt);
      const auto rows = co_await c.execute(std::move(query), answer_within);
      times[w.zone] = {rows.front().get<int>("day"), rows.front().get<int>("minute")};
    } catch (const postgres::statement_error& e) {
      log(spdlog::level::debug, e.what(), {{"database", database_}});
    }
  }
  report_.copy_denied = config::denial(windows_, config::windowed::copy, times);
  report_.cutover_denied = config::denial(windows_, config::windowed::cutover, times);
}

}  // namespace eidolon::daemon
