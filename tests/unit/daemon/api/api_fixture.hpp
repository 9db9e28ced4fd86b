// The real server over a Unix socket in a directory of its own, in a thread of its own, before a fake service.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <filesystem>
#include <functional>
#include <future>
#include <optional>
#include <thread>

#include "daemon/api/server.hpp"
#include "daemon/logging.hpp"
#include "tests/unit/daemon/fake_service.hpp"

namespace eidolon::daemon::api {

namespace beast = boost::beast;
namespace http = beast::http;
using http_response = http::response<http::string_body>;

// A client that sends what it is told to, byte by byte, and reads responses.
template <typename Protocol>
class raw_client {
 public:
  explicit raw_client(const typename Protocol::endpoint& where) { socket_.connect(where); }

  void send(std::string_view text) { asio::write(socket_, asio::buffer(text)); }
  // False when the server has closed already.
  bool try_send(std::string_view text) {
    boost::system::error_code closed;
    asio::write(socket_, asio::buffer(text), closed);
    return !closed;
  }
  void end_sending() { socket_.shutdown(asio::socket_base::shutdown_send); }

  http_response receive(bool to_head = false) {
    http::response_parser<http::string_body> parser;
    parser.skip(to_head);
    http::read(socket_, buffer_, parser);
    return parser.release();
  }
  // Everything up to the end of the connection, or up to the text when one is given.
  std::string receive_text(std::string_view up_to = {}) {
    auto& text = received_;
    std::array<char, 4096> bytes;
    boost::system::error_code ended;
    while (!ended && (up_to.empty() || text.find(up_to) == std::string::npos)) {
      text.append(bytes.data(), socket_.read_some(asio::buffer(bytes), ended));
    }
    return text;
  }
  bool is_closed_by_server() {
    std::array<char, 1> byte;
    boost::system::error_code ended;
    return socket_.read_some(asio::buffer(byte), ended) == 0 && ended;
  }

 private:
  std::unique_ptr<asio::io_context> context_{std::make_unique<asio::io_context>()};
  typename Protocol::socket socket_{*context_};
  beast::flat_buffer buffer_;
  std::string received_;
};

using unix_client = raw_client<asio::local::stream_protocol>;
using tcp_client = raw_client<asio::ip::tcp>;

class api_server : public ::testing::Test {
 protected:
  api_server() {
    std::string name = (std::filesystem::temp_directory_path() / "eidolon-api-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
    start_logging("error", "text");
  }
  ~api_server() override {
    stop();
    std::filesystem::remove_all(directory_);
  }

  std::string socket_path() const { return (directory_ / "control" / "eidolon.sock").string(); }

  void start(limits l = {}) {
    server_ = std::make_unique<server>(context_.get_executor(), service_, l);
    server_->listen_control(socket_path(), 0600);
    http_ = server_->listen_http("127.0.0.1:0");
    ended_ = asio::co_spawn(context_, server_->run(), asio::use_future);
    thread_ = std::thread{[this] { context_.run(); }};
  }
  // Ends when the server has ended by itself.
  void stop() {
    if (!thread_.joinable()) return;
    asio::post(context_, [this] { server_->stop(); });
    thread_.join();
    ended_.get();
  }
  // On the server's thread, so that the service is never touched by two.
  template <typename Function>
  auto on_server(Function f) {
    return asio::post(context_, std::packaged_task<std::invoke_result_t<Function>()>{std::move(f)}).get();
  }

  unix_client connect() const { return unix_client{socket_path()}; }
  http_response ask(std::string_view request) const {
    auto client = connect();
    client.send(request);
    return client.receive(request.starts_with("HEAD"));
  }
  http_response get(std::string_view target) const { return ask("GET " + std::string{target} + " HTTP/1.1\r\n\r\n"); }
  http_response send_json(std::string_view method, std::string_view target, std::string_view body) const {
    return ask(std::string{method} + " " + std::string{target} +
               " HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body});
  }

  std::filesystem::path directory_;
  fake_service service_;
  asio::io_context context_;
  std::unique_ptr<server> server_;
  asio::ip::tcp::endpoint http_;

 private:
  std::future<void> ended_;
  std::thread thread_;
};

inline json::object document_of(const http_response& r) { return json::parse(r.body()).as_object(); }

// That a response is a whole problem document of this status and code.
inline void expect_problem(const http_response& r, unsigned status, std::string_view code) {
  EXPECT_EQ(r.result_int(), status) << r.body();
  EXPECT_EQ(r[http::field::content_type], "application/problem+json");
  const auto document = document_of(r);
  EXPECT_EQ(document.at("code").as_string(), code) << r.body();
  EXPECT_EQ(document.at("status"), status);
  EXPECT_EQ(document.at("type").as_string(), "urn:eidolon:problem:" + std::string{code});
  for (const auto* name : {"title", "detail", "advice"}) EXPECT_FALSE(document.at(name).as_string().empty()) << name;
}

}  // namespace eidolon::daemon::api
