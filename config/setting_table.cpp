#include "config/setting_table.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "config/daemon_config.hpp"
#include "config/levels.hpp"

namespace eidolon::config {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

// The whole of the text as a number, or nothing.
template <typename Number>
std::optional<Number> number_from(std::string_view text) {
  Number n{};
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, n);
  return error == std::errc{} && rest == end ? std::optional{n} : std::nullopt;
}

std::optional<int> integer(const json::value& v) {
  if (v.is_string()) return number_from<int>(v.get_string());
  json::error_code failed;
  const int n = v.to_number<int>(failed);  // 2.0 is exact and passes, 2.5 fails
  return failed ? std::nullopt : std::optional{n};
}

std::optional<double> real(const json::value& v) {
  const auto n = v.is_string()   ? number_from<double>(v.get_string())
                 : v.is_number() ? std::optional{v.to_number<double>()}
                                 : std::nullopt;
  return n && std::isfinite(*n) ? n : std::nullopt;
}

std::optional<milliseconds> duration(const json::value& v) {
  if (v.is_string()) return parse_duration(v.get_string());
  const auto n = integer(v);  // only 0 needs no unit
  return n && *n == 0 ? std::optional{milliseconds{0}} : std::nullopt;
}

// Bytes; only 0 needs no unit.
std::optional<std::int64_t> size(const json::value& v) {
  if (v.is_string()) return parse_size(v.get_string());
  return integer(v) == 0 ? std::optional{std::int64_t{0}} : std::nullopt;
}

template <typename Value>
bool take(std::optional<Value> v, Value low, Value high, Value& into) {
  if (!v || *v < low || *v > high) return false;
  into = *v;
  return true;
}

template <auto Member, int Low, int High = std::numeric_limits<int>::max()>
bool parse_integer(const json::value& v, job_settings& s) {
  return take(integer(v), Low, High, s.*Member);
}

template <auto Member>
bool parse_share(const json::value& v, job_settings& s) {
  return take(real(v), 0.0, 1.0, s.*Member);
}

template <auto Member, std::int64_t LowMs, std::int64_t HighMs>
bool parse_period(const json::value& v, job_settings& s) {
  return take(duration(v), milliseconds{LowMs}, milliseconds{HighMs}, s.*Member);
}

template <auto Member>
bool parse_bytes(const json::value& v, job_settings& s) {
  return take(size(v), std::int64_t{0}, std::numeric_limits<std::int64_t>::max(), s.*Member);
}

template <auto Member>
bool parse_number(const json::value& v, job_settings& s) {
  const auto n = real(v);
  if (n) s.*Member = *n;
  return n.has_value();
}

// libpq sends it as a C string, and the journal shows it in a line.
template <auto Member>
bool parse_text(const json::value& v, job_settings& s) {
  if (!v.is_string() || v.get_string().find('\0') != json::string::npos) return false;
  s.*Member = std::string{v.get_string()};
  return true;
}

// A relative one would depend on where the daemon was started.
template <auto Member>
bool parse_absolute_path(const json::value& v, job_settings& s) {
  const bool fits = v.is_string() && (v.get_string().empty() || v.get_string().starts_with('/'));
  return fits && parse_text<Member>(v, s);
}

bool parse_force_after(const json::value& v, job_settings& s) {
  return parse_integer<&job_settings::force_after, 0>(v == "off" ? json::value(0) : v, s);
}

bool parse_verify(const json::value& v, job_settings& s) {
  if (v != "full" && v != "off") return false;
  s.verify = v == "full" ? verify_mode::full : verify_mode::off;
  return true;
}

bool parse_all_tables(const json::value& v, job_settings& s) {
  if (v != "refuse" && v != "allow") return false;
  s.all_tables_allowed = v == "allow";
  return true;
}

bool parse_young_snapshots(const json::value& v, job_settings& s) {
  if (v != "avoid" && v != "wait") return false;
  s.waits_for_young_snapshots = v == "wait";
  return true;
}

bool parse_method(const json::value& v, job_settings& s) {
  if (v != "insert" && v != "stream") return false;
  s.method = v == "insert" ? copy_method::insert : copy_method::stream;
  return true;
}

bool parse_index_order(const json::value& v, job_settings& s) {
  if (v != "after" && v != "before") return false;
  s.indexes = v == "after" ? index_order::after : index_order::before;
  return true;
}

// The server's own bounds for maintenance_work_mem, in its unit; what is left of a kilobyte is dropped.
bool parse_memory(const json::value& v, job_settings& s) {
  constexpr std::int64_t least = 1024, most = 2'147'483'647, kilobyte = 1024;
  const auto bytes = size(v);
  if (!bytes) return false;
  const auto low = *bytes == 0 ? 0 : least;
  return take(std::optional{*bytes / kilobyte}, low, most, s.index_memory);
}

json::value format_memory(const job_settings& s) {
  constexpr std::int64_t giga = 1 << 20;  // kB
  if (s.index_memory == 0) return 0;
  // As every version that may read it knows, and PostgreSQL too.
  if (s.index_memory % giga == 0) return json::string{fmt::format("{}GB", s.index_memory / giga)};
  return json::string{size_text(s.index_memory * 1024)};
}

bool parse_compression(const json::value& v, job_settings& s) {
  if (v != "on" && v != "off") return false;
  s.compress_index_log = v == "on";
  return true;
}

json::value format_compression(const job_settings& s) { return s.compress_index_log ? "on" : "off"; }

template <auto Member>
json::value as_is(const job_settings& s) {
  return s.*Member;
}

template <auto Member>
json::value as_duration(const job_settings& s) {
  return json::string{to_string(s.*Member)};
}

template <auto Member>
json::value as_bytes(const job_settings& s) {
  return json::string{size_text(s.*Member)};
}

template <auto Member>
json::value as_text(const job_settings& s) {
  return json::string{s.*Member};
}

template <load_limits job_settings::*Level>
bool parse_level(const json::value& v, job_settings& s) {
  const auto wrong = take_level(v, s.*Level);
  return wrong && wrong->empty();
}

template <load_limits job_settings::*Level>
json::value format_level(const job_settings& s) {
  return json::string{level_text(s.*Level)};
}

std::string wrong_limit(const json::value& v) {
  load_limits scratch;
  return take_level(v, scratch).value_or("");
}

json::value format_verify(const job_settings& s) { return s.verify == verify_mode::full ? "full" : "off"; }

json::value format_all_tables(const job_settings& s) { return s.all_tables_allowed ? "allow" : "refuse"; }
json::value format_young_snapshots(const job_settings& s) { return s.waits_for_young_snapshots ? "wait" : "avoid"; }
json::value format_method(const job_settings& s) { return s.method == copy_method::insert ? "insert" : "stream"; }

json::value format_index_order(const job_settings& s) { return s.indexes == index_order::after ? "after" : "before"; }

constexpr std::int64_t any_time = std::numeric_limits<std::int64_t>::max();
constexpr int any_integer = std::numeric_limits<int>::min();
using js = job_settings;

constexpr std::array<setting, 33> table{{
    {"chunk_target", "a duration from 10ms to 60s", "The time that one chunk or batch is sized for.",
     parse_period<&js::chunk_target, 10, 60'000>, as_duration<&js::chunk_target>},
    {"copy_method", "\"insert\" or \"stream\"",
     "How rows are copied: inside the server, or through the daemon by COPY.", parse_method, format_method},
    {"workers", "a whole number from 1 to 32", "Sessions that copy, build indexes, or apply changes, at once.",
     parse_integer<&js::workers, 1, 32>, as_is<&js::workers>},
    {"indexes", "\"after\" or \"before\"",
     "Whether indexes are built after the copy, or are there before it and grow with it; read when the copy begins.",
     parse_index_order, format_index_order},
    {"index_workers", "a whole number from -1 to 64",
     "Parallel workers of one index build; -1: what workers leaves, and no more than the server allows by itself.",
     parse_integer<&js::index_workers, -1, 64>, as_is<&js::index_workers>},
    {"index_memory", "a size from 1MB to 2047GB, or 0", "Memory for one index build; 0: as the server has it.",
     parse_memory, format_memory},
    {"wal_compression", "\"on\" or \"off\"",
     "Whether the write-ahead log of index builds is compressed by lz4, where the server has it and the daemon's role "
     "may say so.",
     parse_compression, format_compression},
    {"max_lag", "a duration from 0s to 24h",
     "A replica further behind than this holds the job back; with 0s any lag that can be measured does.",
     parse_period<&js::max_lag, 0, 86'400'000>, as_duration<&js::max_lag>, true},
    {"max_lag_bytes", "a size, or 0", "Log that a replica has not replayed, above which the job waits.",
     parse_bytes<&js::max_lag_bytes>, as_bytes<&js::max_lag_bytes>, true},
    {"max_slot_wal", "a size, or 0", "Log retained by a replication slot, above which the job waits.",
     parse_bytes<&js::max_slot_wal>, as_bytes<&js::max_slot_wal>, true},
    {"max_archive_backlog", "a whole number, 0 or more", "Files waiting to be archived, above which the job waits.",
     parse_integer<&js::max_archive_backlog, 0>, as_is<&js::max_archive_backlog>, true},
    {"copy_ratio", "a number from 0 to 1", "The share of time spent copying; 0 stands still.",
     parse_share<&js::copy_ratio>, as_is<&js::copy_ratio>},
    {"max_active", "a whole number, 0 or more", "Active backends above which the job waits; 0 turns this off.",
     parse_integer<&js::max_active, 0>, as_is<&js::max_active>, true},
    {"max_lock_waits", "a whole number, 0 or more",
     "Sessions waiting for locks at the table, above which the job waits.", parse_integer<&js::max_lock_waits, 0>,
     as_is<&js::max_lock_waits>, true},
    {"min_free_space", "a size, or 0", "Free space of the server's disks below which the job waits.",
     parse_bytes<&js::min_free_space>, as_bytes<&js::min_free_space>, true},
    {"max_transaction_age", "a duration, 0s or more",
     "Age of the server's oldest open transaction above which the job waits; 0s turns this off.",
     parse_period<&js::max_transaction_age, 0, any_time>, as_duration<&js::max_transaction_age>, true},
    {"max_xid_age", "a whole number, 0 or more",
     "Transactions since the server's oldest database was frozen, above which the job waits; 0 turns this off.",
     parse_integer<&js::max_xid_age, 0>, as_is<&js::max_xid_age>, true},
    {"throttle_query", "a text", "A query for one number; above throttle_threshold the job waits.",
     parse_text<&js::throttle_query>, as_text<&js::throttle_query>},
    {"throttle_threshold", "a number", "What throttle_query may answer before the job waits.",
     parse_number<&js::throttle_threshold>, as_is<&js::throttle_threshold>, true},
    {"throttle_file", "an absolute path, or \"\"", "A file on the daemon's host; while it exists the job waits.",
     parse_absolute_path<&js::throttle_file>, as_text<&js::throttle_file>, true},
    {"critical", "limits such as \"max_lag=10s, max_active=200\"", "Load above which the job pauses itself.",
     parse_level<&js::critical>, format_level<&js::critical>, false, wrong_limit},
    {"abort_at", "limits such as \"max_lag=10s, max_active=200\"",
     "Load above which, for some seconds, the job gives up.", parse_level<&js::abort_at>, format_level<&js::abort_at>,
     false, wrong_limit},
    {"lock_timeout", "a duration from 10ms to 10s", "How long one attempt may wait for all its locks together.",
     parse_period<&js::lock_timeout, 10, 10'000>, as_duration<&js::lock_timeout>},
    {"max_hold", "a duration, 0s or more",
     "How long one attempt at the triggers, the cutover or a foreign key may hold its locks before it is given up; 0s: "
     "any.",
     parse_period<&js::max_hold, 0, any_time>, as_duration<&js::max_hold>},
    {"lock_budget", "a duration, 0s or more",
     "Time that the application may wait for the job's locks in all, after which the job pauses itself; 0s: any.",
     parse_period<&js::lock_budget, 0, any_time>, as_duration<&js::lock_budget>},
    {"lock_retries", "a whole number, 0 or more",
     "Failed attempts to get the locks, the first one not counted, after which the job pauses itself.",
     parse_integer<&js::lock_retries, 0>, as_is<&js::lock_retries>},
    {"force_after", "a whole number, 0 or more, or \"off\"",
     "Failed attempts after which blockers are cancelled and then terminated; 0 turns this off.", parse_force_after,
     as_is<&js::force_after>},
    {"young_snapshots", "\"avoid\" or \"wait\"",
     "Whether the swap always waits for short transactions whose snapshot would not see all of the new table.",
     parse_young_snapshots, format_young_snapshots},
    {"max_log", "a size, or 0", "Size of a change log at which the triggers stop and the copy starts again; 0: any.",
     parse_bytes<&js::max_log>, as_bytes<&js::max_log>},
    {"verify", "\"full\" or \"off\"", "Whether source and ghost are compared before the cutover.", parse_verify,
     format_verify},
    {"keep_old", "a duration, 0s or more", "How long the old table is kept after the cutover; 0s drops it at once.",
     parse_period<&js::keep_old, 0, any_time>, as_duration<&js::keep_old>},
    {"all_tables_publications", "\"refuse\" or \"allow\"",
     "Whether the job may run although a FOR ALL TABLES publication publishes the ghost as well; read when the job "
     "prepares.",
     parse_all_tables, format_all_tables},
    {"priority", "a whole number", "Of the queued jobs of a database the highest goes first.",
     parse_integer<&js::priority, any_integer>, as_is<&js::priority>},
}};

}  // namespace

std::span<const setting> setting_table() { return table; }

}  // namespace eidolon::config
