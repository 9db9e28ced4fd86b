#include "daemon/api/problem_document.hpp"

#include <boost/asio/error.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "daemon/logging.hpp"

namespace eidolon::daemon::api {
namespace {

std::string reason_of(unsigned status) { return std::string{http::obsolete_reason(http::int_to_status(status))}; }

problem stopping() {
  return make_problem(http::status::service_unavailable, "stopping", "The daemon is stopping.",
                      "Send the request again once it runs.");
}

problem unexpected(std::string_view activity, std::string_view error) {
  log(spdlog::level::err, "unexpected error in the API", {{"request", activity}, {"error", error}});
  return make_problem(http::status::internal_server_error, "internal_error",
                      "The daemon met an error that it did not expect.", "Its log says more.");
}

}  // namespace

problem make_problem(http::status status, std::string code, std::string detail, std::string advice) {
  problem p;
  p.status = static_cast<int>(status);
  p.code = std::move(code);
  p.detail = std::move(detail);
  p.advice = std::move(advice);
  return p;
}

boost::json::object problem_document(const problem& p) {
  boost::json::object document{{"type", "urn:eidolon:problem:" + p.code},
                               {"title", p.title.empty() ? reason_of(static_cast<unsigned>(p.status)) : p.title},
                               {"status", p.status},
                               {"detail", p.detail},
                               {"code", p.code},
                               {"advice", p.advice}};
  if (!p.refusals.empty()) document.emplace("refusals", p.refusals);
  return document;
}

response problem_response(const problem& p) {
  return make_response(http::int_to_status(static_cast<unsigned>(p.status)), "application/problem+json",
                       boost::json::serialize(problem_document(p)) + "\n");
}

problem problem_from(std::exception_ptr thrown, std::string_view activity) {
  try {
    std::rethrow_exception(thrown);
  } catch (const problem& p) {
    return p;
  } catch (const boost::system::system_error& e) {
    return e.code() == boost::asio::error::operation_aborted ? stopping() : unexpected(activity, e.what());
  } catch (const std::exception& e) {
    return unexpected(activity, e.what());
  } catch (...) {
    return unexpected(activity, "not an exception of the standard library");
  }
}

}  // namespace eidolon::daemon::api
