#include "daemon/client/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "config/daemon_config.hpp"
#include "config/version.hpp"
#include "daemon/client/exit_status.hpp"
#include "daemon/client/outcome.hpp"
#include "daemon/client/setting_help.hpp"

namespace eidolon::client {
namespace {

// Options in the making: what CLI11 stores as text until it is checked.
struct raw_options {
  options o;
  std::string file, name;
  std::vector<std::string> settings;
  double timeout{-1};
};

// As it is printed: CLI11 would read 010 and 0x10 in other bases.
std::string job_number(const std::string& text) {
  std::int64_t number{};
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc{} && rest == end && number > 0 && !text.starts_with('0')) return {};
  return fmt::format("\"{}\" is not the number of a job", text);
}

// CLI11's own check says in which range of all numbers a value is not.
std::string not_negative(const std::string& text) {
  double value{};
  if (CLI::detail::lexical_cast(text, value) && value >= 0) return {};
  return fmt::format("\"{}\" is not a number from 0 on", text);
}

void add_submission(CLI::App& command, raw_options& raw) {
  command.add_option("--table", raw.o.table, "The table, as schema.table");
  auto* const alter = command.add_option("--alter", raw.o.alter, "ALTER TABLE statements, or only their clauses");
  command.add_option("--file", raw.file, "A file with the SQL; - reads standard input")->excludes(alter);
  command.add_option("--database", raw.o.database, "The database, by its configured name, if there is more than one");
  command.add_option("--name", raw.name, "A name: submitting it again returns the same job");
  command.add_option("--set", raw.settings, "A setting, as NAME=VALUE")->allow_extra_args(false)->type_name("K=V");
  command.add_flag("--postpone-cutover", raw.o.postpone_cutover, "Wait before the swap until it is asked for");
  command.footer(setting_help());
}

CLI::App& add_command(CLI::App& app, const std::string& name, const std::string& what) {
  auto* const command = app.add_subcommand(name, what);
  command->fallthrough();  // --socket and --json may come last
  return *command;
}

CLI::App& add_job_command(CLI::App& app, const std::string& name, const std::string& what, raw_options& raw) {
  auto& command = add_command(app, name, what);
  command.add_option("id", raw.o.id, "The job's number")->required()->check(job_number);
  return command;
}

void add_commands(CLI::App& app, raw_options& raw) {
  auto& submit = add_command(app, "submit", "Submit a job; prints its number");
  add_submission(submit, raw);
  submit.add_flag("--watch", raw.o.watch, "Then watch it");
  add_submission(add_command(app, "plan", "What a job would do, without doing it"), raw);
  add_command(app, "list", "All jobs");
  add_job_command(app, "status", "One job", raw);
  auto& events = add_job_command(app, "events", "A job's history", raw);
  events.add_flag("--follow", raw.o.follow, "Go on until the job has ended");
  add_job_command(app, "watch", "A job's progress, until its new shape is live", raw);
  auto& wait = add_job_command(app, "wait", "Wait for a job", raw);
  const std::vector<std::string> states{state_names().begin(), state_names().end()};
  wait.add_option("--state", raw.o.state,
                  "The state to wait for, instead of an end (or retaining: the new shape is live)")
      ->check(CLI::IsMember(states));
  wait.add_option("--timeout", raw.timeout, "How long, in seconds")->check(not_negative);
  add_job_command(app, "pause", "Hold a job", raw);
  add_job_command(app, "resume", "Let a paused job go on", raw);
  add_job_command(app, "cutover", "Swap the tables as soon as possible", raw);
  add_job_command(app, "abort", "Give a job up and remove what it made", raw);
  add_job_command(app, "drop-old", "Drop the old table now", raw);
  add_command(app, "replicas", "The replicas of each database, and how far they are behind");
  auto& forget = add_command(app, "forget-replica", "Let jobs go on without a replica that is gone");
  forget.add_option("replica", raw.o.replica, "Its name, as replicas prints it")->required();
  forget.add_option("--database", raw.o.database, "The database, if there is more than one");
  auto& set = add_job_command(app, "set", "Change settings of a job", raw);
  set.add_option("settings", raw.settings, "Settings, as NAME=VALUE")->required()->type_name("K=V");
  set.footer(setting_help());
}

std::string read_sql(const std::string& file) {
  if (file == "-") return {std::istreambuf_iterator<char>{std::cin}, {}};
  std::ifstream in{file, std::ios::binary};
  std::error_code ignored;
  const bool readable = in.is_open() && !std::filesystem::is_directory(file, ignored);
  std::string text{std::istreambuf_iterator<char>{readable ? in.rdbuf() : nullptr}, {}};
  if (!readable || in.bad()) throw CLI::ValidationError{"--file", fmt::format("{} cannot be read", file)};
  return text;
}

boost::json::object parse_settings(const std::vector<std::string>& pairs) {
  boost::json::object settings;
  for (const auto& pair : pairs) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos) throw CLI::ValidationError{pair, "a setting is given as NAME=VALUE"};
    settings[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  config::job_settings scratch;
  const auto errors = config::apply_settings(settings, scratch);
  if (!errors.empty()) throw CLI::ValidationError{fmt::format("{}", fmt::join(errors, "\n"))};
  return settings;
}

// What CLI11 cannot check by itself.
options checked(raw_options raw, const CLI::App& app) {
  auto& o = raw.o;
  const auto& command = *app.get_subcommands().front();
  o.command = command.get_name();
  o.settings = parse_settings(raw.settings);
  if (o.command == "submit" || o.command == "plan") {
    if (!raw.file.empty()) o.alter = read_sql(raw.file);
    if (o.alter.find_first_not_of(" \t\r\n;") == std::string::npos) {
      throw CLI::RequiredError{"--alter (or --file) with what is to be changed"};
    }
    if (command.count("--name") > 0) o.name = raw.name;
    if (o.name && o.name->empty()) throw CLI::ValidationError{"--name", "must not be empty"};
  }
  if (raw.timeout >= 0) o.timeout = raw.timeout;
  return std::move(o);
}

}  // namespace

parsed_options parse_options(int argc, const char* const* argv) {
  CLI::App app{"Online schema changes for PostgreSQL: asks the Eidolon daemon.", "eidolon"};
  raw_options raw;
  app.add_option("--socket", raw.o.socket, "The daemon's control socket")
      ->envname("EIDOLON_SOCKET")
      ->capture_default_str();
  app.add_flag("--json", raw.o.json, "Print JSON, as the API answers it");
  app.set_version_flag("--version", fmt::format("eidolon {}", config::version));
  app.require_subcommand(1);
  app.footer(
      "Exit status: 0 done; 1 the job failed, was aborted or refused; 2 wrong usage;\n"
      "3 the daemon cannot be reached; 4 timed out.");
  add_commands(app, raw);
  try {
    app.parse(argc, argv);
    return {checked(std::move(raw), app), 0};
  } catch (const CLI::ParseError& e) {
    const bool asked_for_help = app.exit(e, std::cout, std::cerr) == 0;
    return {std::nullopt, static_cast<int>(asked_for_help ? exit_status::done : exit_status::usage)};
  }
}

}  // namespace eidolon::client
