// A pool of connections to one database, for one purpose and role.
//
// A lease gives its connection back when it is destroyed; a connection that is
// unusable or still in a transaction is closed instead of being reused.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "postgres/connection.hpp"

namespace eidolon::postgres {

class pool {
 public:
  class lease {
   public:
    lease() = default;
    lease(lease&&) noexcept;
    lease& operator=(lease&&) noexcept;
    ~lease();
    connection& operator*() const { return *connection_; }
    connection* operator->() const { return connection_.get(); }

   private:
    friend class pool;
    std::shared_ptr<struct pool_state> state_;
    std::unique_ptr<connection> connection_;
  };

  // max_size bounds the connections that are open at once; acquire() waits for one to
  // come back when they are all leased. Idle connections beyond idle_limit are closed.
  pool(asio::any_io_executor executor, connect_options options, int max_size, int idle_limit = 2);
  ~pool();

  // application_name names the activity ("eidolon job 42 copy"); it is set on the
  // session when it differs from the last use. A connection that is used (connection::used) is given out again for the
  // same job alone, which the first three words name. Waits without a deadline, first come, first served, and can be
  // cancelled. Throws what connection::open throws.
  asio::awaitable<lease> acquire(std::string application_name);

  void close_idle();
  // From now on connections are to this server (connection::server), and others are not given out any more: what is
  // known of one server's transactions says nothing about another's, to which the same conninfo may lead.
  void keep_to(const std::string& server);
  // Whether, since then, the conninfo has led to another one; acquire() throws other_server.
  bool met_another_server() const;
  const connect_options& options() const;

 private:
  std::shared_ptr<struct pool_state> state_;
};

// Ends what may still run of a session that was closed here while it worked; returns when it is gone. Where its end
// cannot be asked for, it counts as gone.
asio::awaitable<bool> end_backend(pool& p, std::string application_name, int backend_pid);

}  // namespace eidolon::postgres
