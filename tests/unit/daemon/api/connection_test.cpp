// Connections that misbehave or last: limits, timeouts, pipelines, stopping, and the socket's file.
#include <sys/stat.h>

#include <fstream>

#include "tests/unit/daemon/api/api_fixture.hpp"

namespace eidolon::daemon::api {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST_F(api_server, answers_request_after_request_on_one_connection) {
  start();
  auto client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send("GET /healthz HTTP/1.1\r\n\r\n");
    const auto r = client.receive();
    EXPECT_EQ(r.body(), "ok\n");
    EXPECT_TRUE(r.keep_alive());
  }
}

TEST_F(api_server, answers_pipelined_requests_in_order) {
  service_.known[7] = fake_job(7, "copying");
  start();
  auto client = connect();
  client.send(
      "GET /healthz HTTP/1.1\r\n\r\nPOST /v1/jobs/7/pause HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}GET /x "
      "HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client.receive().body(), "ok\n");
  EXPECT_EQ(document_of(client.receive()).at("id"), 7);
  expect_problem(client.receive(), 404, "no_such_route");
}

TEST_F(api_server, closes_when_the_client_wants_it_closed) {
  start();
  for (const auto* request : {"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", "GET /healthz HTTP/1.0\r\n\r\n"}) {
    auto client = connect();
    client.send(request);
    EXPECT_FALSE(client.receive().keep_alive());
    EXPECT_TRUE(client.is_closed_by_server());
  }
}

TEST_F(api_server, answers_a_client_that_sends_no_more) {
  start();
  auto client = connect();
  client.send("GET /healthz HTTP/1.1\r\n\r\n");
  client.end_sending();
  EXPECT_EQ(client.receive().body(), "ok\n");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(api_server, takes_a_body_in_chunks_and_byte_by_byte) {
  service_.known[7] = fake_job(7, "copying");
  start();
  auto client = connect();
  for (const char c : std::string{"PATCH /v1/jobs/7/settings HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                                  "5\r\n{\"wor\r\n9\r\nkers\": 4}\r\n0\r\n\r\n"}) {
    client.send({&c, 1});
  }
  EXPECT_EQ(client.receive().result_int(), 200U);
  EXPECT_EQ(service_.last_settings.at("workers"), 4);
}

TEST_F(api_server, invites_a_body_that_waits_to_be_invited) {
  service_.known[7] = fake_job(7, "copying");
  start();
  auto client = connect();
  client.send("POST /v1/jobs/7/pause HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(client.receive_text("\r\n\r\n"), HasSubstr("100 Continue"));
  client.send("{}");
  EXPECT_EQ(client.receive().result_int(), 200U);
}

TEST_F(api_server, closes_a_client_that_says_nothing) {
  limits l;
  l.request_timeout = 50ms;
  start(l);
  EXPECT_TRUE(connect().is_closed_by_server());
}

TEST_F(api_server, closes_a_client_that_never_finishes_its_request) {
  limits l;
  l.request_timeout = 250ms;
  start(l);
  for (const auto* beginning : {"GET /hea", "POST /v1/jobs HTTP/1.1\r\nContent-Length: 10\r\n\r\n{"}) {
    auto client = connect();
    client.send(beginning);
    EXPECT_TRUE(client.is_closed_by_server()) << beginning;
  }
  EXPECT_EQ(get("/healthz").result_int(), 200U);
}

TEST_F(api_server, closes_a_client_that_drips) {
  limits l;
  l.request_timeout = 250ms;
  l.body_bytes = 16 * 1024 * 1024;
  start(l);
  auto client = connect();
  // Byte by byte, as many as it takes: far more than can be sent one at a time before the timeout.
  client.send("POST /v1/jobs HTTP/1.1\r\nContent-Length: " + std::to_string(l.body_bytes) + "\r\n\r\n");
  std::uint64_t sent = 0;
  while (sent < l.body_bytes && client.try_send("x")) ++sent;
  EXPECT_LT(sent, l.body_bytes);
  EXPECT_EQ(client.receive_text(), "");
  EXPECT_EQ(get("/healthz").result_int(), 200U);
}

TEST_F(api_server, refuses_a_body_that_announces_too_much) {
  limits l;
  l.body_bytes = 1000;
  start(l);
  auto client = connect();
  client.send("POST /v1/jobs HTTP/1.1\r\nContent-Length: 1001\r\n\r\n");
  const auto r = client.receive();
  expect_problem(r, 413, "body_too_large");
  EXPECT_FALSE(r.keep_alive());
}

TEST_F(api_server, refuses_a_body_that_turns_out_too_large_even_when_the_client_keeps_sending) {
  limits l;
  l.body_bytes = 1000;
  start(l);
  auto client = connect();
  client.send("POST /v1/jobs HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 100; ++i) client.try_send("400\r\n" + std::string(0x400, 'x') + "\r\n");
  expect_problem(client.receive(), 413, "body_too_large");
}

TEST_F(api_server, takes_a_body_up_to_its_limit) {
  limits l;
  start(l);
  const std::string head = R"({"alter":")";
  const std::string tail = R"("})";
  const auto body = head + std::string(l.body_bytes - head.size() - tail.size(), 'x') + tail;
  EXPECT_EQ(send_json("POST", "/v1/jobs", body).result_int(), 201U);
  expect_problem(send_json("POST", "/v1/jobs", body + " "), 413, "body_too_large");
}

TEST_F(api_server, refuses_a_header_that_is_too_large) {
  start();
  auto client = connect();
  client.try_send("GET /healthz HTTP/1.1\r\nX-Long: " + std::string(20'000, 'x') + "\r\n\r\n");
  expect_problem(client.receive(), 431, "header_too_large");
}

TEST_F(api_server, refuses_what_is_not_http) {
  start();
  for (const auto* text : {"nonsense\r\n\r\n", "GET / HTTP/3.0\r\n\r\n", "GET /healthz HTTP/1.1\r\nno colon\r\n\r\n",
                           "POST /v1/jobs HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "\x16\x03\x01\x02 tls\r\n\r\n",
                           "POST /v1/jobs HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    auto client = connect();
    client.send(text);
    expect_problem(client.receive(), 400, "malformed_http");
    EXPECT_TRUE(client.is_closed_by_server()) << text;
  }
}

TEST_F(api_server, answers_one_connection_too_many_and_then_takes_the_next) {
  limits l;
  l.connections = 2;
  start(l);
  auto first = std::make_unique<unix_client>(connect());
  auto second = connect();
  for (auto* client : {first.get(), &second}) {
    client->send("GET /healthz HTTP/1.1\r\n\r\n");
    EXPECT_EQ(client->receive().result_int(), 200U);
  }
  auto third = connect();
  expect_problem(third.receive(), 503, "too_many_connections");
  tcp_client monitoring{http_};
  monitoring.send("GET /healthz HTTP/1.1\r\n\r\n");
  EXPECT_EQ(monitoring.receive().result_int(), 200U);
}

TEST_F(api_server, a_crowd_at_the_http_port_keeps_nobody_from_the_control_socket) {
  limits l;
  l.connections = 1;
  l.stop_grace = 60s;  // those that are refused stay for so long
  start(l);
  tcp_client served{http_};
  served.send("GET /healthz HTTP/1.1\r\n\r\n");
  EXPECT_EQ(served.receive().result_int(), 200U);
  std::vector<tcp_client> refused;
  for (int i = 0; i < 3; ++i) expect_problem(refused.emplace_back(http_).receive(), 503, "too_many_connections");
  EXPECT_TRUE(tcp_client{http_}.is_closed_by_server()) << "beyond four times the bound";
  EXPECT_EQ(get("/healthz").result_int(), 200U);
}

TEST_F(api_server, ends_idle_connections_when_it_stops) {
  start();
  auto idle = connect();
  idle.send("GET /healthz HTTP/1.1\r\n\r\n");
  idle.receive();
  auto silent = connect();
  stop();
  EXPECT_TRUE(idle.is_closed_by_server());
  EXPECT_FALSE(std::filesystem::exists(socket_path()));
}

TEST_F(api_server, makes_its_directory_and_its_socket_with_their_modes) {
  start();
  struct stat made {};
  ASSERT_EQ(::lstat(socket_path().c_str(), &made), 0);
  EXPECT_TRUE(S_ISSOCK(made.st_mode));
  EXPECT_EQ(made.st_mode & 0777, 0600U);
}

class socket_file : public api_server {
 protected:
  std::string failure_of(const std::string& path) {
    server other{context_.get_executor(), service_};
    try {
      other.listen_control(path, 0600);
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "none";
  }
};

TEST_F(socket_file, that_nobody_answers_is_replaced) {
  std::filesystem::create_directories(directory_ / "control");
  { asio::local::stream_protocol::acceptor killed{context_, socket_path()}; }
  ASSERT_TRUE(std::filesystem::exists(socket_path()));
  start();
  EXPECT_EQ(get("/healthz").result_int(), 200U);
}

TEST_F(socket_file, of_a_daemon_that_answers_is_left_alone) {
  start();
  EXPECT_THAT(failure_of(socket_path()), HasSubstr("another daemon answers there"));
  EXPECT_EQ(get("/healthz").result_int(), 200U);
}

TEST_F(socket_file, is_no_reason_to_remove_another_kind_of_file) {
  const auto path = (directory_ / "notes").string();
  std::ofstream{path} << "text";
  EXPECT_THAT(failure_of(path), HasSubstr("not a socket"));
  EXPECT_THAT(failure_of(path + "/below"), HasSubstr("directory cannot be made"));
  EXPECT_EQ(std::filesystem::file_size(path), 4U);
}

TEST_F(socket_file, must_have_a_short_enough_path) {
  EXPECT_THAT(failure_of((directory_ / std::string(108, 'x')).string()), HasSubstr("too long"));
}

TEST_F(socket_file, of_a_successor_survives_the_end_of_its_predecessor) {
  start();
  std::filesystem::remove(socket_path());
  asio::local::stream_protocol::acceptor successor{context_, socket_path()};
  stop();
  EXPECT_TRUE(std::filesystem::exists(socket_path()));
}

TEST_F(api_server, names_an_http_address_that_it_cannot_have) {
  server other{context_.get_executor(), service_};
  const auto failure_of = [&](const std::string& address) -> std::string {
    try {
      other.listen_http(address);
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "none";
  };
  EXPECT_THAT(failure_of("nowhere"), HasSubstr("it is not HOST:PORT"));
  start();
  const auto taken = "127.0.0.1:" + std::to_string(http_.port());
  EXPECT_THAT(failure_of(taken), HasSubstr(taken + ": Address already in use"));
}

}  // namespace
}  // namespace eidolon::daemon::api
