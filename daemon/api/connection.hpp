// One client's connection: requests one after the other, each answered before the next is read.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <memory>
#include <string>

#include "daemon/api/message.hpp"
#include "daemon/api/routes.hpp"
#include "daemon/api/server.hpp"

namespace eidolon::daemon::api {

// Unix or TCP: what follows the accept is the same.
using stream = beast::basic_stream<boost::asio::generic::stream_protocol>;

struct connection {
  connection(boost::asio::generic::stream_protocol::socket socket, surface offers)
      : client{std::move(socket)}, offered{offers} {}

  stream client;
  surface offered;
  bool busy{};      // a request is being answered; ends by itself
  bool stopping{};  // no further request is read
  boost::asio::cancellation_signal cancel;
};

// Returns when the connection has ended, for whatever reason; throws nothing but what cancellation does.
boost::asio::awaitable<void> serve(std::shared_ptr<connection> c, service& svc, limits l);

// Answers with a problem and closes: for a client too many.
boost::asio::awaitable<void> refuse(std::shared_ptr<connection> c, limits l);

// Writes the job's events until it has ended, the client is gone, or the service fails.
boost::asio::awaitable<void> stream_events(stream& client, service& svc, event_feed feed, limits l);

}  // namespace eidolon::daemon::api
