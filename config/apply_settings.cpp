// How settings are taken over: by name, with a sentence about what cannot be, and the limits of a level.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <vector>

#include "config/daemon_config.hpp"
#include "config/levels.hpp"
#include "config/setting_table.hpp"
#include "config/spelling.hpp"

namespace eidolon::config {
namespace {

namespace json = boost::json;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

const setting* setting_named(std::string_view name) {
  for (const auto& s : setting_table())
    if (s.name == name) return &s;
  return nullptr;
}

enum class sought { setting, limit };

std::string unknown(sought what, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& s : setting_table())
    if (s.is_limit || what == sought::setting) names.push_back(s.name);
  const auto meant = meant_by(name, names);
  return fmt::format("there is no {} {}{}", what == sought::setting ? "setting" : "limit",
                     json::serialize(json::string{name}),
                     meant.empty() ? "" : fmt::format("; did you mean {}?", meant));
}

std::string_view examples_of(const setting& s) {
  if (s.expects.starts_with("a duration")) return " (such as 250ms, 2s, 5m, 24h)";
  if (s.expects.starts_with("a size")) return " (such as 64MB, 10GB)";
  return "";
}

std::string impossible(const setting& s, const json::value& v) {
  return fmt::format("{} must be {}{}, not {}", s.name, s.expects, examples_of(s), json::serialize(v));
}

// The items of a level: "max_lag=10s, max_active=200", or an object of the same; nullopt when the value is neither. One
// without "=" has no value.
std::optional<json::object> items_of(const json::value& v) {
  if (v.is_object()) return v.get_object();
  if (!v.is_string()) return std::nullopt;
  json::object items;
  std::string_view text = v.get_string();
  while (!(text = trimmed(text)).empty()) {
    const auto one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    const auto equals = one.find('=');
    auto& value = items[trimmed(one.substr(0, equals))];
    if (equals != std::string_view::npos) value = json::string{trimmed(one.substr(equals + 1))};
  }
  return items;
}

// The limits of a level are the settings of the same names, with values of their own. Returns one sentence about the
// first that cannot be; `into` is then as it was.
std::string take_limits(const json::object& items, load_limits& into) {
  job_settings scratch;
  static_cast<load_limits&>(scratch) = {};
  for (const auto& [name, value] : items) {
    const auto* const limit = setting_named(name);
    if (limit == nullptr || !limit->is_limit) return unknown(sought::limit, name);
    if (!limit->parse(value, scratch)) return impossible(*limit, value);
  }
  // A level is kept as a text, which must say the same when it is read again: no comma, and no space around a path.
  const auto& file = scratch.throttle_file;
  if (file.find(',') != std::string::npos || trimmed(file) != file)
    return fmt::format("throttle_file in a level may have no comma, and no space at its end, as {} has",
                       json::serialize(json::string{file}));
  into = scratch;
  return {};
}

}  // namespace

std::optional<std::string> take_level(const json::value& v, load_limits& into) {
  const auto items = items_of(v);
  if (!items) return std::nullopt;
  return take_limits(*items, into);
}

std::string level_text(const load_limits& limits) {
  job_settings set, off;
  static_cast<load_limits&>(set) = limits;
  static_cast<load_limits&>(off) = {};
  std::string text;
  for (const auto& s : setting_table()) {
    if (!s.is_limit || s.format(set) == s.format(off)) continue;
    const auto value = s.format(set);
    const auto shown = value.is_string()   ? std::string{value.get_string()}
                       : value.is_double() ? fmt::format("{}", value.get_double())
                                           : json::serialize(value);
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", s.name, shown);
  }
  return text;
}

std::string apply_setting(std::string_view name, const json::value& value, job_settings& into) {
  const auto* const s = setting_named(name);
  if (s == nullptr) return unknown(sought::setting, name);
  if (s->parse(value, into)) return {};
  const auto item = s->wrong_item != nullptr ? s->wrong_item(value) : std::string{};
  if (!item.empty()) return fmt::format("setting {} must be {}: {}", name, s->expects, item);
  return "setting " + impossible(*s, value);
}

std::vector<std::string> apply_settings(const json::object& from, job_settings& into) {
  std::vector<std::string> errors;
  job_settings result = into;
  for (const auto& [name, value] : from) {
    if (auto error = apply_setting(name, value, result); !error.empty()) errors.push_back(std::move(error));
  }
  if (errors.empty()) into = result;
  return errors;
}

json::object to_json(const job_settings& s) {
  json::object o;
  for (const auto& row : setting_table()) o.emplace(row.name, row.format(s));
  return o;
}

}  // namespace eidolon::config
