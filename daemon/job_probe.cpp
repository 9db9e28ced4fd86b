#include "daemon/job_probe.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "daemon/sql.hpp"
#include "daemon/states.hpp"

namespace eidolon::daemon {

using postgres::raw;
using std::chrono::seconds;

namespace {

constexpr seconds answer_within{3};
constexpr const char* begin = "BEGIN READ ONLY; SET LOCAL statement_timeout = '2s'; SET LOCAL lock_timeout = '500ms'";

// One that cannot be looked at is an error of the job's own, and nothing for its levels.
void look_for_files(const config::job_settings& s, job_load& into) {
  for (const config::load_limits* level :
       std::initializer_list<const config::load_limits*>{&s, &s.critical, &s.abort_at}) {
    const auto& file = level->throttle_file;
    if (file.empty()) continue;
    std::error_code failed;
    const auto found = std::filesystem::status(file, failed).type();
    if (found == std::filesystem::file_type::none && level == &s) into.file_error = failed.message();
    if (found != std::filesystem::file_type::none && found != std::filesystem::file_type::not_found)
      into.files.push_back(file);
  }
}

// In parentheses it is one expression, whatever it holds, and more than one row or column is an error.
postgres::statement question(std::string query) {
  query.erase(query.find_last_not_of("; \t\r\n") + 1);
  return postgres::sql(raw(fmt::format("SELECT (\n{}\n)::pg_catalog.float8 AS answer", query)));
}

asio::awaitable<std::optional<double>> ask_for_number(postgres::connection& c, std::string query) {
  co_await c.script(raw(begin), answer_within);
  std::exception_ptr failure;
  std::optional<double> answer;
  try {
    const auto rows = co_await c.execute(question(std::move(query)), answer_within);
    if (!rows.empty()) answer = rows.front().get<std::optional<double>>("answer");
  } catch (const postgres::statement_error&) {
    failure = std::current_exception();
  }
  co_await c.rollback();
  if (failure) std::rethrow_exception(failure);
  co_return answer;
}

}  // namespace

asio::awaitable<void> job_probe::ask(const job_record& r, job_load& into) {
  if (!session_ || !session_->usable()) session_ = co_await postgres::connection::open(options_);
  if (limits_lock_waits(r.settings)) {
    // After the swap it is another table that is called so.
    std::optional<std::uint32_t> source;
    if (before_swap(r.state)) source = r.plan->source.oid;
    auto query = postgres::sql(raw(sql::lock_waits), source, plan::source_name(*r.plan));
    const auto rows = co_await session_->execute(std::move(query), answer_within);
    into.lock_waits = rows.front().get<int>("waiting");
  }
  if (r.settings.throttle_query.empty()) co_return;
  into.answer = co_await ask_for_number(*session_, r.settings.throttle_query);
  if (!into.answer || std::isnan(*into.answer)) {
    into.answer.reset();
    into.error = "throttle_query answers no number";
  }
}

asio::awaitable<void> job_probe::measure(const job_record& r, bool wanted) {
  job_load now;
  look_for_files(r.settings, now);
  const bool limited = limits_lock_waits(r.settings) || !r.settings.throttle_query.empty();
  const bool asks = wanted && r.plan && limited;
  if (asks) {
    try {
      co_await ask(r, now);
    } catch (const postgres::statement_error& e) {
      now.error = std::string{"throttle_query or the look at locks fails: "} + e.what();
    } catch (const postgres::error& e) {
      now.error = e.what();
    }
    if (!now.error.empty() && session_ && !session_->usable()) session_.reset();
  } else {
    session_.reset();
  }
  // Nothing is known of a limited job before it has been asked for, and before it has a plan; what is not known holds
  // it: it does not begin to copy unasked.
  if (asks || !limited) now.measured_at = clock::now();
  load_ = std::move(now);
}

}  // namespace eidolon::daemon
