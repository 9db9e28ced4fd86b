// The job settings, one row each: the only place that knows their names, bounds and formats.
// Files, submissions, --set and PATCH all read settings through it.
#pragma once
#include <boost/json/value.hpp>
#include <span>
#include <string>
#include <string_view>

#include "config/settings.hpp"

namespace eidolon::config {

struct setting {
  std::string_view name;
  std::string_view expects;  // completes "must be …"
  std::string_view meaning;  // one sentence
  // False when the value is not what is expected; `into` is then as it was.
  bool (*parse)(const boost::json::value& from, job_settings& into);
  boost::json::value (*format)(const job_settings&);
  bool is_limit{};  // of load_limits: `critical` and `abort_at` take it too
  // One sentence about the item at fault, of a value that has items; empty when it has none.
  std::string (*wrong_item)(const boost::json::value& from){};
};

std::span<const setting> setting_table();

// One sentence when there is no such setting or the value is impossible; empty when it was taken over.
std::string apply_setting(std::string_view name, const boost::json::value& value, job_settings& into);

}  // namespace eidolon::config
