// A request's target, taken apart: "/v1/jobs/7/events?follow=1".
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace eidolon::daemon::api {

struct target {
  std::string_view path;  // into the text that was parsed
  std::map<std::string, std::string, std::less<>> query;
};

// nullopt when it is malformed, or not UTF-8, percent-encoded or not: no JSON could repeat it. The absolute form that
// proxies send is understood too.
std::optional<target> parse_target(std::string_view text);

// For the log: of what is not UTF-8 all bytes but ASCII are percent-encoded.
std::string target_for_log(std::string_view text);

// The job's id when `path` has the form of `pattern`, in which "{id}" stands for one segment;
// without such a segment, the empty text.
std::optional<std::string_view> match_pattern(std::string_view pattern, std::string_view path);

}  // namespace eidolon::daemon::api
