#include "daemon/client/present.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <optional>
#include <vector>

#include "daemon/client/job_reader.hpp"

namespace eidolon::client {
namespace {

using row = std::vector<std::string>;
using std::chrono::system_clock;

// Bytes that begin a character: what a terminal shows of UTF-8 text, near enough.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string cut_to(std::string text, std::size_t width) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) == 0x80) continue;
    if (seen++ == width) return text.substr(0, i);
  }
  return text;
}

std::string aligned(const std::vector<row>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& r : rows) {
    widths.resize(std::max(widths.size(), r.size()));
    for (std::size_t i = 0; i < r.size(); ++i) widths[i] = std::max(widths[i], width_of(r[i]));
  }
  std::string out;
  for (const auto& r : rows) {
    std::string line;
    for (std::size_t i = 0; i < r.size(); ++i) line += r[i] + std::string(widths[i] - width_of(r[i]) + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

// Of what the job is doing, or of the copy where that is not known.
std::optional<double> ratio_of(const json::value& job) {
  const auto of_state = number_at(job, "/progress/state_ratio");
  return of_state ? of_state : number_at(job, "/progress/ratio");
}

// Rounded down: 100 % is said when it is so.
std::string percent_text(std::optional<double> ratio) {
  return ratio ? fmt::format("{:.1f}%", std::floor(*ratio * 1000) / 10) : std::string{};
}

std::string percent(const json::value& job) { return percent_text(ratio_of(job)); }

std::string throttle_text(const json::value& job) {
  row reasons;
  for (const auto& held : list_at(job, "/condition/throttled")) {
    auto said = text_at(held, "/detail");
    if (const auto since = text_at(held, "/since"); !since.empty())
      said += (said.empty() ? "since " : ", since ") + since;
    reasons.push_back(text_at(held, "/reason") + (said.empty() ? "" : " (" + said + ")"));
  }
  return fmt::format("{}", fmt::join(reasons, ", "));
}

// How long ago a time was, which RFC 3339 has in UTC; empty when it is none.
std::string age_text(const std::string& since, system_clock::time_point now) {
  std::tm parts{};
  const char* const end = ::strptime(since.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  if (end == nullptr || *end != '\0') return {};
  const auto age = std::chrono::floor<std::chrono::seconds>(now - system_clock::from_time_t(::timegm(&parts)));
  const auto seconds = std::max<std::int64_t>(age.count(), 0);
  return seconds < 10 ? fmt::format("{}s", seconds) : duration_text(static_cast<double>(seconds));
}

// All reasons with their ages, and then the details: of a line that is cut the end is lost.
std::string throttle_with_ages(const json::value& job, system_clock::time_point now) {
  row reasons, details;
  for (const auto& held : list_at(job, "/condition/throttled")) {
    const auto age = age_text(text_at(held, "/since"), now);
    reasons.push_back(text_at(held, "/reason") + (age.empty() ? "" : " " + age));
    if (auto detail = text_at(held, "/detail"); !detail.empty()) details.push_back(std::move(detail));
  }
  const auto why = details.empty() ? std::string{} : fmt::format(" ({})", fmt::join(details, "; "));
  return fmt::format("{}{}", fmt::join(reasons, ", "), why);
}

// Paused, throttled and postponed, as far as the job is.
row conditions(const json::value& job, const std::string& paused, const std::string& throttled) {
  row result;
  const auto why = text_at(job, "/condition/paused_reason");
  if (true_at(job, "/condition/paused")) result.push_back(why.empty() ? paused : paused + ": " + why);
  if (!throttled.empty()) result.push_back("throttled: " + throttled);
  if (text_at(job, "/state") == "ready" && true_at(job, "/postpone_cutover"))
    result.push_back("waits for `eidolon cutover " + text_at(job, "/id") + "`");
  return result;
}

row conditions(const json::value& job) { return conditions(job, "paused", throttle_text(job)); }

row conditions_with_ages(const json::value& job, system_clock::time_point now) {
  const auto age = age_text(text_at(job, "/condition/paused_since"), now);
  return conditions(job, age.empty() ? "paused" : "paused " + age, throttle_with_ages(job, now));
}

// What is known of speed and distance.
row measures(const json::value& job) {
  row result;
  const auto rate = number_at(job, "/rate/rows_per_second");
  const auto eta = number_at(job, "/eta_seconds");
  const auto lag = number_at(job, "/lag_seconds");
  const auto backlog = number_at(job, "/progress/backlog");
  if (rate && *rate > 0) result.push_back(count_text(*rate) + " rows/s");
  if (eta) result.push_back("ETA " + duration_text(*eta));
  if (lag) result.push_back("lag " + duration_text(*lag));
  if (backlog && *backlog > 0) result.push_back("backlog " + count_text(*backlog));
  return result;
}

void append(row& to, row more) { to.insert(to.end(), more.begin(), more.end()); }

std::string time_or_none(const json::value& job, std::string_view pointer) {
  const auto text = text_at(job, pointer);
  return text.empty() ? "-" : text;
}

std::string error_text(const json::value& job) {
  auto text = fmt::format("{}: {}", text_at(job, "/error/code"), text_at(job, "/error/message"));
  for (const auto* part : {"constraint", "key"}) {
    const auto value = text_at(job, std::string{"/error/"} + part);
    if (!value.empty()) text += fmt::format(" ({} {})", part, value);
  }
  return text;
}

std::vector<row> progress_rows(const json::value& job) {
  const auto of = [&](const char* pointer) { return count_text(number_at(job, pointer).value_or(0)); };
  std::vector<row> rows;
  const auto state = text_at(job, "/state");
  if (number_at(job, "/progress/state_ratio") && state != "copying")
    rows.push_back({"progress", fmt::format("{} of {}", percent(job), state)});
  rows.push_back(
      {"copied", fmt::format("{} ({} of {} blocks, {} rows)", percent_text(number_at(job, "/progress/ratio")),
                             of("/progress/blocks_done"), of("/progress/blocks_total"), of("/progress/rows"))});
  for (const auto& m : measures(job)) {
    const auto words = m.find(' ');
    const bool rate = m.ends_with("rows/s");
    rows.push_back({rate ? "rate" : m.substr(0, words), rate ? m : m.substr(words + 1)});
  }
  return rows;
}

std::vector<row> timing_rows(const json::value& job) {
  std::vector<row> rows{{"submitted", time_or_none(job, "/timings/submitted_at")},
                        {"started", time_or_none(job, "/timings/started_at")},
                        {"finished", time_or_none(job, "/timings/finished_at")}};
  if (const auto* const states = find(job, "/timings/states"); states != nullptr && states->is_object()) {
    row spent;
    for (const auto& [name, seconds] : states->get_object()) {
      if (seconds.is_number())
        spent.push_back(fmt::format("{} {}", std::string_view{name}, duration_text(seconds.to_number<double>())));
    }
    if (!spent.empty()) rows.push_back({"time spent", fmt::format("{}", fmt::join(spent, ", "))});
  }
  const auto held = number_at(job, "/timings/cutover_held_seconds");
  const auto blocked = number_at(job, "/timings/blocked_application_seconds");
  if (held) rows.push_back({"cutover", fmt::format("locks held for {:.0f} ms", *held * 1000)});
  if (blocked) rows.push_back({"application", fmt::format("blocked for {:.0f} ms in all", *blocked * 1000)});
  return rows;
}

std::string query_start_of(const json::value& blocker) {
  const auto start = text_at(blocker, "/query_start");
  return start.empty() ? "" : ", query since " + start;
}

std::vector<row> cutover_rows(const json::value& job) {
  std::vector<row> rows;
  const auto attempts = number_at(job, "/cutover/attempts").value_or(0);
  if (attempts > 0)
    rows.push_back({"attempts", fmt::format("{:.0f}, the last: {}", attempts, text_at(job, "/cutover/last_outcome"))});
  for (const auto& b : list_at(job, "/cutover/blockers")) {
    rows.push_back({"blocked by", fmt::format("{} {} for {}{}: {}", text_at(b, "/pid"), text_at(b, "/application_name"),
                                              duration_text(number_at(b, "/seconds").value_or(0)), query_start_of(b),
                                              text_at(b, "/query"))});
  }
  return rows;
}

std::string settings_text(const json::value& job) {
  row pairs;
  if (const auto* const settings = find(job, "/settings"); settings != nullptr && settings->is_object()) {
    for (const auto& [name, value] : settings->get_object()) {
      pairs.push_back(std::string{name} + "=" + text_at(*settings, "/" + std::string{name}));
    }
  }
  return fmt::format("{}", fmt::join(pairs, " "));
}

std::string bullet_list(std::string_view title, const json::array& lines) {
  if (lines.empty()) return {};
  std::string out = title.empty() ? std::string{} : fmt::format("{}:\n", title);
  for (const auto& line : lines) out += fmt::format("  {}\n", text_at(line, ""));
  return out;
}

std::string told(const json::value& said, std::string_view sentence) {
  const auto advice = text_at(said, "/advice");
  return fmt::format("{}: {}\n", text_at(said, "/code"), text_at(said, sentence)) +
         (advice.empty() ? "" : fmt::format("  {}\n", advice));
}

}  // namespace

std::string job_table(const json::value& jobs) {
  std::vector<row> rows{{"ID", "NAME", "DATABASE", "TABLE", "STATE", "PROGRESS", "ETA", "CONDITION"}};
  for (const auto& job : list_at(jobs, "/jobs")) {
    const auto eta = number_at(job, "/eta_seconds");
    rows.push_back({text_at(job, "/id"), text_at(job, "/name"), text_at(job, "/database"), text_at(job, "/table"),
                    text_at(job, "/state"), percent(job), eta ? duration_text(*eta) : "",
                    fmt::format("{}", fmt::join(conditions(job), ", "))});
  }
  return aligned(rows);
}

std::string replica_table(const json::value& databases) {
  std::vector<row> rows{{"DATABASE", "REPLICA", "BEHIND", "BYTES", "SOURCE", "ERROR"}};
  for (const auto& d : list_at(databases, "/databases"))
    for (const auto& r : list_at(d, "/replicas")) {
      const auto behind = number_at(r, "/lag_seconds"), bytes = number_at(r, "/lag_bytes");
      rows.push_back({text_at(d, "/name"), text_at(r, "/name"), behind ? duration_text(*behind) : "unknown",
                      bytes ? count_text(*bytes) : "", text_at(r, "/source"), text_at(r, "/error")});
    }
  return aligned(rows);
}

std::string unreachable_databases(const json::value& jobs) {
  std::string lines;
  for (const auto& d : list_at(jobs, "/unreachable"))
    lines += fmt::format(
        "eidolon: warning: the database {} cannot be reached; of its jobs is shown what was known "
        "last, if anything: {}\n",
        text_at(d, "/name"), text_at(d, "/error"));
  return lines;
}

std::string job_details(const json::value& job) {
  std::vector<row> rows{{"job", text_at(job, "/id")}};
  if (const auto name = text_at(job, "/name"); !name.empty()) rows.push_back({"name", name});
  rows.push_back({"table", fmt::format("{} in {}", text_at(job, "/table"), text_at(job, "/database"))});
  rows.push_back({"alter", text_at(job, "/alter")});
  rows.push_back({"state", text_at(job, "/state")});
  for (const auto& c : conditions(job)) rows.push_back({"", c});
  if (const auto since = text_at(job, "/condition/paused_since"); !since.empty())
    rows.push_back({"paused since", since});
  if (true_at(job, "/postpone_cutover")) rows.push_back({"", "the cutover is postponed"});
  if (find(job, "/error") != nullptr) rows.push_back({"error", error_text(job)});
  for (auto& more : {progress_rows(job), timing_rows(job), cutover_rows(job)}) {
    rows.insert(rows.end(), more.begin(), more.end());
  }
  rows.push_back({"settings", settings_text(job)});
  for (const auto& w : list_at(job, "/warnings")) rows.push_back({"warning", text_at(w, "")});
  return aligned(rows);
}

std::string event_line(const json::value& event) {
  return fmt::format("{}  {:<12}  {}", text_at(event, "/at"), text_at(event, "/kind"), text_at(event, "/message"));
}

std::string plan_text(const json::value& plan) {
  std::string statements;
  for (const auto& s : list_at(plan, "/statements")) {
    const auto text = text_at(s, "");
    statements += fmt::format("  {}{}\n", text, text.ends_with(';') ? "" : ";");
  }
  return fmt::format("{}\n", text_at(plan, "/table")) + bullet_list("", list_at(plan, "/summary")) +
         bullet_list("warnings", list_at(plan, "/warnings")) + (statements.empty() ? "" : "statements:\n" + statements);
}

std::string state_and_condition(const json::value& job) {
  row parts{text_at(job, "/state")};
  append(parts, conditions(job));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string state_and_reasons(const json::value& job) {
  row parts{text_at(job, "/state"), text_at(job, "/condition/paused_reason")};
  if (true_at(job, "/condition/paused")) parts.emplace_back("paused");
  for (const auto& t : list_at(job, "/condition/throttled")) parts.push_back(text_at(t, "/reason"));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string progress_line(const json::value& job) {
  row parts{fmt::format("{} {}", text_at(job, "/state"), percent(job))};
  append(parts, measures(job));
  append(parts, conditions(job));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string progress_bar(const json::value& job, std::size_t width, system_clock::time_point now) {
  auto parts = conditions_with_ages(job, now);
  const std::size_t cells = parts.empty() ? 24 : 8;  // with 8, 79 columns hold any one reason and its age
  append(parts, measures(job));
  const auto ratio = std::clamp(ratio_of(job).value_or(0), 0.0, 1.0);
  const auto full = static_cast<std::size_t>(ratio * static_cast<double>(cells));
  return cut_to(fmt::format("{:<12} [{}{}] {:>6}  {}", text_at(job, "/state"), std::string(full, '#'),
                            std::string(cells - full, '-'), percent(job), fmt::join(parts, "  ")),
                width);
}

std::string ending(const json::value& job) {
  const auto id = text_at(job, "/id");
  const auto state = text_at(job, "/state");
  const auto held = number_at(job, "/timings/cutover_held_seconds");
  const auto stall = held ? fmt::format(" (the cutover held its locks for {:.0f} ms)", *held * 1000) : std::string{};
  if (state == "done") return fmt::format("job {} is done: {} has its new shape{}", id, text_at(job, "/table"), stall);
  if (state == "retaining") {
    return fmt::format("job {}: {} has its new shape{}; the old table is kept for {}, or until \"eidolon drop-old {}\"",
                       id, text_at(job, "/table"), stall, text_at(job, "/settings/keep_old"), id);
  }
  if (state == "failed" || find(job, "/error") != nullptr) return fmt::format("job {} failed: {}", id, error_text(job));
  return fmt::format("job {} is {}", id, state);
}

std::string problem_text(const json::value& problem) {
  const auto& refusals = list_at(problem, "/refusals");
  if (refusals.empty()) return told(problem, "/detail");
  std::string out;
  for (const auto& r : refusals) out += told(r, "/reason");
  return out;
}

std::string duration_text(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.1f}s", seconds);
  const auto s = static_cast<long long>(std::llround(std::min(seconds, 1e15)));
  if (s < 60) return fmt::format("{}s", s);
  if (s < 3600) return fmt::format("{}m{:02}s", s / 60, s % 60);
  if (s < 86'400) return fmt::format("{}h{:02}m", s / 3600, s % 3600 / 60);
  return fmt::format("{}d{:02}h", s / 86'400, s % 86'400 / 3600);
}

std::string count_text(double n) {
  auto digits = fmt::format("{:.0f}", n);
  for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > (n < 0 ? 1 : 0); i -= 3) {
    digits.insert(static_cast<std::size_t>(i), 1, ',');
  }
  return digits;
}

}  // namespace eidolon::client
