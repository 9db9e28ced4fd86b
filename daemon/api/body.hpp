// Request bodies, checked: what is malformed, unknown or of the wrong type is named, all at once.
#pragma once
#include <boost/json/object.hpp>
#include <string_view>

#include "daemon/service.hpp"

namespace eidolon::daemon::api {

// All throw problem (400).
submission parse_submission(std::string_view body);
boost::json::object parse_settings(std::string_view body);
void expect_no_fields(std::string_view body);  // nothing, or an empty object

}  // namespace eidolon::daemon::api
