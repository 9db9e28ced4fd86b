// Reads the configuration file. Every rule adds to one list of errors, so that a user
// sees all that is wrong at once.
#include "config/daemon_config.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <tuple>

#include "config/host_port.hpp"
#include "config/setting_table.hpp"
#include "config/toml_reader.hpp"

namespace eidolon::config {
namespace {

// What a Unix socket's address holds, its final zero included (sun_path).
constexpr std::size_t longest_socket_path = 107;

std::optional<unsigned> parse_mode(std::string_view text) {
  unsigned mode{};
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, mode, 8);
  if (error != std::errc{} || rest != end || text.size() < 3 || mode > 0777) return std::nullopt;
  return mode;
}

bool one_of(std::string_view value, std::initializer_list<std::string_view> choices) {
  return std::find(choices.begin(), choices.end(), value) != choices.end();
}

void read_listen(table_reader& keys, daemon_config& into, error_list& errors) {
  if (const auto* const v = keys.string("socket")) {
    into.socket = v->get();
    if (into.socket.empty()) errors.add(v, "socket in [listen] must not be empty");
    if (into.socket.size() > longest_socket_path) {
      errors.add(v, fmt::format("socket in [listen] is longer than {} bytes", longest_socket_path));
    }
  }
  if (const auto* const v = keys.string("socket_mode")) {
    const auto mode = parse_mode(v->get());
    if (!mode)
      errors.add(v,
                 fmt::format("socket_mode in [listen] must be an octal mode such as \"0660\", not \"{}\"", v->get()));
    into.socket_mode = mode.value_or(into.socket_mode);
  }
  if (const auto* const v = keys.string("http")) {
    into.http = v->get();
    if (!into.http.empty() && !parse_host_port(into.http)) {
      errors.add(v,
                 fmt::format("http in [listen] must be HOST:PORT or :PORT, or \"\" for none, not \"{}\"", into.http));
    }
  }
}

void read_log(table_reader& keys, daemon_config& into, error_list& errors) {
  if (const auto* const v = keys.string("level")) {
    into.log_level = v->get() == "warn" ? "warning" : v->get();
    if (!one_of(into.log_level, {"trace", "debug", "info", "warning", "error"})) {
      errors.add(v, fmt::format("level in [log] must be trace, debug, info, warning or error, not \"{}\"", v->get()));
    }
  }
  if (const auto* const v = keys.string("format")) {
    into.log_format = v->get();
    if (!one_of(into.log_format, {"text", "json"})) {
      errors.add(v, fmt::format("format in [log] must be text or json, not \"{}\"", v->get()));
    }
  }
}

// The type in which the setting is written: what a command line or a request may give as text has its own type here.
std::string wrong_type(std::string_view key, const boost::json::value& understood, const toml::node& node) {
  const bool off = node.is_string() && node.ref<std::string>() == "off";                    // force_after
  const bool none = understood == "0" && node.is_integer();                                 // a size
  const bool fits = understood.is_string()   ? node.is_string() || node.is_table() || none  // a level may be a table
                    : understood.is_double() ? node.is_number()
                    : understood.is_bool()   ? node.is_boolean()
                                             : node.is_integer() || off;
  if (fits) return {};
  const char* expected = understood.is_string()   ? "a string"
                         : understood.is_double() ? "a number"
                         : understood.is_bool()   ? "true or false"
                                                  : "an integer";
  return fmt::format("{} must be {}: {}", key, expected, boost::json::serialize(understood));
}

void read_defaults(const toml::table& table, daemon_config& into, error_list& errors) {
  for (const auto& [key, node] : table) {
    auto error = apply_setting(key.str(), to_json(node), into.defaults);
    if (error.empty()) error = wrong_type(key.str(), to_json(into.defaults).at(key.str()), node);
    if (!error.empty()) errors.add(key.source(), fmt::format("{} (in [defaults])", error));
  }
}

std::string required_string(table_reader& keys, std::string_view key, error_list& errors) {
  const bool given = keys.any(key) != nullptr;
  const auto* const v = keys.string(key);
  if (!given) errors.add(&keys.native(), fmt::format("a [[database]] needs {}", key));
  if (v != nullptr && v->get().empty()) errors.add(v, fmt::format("{} in [[database]] must not be empty", key));
  return v != nullptr ? v->get() : std::string{};
}

void check_conninfo(const toml::node* node, std::string_view what, const database_config& d,
                    const conninfo_check& check, error_list& errors) {
  const auto* const v = node != nullptr ? node->as_string() : nullptr;
  if (!check || v == nullptr || v->get().empty()) return;
  if (const auto why = check(v->get()); !why.empty())
    errors.add(v, fmt::format("{} of database \"{}\": {}", what, d.name, why));
}

std::vector<std::string> read_replicas(table_reader& keys, error_list& errors) {
  std::vector<std::string> replicas;
  const auto* const list = keys.array("replicas");
  if (list == nullptr) return replicas;
  for (const auto& node : *list) {
    const auto* const v = node.as_string();
    if (v == nullptr || v->get().empty()) {
      errors.add(&node, "replicas in [[database]] must hold connection strings only");
    } else {
      replicas.push_back(v->get());
    }
  }
  return replicas;
}

void read_databases(const toml::array& list, daemon_config& into, const conninfo_check& check, error_list& errors) {
  std::set<std::string> names, dsns;
  for (const auto& node : list) {
    const auto* const table = node.as_table();
    if (table == nullptr) {
      errors.add(&node, "database must be written as [[database]]");
      continue;
    }
    table_reader keys{*table, "[[database]]", errors};
    database_config d{
        required_string(keys, "name", errors), required_string(keys, "dsn", errors), read_replicas(keys, errors), {}};
    keys.report_unknown_keys();
    if (!d.name.empty() && !names.insert(d.name).second) {
      errors.add(table->get("name"), fmt::format("there are two databases with the name \"{}\"", d.name));
    }
    // It may hold a password, and is not repeated.
    if (!d.dsn.empty() && !dsns.insert(d.dsn).second) {
      errors.add(table->get("dsn"), fmt::format("the dsn of database \"{}\" is that of another one", d.name));
    }
    check_conninfo(table->get("dsn"), "dsn", d, check, errors);
    if (const auto* const replicas = table->get_as<toml::array>("replicas"))
      for (std::size_t i = 0; i < replicas->size(); ++i)
        check_conninfo(replicas->get(i), fmt::format("replica {}", i + 1), d, check, errors);
    into.databases.push_back(std::move(d));
  }
}

// The text under a key, or what holds without it.
std::string text_or(table_reader& keys, std::string_view key, const char* otherwise) {
  const auto* const v = keys.string(key);
  return v != nullptr ? v->get() : otherwise;
}

window read_window(table_reader& keys, error_list& errors) {
  window w;
  const auto complain = [&](std::string_view key, std::string_view expected) {
    const auto* const node = keys.any(key);
    errors.add(node != nullptr ? node : &keys.native(), fmt::format("{} in [[window]] must be {}", key, expected));
  };
  const auto rule = text_or(keys, "rule", ""), what = text_or(keys, "what", "all"), days = text_or(keys, "days", "all"),
             hours = text_or(keys, "hours", "00:00-24:00");
  w.zone = text_or(keys, "zone", "UTC");
  if (!one_of(rule, {"allow", "deny"})) complain("rule", "allow or deny");
  if (!one_of(what, {"copy", "cutover", "all"})) complain("what", "copy, cutover or all");
  if (w.zone.empty()) complain("zone", "the name of a time zone");
  w.allows = rule == "allow";
  w.copy = what != "cutover";
  w.cutover = what != "copy";
  if (const auto d = parse_days(days))
    w.days = *d;
  else
    complain("days", "\"all\", or days such as \"mon-fri\" or \"sat,sun\"");
  if (const auto h = parse_hours(hours))
    std::tie(w.from, w.to) = *h;
  else
    complain("hours", "two different times such as \"22:00-06:00\"");
  w.text = fmt::format("{} {} {}", days, hours, w.zone);
  return w;
}

// Each belongs to the database that it names, or to all.
void read_windows(const toml::array& list, daemon_config& into, error_list& errors) {
  for (const auto& node : list) {
    const auto* const table = node.as_table();
    if (table == nullptr) {
      errors.add(&node, "window must be written as [[window]]");
      continue;
    }
    table_reader keys{*table, "[[window]]", errors};
    const auto name = text_or(keys, "database", "");
    const auto w = read_window(keys, errors);
    keys.report_unknown_keys();
    bool used = false;
    for (auto& d : into.databases) {
      if (!name.empty() && d.name != name) continue;
      d.windows.push_back(w);
      used = true;
    }
    if (!used && !name.empty())
      errors.add(table->get("database"), fmt::format("there is no database \"{}\" for a [[window]]", name));
  }
}

void read_file(const toml::table& file, daemon_config& into, const conninfo_check& check, error_list& errors) {
  table_reader keys{file, "", errors};
  if (const auto* const t = keys.table("listen")) {
    table_reader listen{*t, "[listen]", errors};
    read_listen(listen, into, errors);
    listen.report_unknown_keys();
  }
  if (const auto* const t = keys.table("log")) {
    table_reader log{*t, "[log]", errors};
    read_log(log, into, errors);
    log.report_unknown_keys();
  }
  if (const auto* const t = keys.table("defaults")) read_defaults(*t, into, errors);
  const bool given = keys.any("database") != nullptr;
  const auto* const list = keys.tables("database");
  if (list != nullptr) read_databases(*list, into, check, errors);
  if (const auto* const windows = keys.tables("window")) read_windows(*windows, into, errors);
  if (!given || (list != nullptr && list->empty())) {
    errors.add(nullptr, "no database is configured: add a [[database]] with name and dsn");
  }
  keys.report_unknown_keys();
}

}  // namespace

parsed_config parse_config(std::string_view toml_text, const std::string& file_name, const conninfo_check& check) {
  parsed_config result;
  error_list errors{file_name};
  try {
    read_file(toml::parse(toml_text, file_name), result.config, check, errors);
  } catch (const toml::parse_error& e) {
    errors.add(e.source(), std::string{e.description()});
  }
  result.errors = errors.take();
  return result;
}

parsed_config read_config(const std::filesystem::path& file, const conninfo_check& check) {
  std::ifstream in{file, std::ios::binary};
  if (std::error_code ignored; !in || std::filesystem::is_directory(file, ignored)) {
    const char* const reason = in ? "it is a directory" : std::strerror(errno);
    return {{}, {{file.string(), 0, fmt::format("cannot be read: {}", reason)}}};
  }
  return parse_config(std::string{std::istreambuf_iterator<char>{in}, {}}, file.string(), check);
}

}  // namespace eidolon::config
