// What each route does with a service: parse, ask, answer.
#pragma once
#include <boost/asio/awaitable.hpp>

#include "daemon/api/routes.hpp"

namespace eidolon::daemon::api::handlers {

using boost::asio::awaitable;

awaitable<reply> submit(service&, call);
awaitable<reply> plan(service&, call);
awaitable<reply> jobs(service&, call);
awaitable<reply> job(service&, call);
awaitable<reply> events(service&, call);
awaitable<reply> change_settings(service&, call);
awaitable<reply> databases(service&, call);
awaitable<reply> forget_replica(service&, call);
awaitable<reply> openapi(service&, call);
awaitable<reply> metrics(service&, call);
awaitable<reply> healthz(service&, call);
awaitable<reply> readyz(service&, call);

// pause, resume, …: a request without content, answered with the job as it is then.
template <awaitable<json::object> (service::*Command)(std::int64_t)>
awaitable<reply> command(service&, call);

extern template awaitable<reply> command<&service::pause>(service&, call);
extern template awaitable<reply> command<&service::resume>(service&, call);
extern template awaitable<reply> command<&service::cutover>(service&, call);
extern template awaitable<reply> command<&service::abort>(service&, call);
extern template awaitable<reply> command<&service::drop_old>(service&, call);

}  // namespace eidolon::daemon::api::handlers
