// Measures the load of one job's table, and what its settings ask: throttle_query and throttle_file.
//
// throttle_query is a text of whoever may submit jobs, and so may do what the daemon may. It runs as the daemon's
// role, one statement, read-only and short, in a session that nothing else uses; what it calls should belong to roles
// that are trusted as much.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "daemon/job_record.hpp"
#include "daemon/load.hpp"
#include "postgres/connection.hpp"

namespace eidolon::daemon {

namespace asio = boost::asio;

class job_probe {
 public:
  explicit job_probe(postgres::connect_options options) : options_{std::move(options)} {}

  // wanted: somebody waits for what it measures. Failures are part of the result; only cancellation is thrown.
  asio::awaitable<void> measure(const job_record& r, bool wanted);
  const job_load& load() const { return load_; }

 private:
  asio::awaitable<void> ask(const job_record& r, job_load& into);

  postgres::connect_options options_;
  std::unique_ptr<postgres::connection> session_;
  job_load load_;
};

}  // namespace eidolon::daemon
