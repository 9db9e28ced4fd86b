// Wrong usage and a wrong configuration both end with exit status 2.
#include "daemon/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "config/host_port.hpp"
#include "config/version.hpp"
#include "postgres/conninfo.hpp"

namespace eidolon::daemon {

namespace {

constexpr int wrong_usage = 2;

struct flags {
  std::string config_file, dsn, socket, http, name{"main"};
  std::vector<std::string> replicas;
  bool check_config{}, clean_orphans{}, all_jobs{}, version{}, http_given{};
};

void describe(CLI::App& app, flags& f) {
  app.add_option("--config", f.config_file, "Configuration file (TOML)");
  app.add_option("--dsn", f.dsn, "Without a file: the database, as a libpq connection string");
  app.add_option("--name", f.name, "Without a file: the database's name")->capture_default_str();
  app.add_option("--replica", f.replicas, "Without a file: a replica whose lag is asked for; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--socket", f.socket, "Path of the control socket");
  app.add_option("--http", f.http, "HOST:PORT of the read-only address; empty turns it off");
  app.add_flag("--check-config", f.check_config, "Check the configuration and exit");
  app.add_flag("--clean-orphans", f.clean_orphans,
               "Remove what jobs of another database, of which this is a restored or cloned copy, left here, and exit");
  app.add_flag(
         "--all-jobs", f.all_jobs,
         "With --clean-orphans, for a physical copy (base backup, snapshot), in which the original's jobs look like "
         "its own: remove what every unfinished job left. No daemon may lead there; never for the original itself")
      ->needs("--clean-orphans");
  app.add_flag("--version", f.version, "Print the version and exit");
}

parsed_options failed(std::string why) { return {std::nullopt, wrong_usage, "", std::move(why)}; }

// The configuration's reader knows nothing of libpq. Passwords are not repeated.
std::string objection_to(const std::string& conninfo) {
  try {
    postgres::parse_conninfo(conninfo);
  } catch (const std::exception& e) {
    return e.what();
  }
  return {};
}

// Those of the command line.
std::string objections_to(const config::database_config& d) {
  std::string text;
  const auto check = [&](const std::string& what, const std::string& conninfo) {
    if (const auto why = objection_to(conninfo); !why.empty())
      text += fmt::format("eidolond: {} of database \"{}\": {}\n", what, d.name, why);
  };
  check("dsn", d.dsn);
  for (std::size_t i = 0; i < d.replicas.size(); ++i) check(fmt::format("replica {}", i + 1), d.replicas[i]);
  return text;
}

std::string contradiction(const flags& f) {
  if (f.config_file.empty() && f.dsn.empty()) return "eidolond: --config FILE or --dsn CONNINFO is required\n";
  if (!f.config_file.empty() && !f.dsn.empty()) return "eidolond: --config and --dsn exclude each other\n";
  if (!f.config_file.empty() && !f.replicas.empty()) return "eidolond: with --config, replicas are named in the file\n";
  if (f.http_given && !f.http.empty() && !config::parse_host_port(f.http))
    return fmt::format("eidolond: --http: \"{}\" is not HOST:PORT\n", f.http);
  return {};
}

void obey_flags(const options& o, config::daemon_config& c) {
  if (o.socket) c.socket = *o.socket;
  if (o.http) c.http = *o.http;
}

}  // namespace

config::parsed_config read_configuration(const options& o) {
  auto parsed = config::read_config(o.config_file, objection_to);
  obey_flags(o, parsed.config);
  return parsed;
}

std::string to_text(const std::vector<config::config_error>& errors) {
  std::string text;
  for (const auto& e : errors)
    text +=
        e.line > 0 ? fmt::format("{}:{}: {}\n", e.file, e.line, e.message) : fmt::format("{}: {}\n", e.file, e.message);
  return text;
}

parsed_options parse_options(int argc, const char* const* argv) {
  CLI::App app{"eidolond: changes the shape of live PostgreSQL tables", "eidolond"};
  flags f;
  describe(app, f);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return {std::nullopt, 0, app.help(), ""};
  } catch (const CLI::ParseError& e) {
    return failed(fmt::format("eidolond: {}\n", e.what()));
  }
  if (f.version) return {std::nullopt, 0, fmt::format("eidolond {}\n", config::version), ""};
  f.http_given = app.count("--http") > 0;
  if (auto why = contradiction(f); !why.empty()) return failed(std::move(why));

  options o;
  o.config_file = f.config_file;
  o.check_config = f.check_config;
  o.clean_orphans = f.clean_orphans;
  o.all_jobs = f.all_jobs;
  if (app.count("--socket") > 0) o.socket = f.socket;
  if (f.http_given) o.http = f.http;
  if (!f.config_file.empty()) {
    auto parsed = read_configuration(o);
    if (!parsed.errors.empty()) return failed(to_text(parsed.errors));
    o.config = std::move(parsed.config);
  } else {
    o.config.databases.push_back({f.name, f.dsn, f.replicas});
    if (auto why = objections_to(o.config.databases.back()); !why.empty()) return failed(std::move(why));
    obey_flags(o, o.config);
  }
  if (f.check_config) return {std::nullopt, 0, "the configuration is valid\n", ""};
  return {std::move(o), 0, "", ""};
}

}  // namespace eidolon::daemon
