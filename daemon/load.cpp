// Pure: reports in, sentences out.
#include "daemon/load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/daemon_config.hpp"

namespace eidolon::daemon {

namespace {

constexpr double long_transaction = 3600;             // seconds
constexpr std::int64_t high_xid_age = 1'000'000'000;  // half of what there is; anti-wraparound vacuums begin far below

constexpr double slow_from = 0.5;  // of a limit
constexpr double least_near_limit = 0.05;

std::string readable(std::int64_t bytes) {
  constexpr std::int64_t mega = 1 << 20;
  return bytes < 10 * mega ? fmt::format("{} kB", bytes / 1024) : fmt::format("{} MB", bytes / mega);
}

void add(std::vector<hold>& found, const char* reason, std::string detail) {
  for (auto& h : found)
    if (h.reason == reason) {
      h.detail += "; " + detail;
      return;
    }
  found.push_back({reason, std::move(detail)});
}

void replicas_above(const config::load_limits& l, const load_report& r, std::vector<hold>& found) {
  for (const auto& replica : r.replicas) {
    if (replica.behind && *replica.behind > l.max_lag)
      add(found, "lag", fmt::format("replica {} is {:.1f} s behind", replica.name, replica.behind->count()));
    if (l.max_lag_bytes > 0 && replica.bytes && *replica.bytes > l.max_lag_bytes)
      add(found, "lag", fmt::format("replica {} is {} behind", replica.name, readable(*replica.bytes)));
  }
}

void server_above(const config::load_limits& l, const load_report& r, std::vector<hold>& found) {
  if (l.max_slot_wal > 0 && r.slot_wal.value.value_or(0) > l.max_slot_wal)
    add(found, "max_slot_wal", fmt::format("slot {} retains {} of log", r.slot_wal.of, readable(*r.slot_wal.value)));
  if (l.max_archive_backlog > 0 && r.archive_backlog.value.value_or(0) > l.max_archive_backlog)
    add(found, "max_archive_backlog", fmt::format("{} files wait to be archived", *r.archive_backlog.value));
  if (l.max_active > 0 && r.active > l.max_active)
    add(found, "max_active", fmt::format("{} active backends, more than {}", r.active, l.max_active));
  if (l.min_free_space > 0 && r.free_space.value && *r.free_space.value < l.min_free_space)
    add(found, "min_free_space", fmt::format("{} has {} left", r.free_space.of, readable(*r.free_space.value)));
  const std::chrono::duration<double> oldest{r.oldest_transaction};
  if (l.max_transaction_age.count() > 0 && oldest > l.max_transaction_age)
    add(found, "max_transaction_age",
        fmt::format("a transaction has been open for {:.0f} s: {}", oldest.count(), r.oldest_transaction_of));
  if (l.max_xid_age > 0 && r.xid_age > l.max_xid_age)
    add(found, "max_xid_age", fmt::format("a database is {} transactions old, more than {}", r.xid_age, l.max_xid_age));
}

void job_above(const config::load_limits& l, const job_load& own, std::vector<hold>& found) {
  if (l.max_lock_waits > 0 && own.lock_waits > l.max_lock_waits)
    add(found, "max_lock_waits", fmt::format("{} sessions wait for locks at the table", own.lock_waits));
  if (own.answer && *own.answer > l.throttle_threshold)
    add(found, "throttle_query",
        fmt::format("throttle_query answers {}, more than {}", *own.answer, l.throttle_threshold));
  if (std::find(own.files.begin(), own.files.end(), l.throttle_file) != own.files.end())
    add(found, "throttle_file", fmt::format("{} exists", l.throttle_file));
}

void unknown_of_server(const config::job_settings& s, const load_report& r, std::vector<hold>& found) {
  for (const auto& replica : r.replicas)
    if (!replica.behind)
      add(found, "lag", fmt::format("the lag of replica {} cannot be told: {}", replica.name, replica.error));
  for (const auto& [limited, name] :
       {std::pair{s.max_active > 0, "max_active"}, std::pair{s.max_transaction_age.count() > 0, "max_transaction_age"}})
    if (limited && r.activity_hidden)
      add(found, name,
          fmt::format("the daemon's role cannot see other sessions: grant it pg_read_all_stats, or set {} to 0", name));
  if (s.max_slot_wal > 0 && !r.slot_wal.value) add(found, "max_slot_wal", r.slot_wal.error);
  if (s.max_archive_backlog > 0 && !r.archive_backlog.value) add(found, "max_archive_backlog", r.archive_backlog.error);
  if (s.min_free_space > 0 && !r.free_space.value)
    add(found, "min_free_space", "the free space cannot be told: " + r.free_space.error);
}

void unknown_of_job(const config::job_settings& s, const job_load& own, clock::time_point now,
                    std::vector<hold>& found) {
  const char* reason = !s.throttle_query.empty() ? "throttle_query"
                       : s.max_lock_waits > 0    ? "max_lock_waits"
                                                 : "throttle_file";
  if (s.throttle_query.empty() && s.max_lock_waits <= 0 && s.throttle_file.empty()) return;
  if (!own.error.empty())
    add(found, reason, own.error);
  else if (!is_fresh(own.measured_at, now))
    add(found, reason, "the load of the job's table has not been measured for some seconds");
}

void not_measured(const load_report& r, std::vector<hold>& found) {
  std::string detail = "the server's replicas and load have not been measured for some seconds";
  if (!r.error.empty()) detail += ": " + r.error;
  add(found, "lag", std::move(detail));
}

}  // namespace

bool is_fresh(const std::optional<clock::time_point>& measured, clock::time_point now) {
  return measured && now - *measured <= stale_after;
}

std::vector<hold> above(const config::load_limits& limits, const load_report& r, const job_load& own,
                        clock::time_point now) {
  std::vector<hold> found;
  if (is_fresh(r.measured_at, now)) {
    replicas_above(limits, r, found);
    server_above(limits, r, found);
  }
  if (is_fresh(own.measured_at, now)) job_above(limits, own, found);
  return found;
}

std::vector<hold> in_the_way(const config::job_settings& s, const load_report& r, const job_load& own,
                             clock::time_point now) {
  auto found = above(s, r, own, now);
  // Whoever makes it so, because disks are full or a server is about to be left, means everybody.
  if (r.read_only) found.push_back({"read_only", "default_transaction_read_only is on in this database"});
  if (!own.file_error.empty())
    add(found, "throttle_file",
        fmt::format("{} cannot be looked at: {} (it counts as there)", s.throttle_file, own.file_error));
  unknown_of_job(s, own, now, found);
  if (is_fresh(r.measured_at, now))
    unknown_of_server(s, r, found);
  else
    not_measured(r, found);
  return found;
}

bool failure_news::update(const load_report& r, clock::time_point now) {
  const std::string holds = is_fresh(r.measured_at, now) ? "" : r.error;
  return std::exchange(told_, holds) != holds && !holds.empty();
}

slow_down near_limits(const config::load_limits& l, const load_report& r, clock::time_point now) {
  slow_down least;
  if (!is_fresh(r.measured_at, now)) return least;
  const auto consider = [&](std::int64_t value, std::int64_t limit, auto what) {
    if (limit <= 0) return;
    const double full = static_cast<double>(value) / static_cast<double>(limit);
    const double ratio = std::clamp(1 - (1 - least_near_limit) * (full - slow_from) / (1 - slow_from),  //
                                    least_near_limit, 1.0);
    if (ratio < least.ratio) least = {ratio, what()};
  };
  for (const auto& replica : r.replicas)
    consider(replica.bytes.value_or(0), l.max_lag_bytes, [&] {
      return fmt::format("replica {} is {} behind, near max_lag_bytes", replica.name, readable(*replica.bytes));
    });
  consider(r.slot_wal.value.value_or(0), l.max_slot_wal, [&] {
    return fmt::format("slot {} retains {} of log, near max_slot_wal", r.slot_wal.of, readable(*r.slot_wal.value));
  });
  consider(r.archive_backlog.value.value_or(0), l.max_archive_backlog, [&] {
    return fmt::format("{} files wait to be archived, near max_archive_backlog", *r.archive_backlog.value);
  });
  return least;
}

bool limits_lock_waits(const config::job_settings& s) {
  return s.max_lock_waits > 0 || s.critical.max_lock_waits > 0 || s.abort_at.max_lock_waits > 0;
}

bool limits_free_space(const config::job_settings& s) {
  return s.min_free_space > 0 || s.critical.min_free_space > 0 || s.abort_at.min_free_space > 0;
}

std::vector<warning> warnings_of(const load_report& r) {
  std::vector<warning> found;
  if (r.oldest_transaction >= long_transaction)
    found.push_back({"oldest_transaction", fmt::format("a transaction has been open for {:.0f} minutes: {}",
                                                       r.oldest_transaction / 60, r.oldest_transaction_of)});
  if (r.xid_age >= high_xid_age)
    found.push_back({"xid_age", fmt::format("a database is {} million transactions old: VACUUM must freeze it before "
                                            "2,100 million",
                                            r.xid_age / 1'000'000)});
  return found;
}

}  // namespace eidolon::daemon
