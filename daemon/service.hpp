// What the control API can ask of the daemon: the seam between HTTP (daemon/api) and the
// jobs (daemon/). Values cross it as JSON, in exactly the shape that clients see, so
// that there is one place that names the fields: daemon/job_view.cpp.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace eidolon::daemon {

namespace asio = boost::asio;
namespace json = boost::json;

// An RFC 9457 problem document in the making. `code` is stable; `detail` names the object;
// `advice` says what to do about it. Thrown by service functions, answered by the API.
struct problem : std::exception {
  int status{500};
  std::string code, title, detail, advice;
  json::array refusals;  // of a refused plan: [{code, reason, advice}]
  const char* what() const noexcept override { return detail.c_str(); }
};

struct submission {
  std::string database;  // empty: the only one
  std::string table, alter;
  std::optional<std::string> name;
  json::object settings;  // as the client sent them; checked by config::apply_settings
  bool postpone_cutover{};
};

struct submitted {
  json::object job;
  bool created{};  // false: the same name with the same content was there already
};

class service {
 public:
  virtual ~service() = default;

  virtual asio::awaitable<submitted> submit(submission s) = 0;
  virtual asio::awaitable<json::object> plan(submission s) = 0;
  virtual asio::awaitable<json::array> jobs() = 0;
  virtual asio::awaitable<json::object> job(std::int64_t id) = 0;

  // Events of a job with seq > after, oldest first: {seq, at, kind, message, detail}.
  virtual asio::awaitable<json::array> events(std::int64_t id, std::int64_t after) = 0;
  // Returns when there may be newer events of the job, or after a few seconds, whichever is first.
  virtual asio::awaitable<void> wait_for_event(std::int64_t id) = 0;

  // pause, resume, cutover, abort, drop_old: the job as it is after the request was accepted.
  virtual asio::awaitable<json::object> pause(std::int64_t id) = 0;
  virtual asio::awaitable<json::object> resume(std::int64_t id) = 0;
  virtual asio::awaitable<json::object> cutover(std::int64_t id) = 0;
  virtual asio::awaitable<json::object> abort(std::int64_t id) = 0;
  virtual asio::awaitable<json::object> drop_old(std::int64_t id) = 0;
  virtual asio::awaitable<json::object> change_settings(std::int64_t id, json::object settings) = 0;

  virtual asio::awaitable<json::array> databases() = 0;
  // A standby that left pg_stat_replication holds jobs no longer; the database as it is then.
  virtual asio::awaitable<json::object> forget_replica(std::string database, std::string replica) = 0;

  // For /readyz: every configured database was reached and has a leader (this daemon or another).
  virtual bool ready() const = 0;
  // For /metrics: Prometheus text format.
  virtual std::string metrics() = 0;
};

}  // namespace eidolon::daemon
