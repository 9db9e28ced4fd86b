// Errors as clients see them: RFC 9457 problem documents.
#pragma once
#include <boost/json/object.hpp>
#include <exception>
#include <string>

#include "daemon/api/message.hpp"
#include "daemon/service.hpp"

namespace eidolon::daemon::api {

// A problem that the API itself finds; its title is the status' own.
problem make_problem(http::status status, std::string code, std::string detail, std::string advice);

boost::json::object problem_document(const problem& p);
response problem_response(const problem& p);

// The problem that was thrown. Anything else is the daemon's own failure: it is logged with
// `activity`, and the client learns no more than that.
problem problem_from(std::exception_ptr thrown, std::string_view activity);

}  // namespace eidolon::daemon::api
