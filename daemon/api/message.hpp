// Requests and responses as the API passes them around.
#pragma once
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>

namespace eidolon::daemon::api {

namespace beast = boost::beast;
namespace http = boost::beast::http;

using request = http::request<http::string_body>;
using response = http::response<http::string_body>;

// What a listener offers: the control socket everything, the TCP address what monitoring reads.
enum class surface { control, monitoring };

response make_response(http::status status, std::string_view content_type, std::string body);
response json_response(http::status status, const boost::json::value& value);

}  // namespace eidolon::daemon::api
