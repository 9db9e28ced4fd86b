#include "daemon/api/message.hpp"

#include <fmt/format.h>

#include <boost/beast/http/field.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "config/version.hpp"

namespace eidolon::daemon::api {

response make_response(http::status status, std::string_view content_type, std::string body) {
  response r{status, 11};
  r.set(http::field::server, fmt::format("eidolond/{}", config::version));
  r.set(http::field::content_type, content_type);
  r.body() = std::move(body);
  r.prepare_payload();
  return r;
}

response json_response(http::status status, const boost::json::value& value) {
  return make_response(status, "application/json", boost::json::serialize(value) + "\n");
}

}  // namespace eidolon::daemon::api
