// Who leads a database: the daemon whose session holds the advisory lock, under the epoch that
// it raised. Losing the session is losing the lead.
//
// The session is used for nothing else, so that raising the epoch on it proves that the lead is still held.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/job_record.hpp"
#include "daemon/notifier.hpp"
#include "plan/batch.hpp"
#include "postgres/connection.hpp"

namespace eidolon::daemon {

namespace asio = boost::asio;

struct server_facts {
  database_identity identity;
  std::string server;    // see postgres::connection::server()
  std::string timeline;  // of the write-ahead log: another one after a failover
};

class leadership {
 public:
  explicit leadership(std::string conninfo) : conninfo_{std::move(conninfo)} {}

  // Opens the session. Throws postgres::error, as all here.
  asio::awaitable<server_facts> open();
  // The FOR ALL TABLES publications that would publish the control schema, while it is not there yet: a subscriber
  // stops at tables that it does not know.
  asio::awaitable<std::vector<std::string>> read_publishers();
  // Brings the control schema up to date.
  asio::awaitable<void> prepare();
  void close();

  // Whether this daemon leads now.
  asio::awaitable<bool> try_lead();

  // Starts a new epoch. When it returns no transaction of an earlier one is left, and none can begin.
  // Backends of ours that keep holding the old one are ended; others are waited for, and after some seconds
  // `held_up` is told who they are, in a sentence, again and again until they let go. Throws postgres::error when the
  // session, and so the lead, is lost.
  asio::awaitable<plan::fence> raise_epoch(std::function<void(const std::string&)> held_up);

  // Returns when no session of the job is left on the server, after ending those that are: then no batch
  // of it can come late, and a COMMIT without an answer has happened or has not. Other jobs go on, which a
  // new epoch would make wait for each other. Nothing of the job may run in this daemon. Throws like raise_epoch.
  // held_up: told what is waited for, again and again, where one of them does not end.
  asio::awaitable<void> settle(std::int64_t job, std::function<void(const std::string&)> held_up);

  // The newest epoch of this leader.
  plan::fence current() const { return current_; }

  // Asks the session every second whether it is there, and `others` for their objections; throws postgres::error when
  // it is not, or has not answered for a minute, and what they throw.
  asio::awaitable<void> watch(std::function<void()> others);

 private:
  class turn;  // one user of the session at a time
  asio::awaitable<std::optional<std::int64_t>> try_raise();
  asio::awaitable<void> end_leftovers();

  std::string conninfo_;
  std::unique_ptr<postgres::connection> session_;
  plan::fence current_;
  bool busy_{};
  notifier freed_;
};

}  // namespace eidolon::daemon
