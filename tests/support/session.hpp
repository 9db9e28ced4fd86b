// What an application or an operator does in a test: a plain, blocking session of its own,
// independent of the code under test.
#pragma once
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;

namespace eidolon::test {

using cell = std::optional<std::string>;
using rows = std::vector<std::vector<cell>>;

class sql_failure : public std::runtime_error {
 public:
  sql_failure(const std::string& message, std::string state)
      : std::runtime_error{message}, sqlstate{std::move(state)} {}
  std::string sqlstate;
};

class session {
 public:
  explicit session(const std::string& conninfo);

  // Runs one or several statements; the rows of the last one. Throws sql_failure.
  rows sql(const std::string& text);
  // The first value of the first row; empty when there is none or it is null.
  std::string value(const std::string& text);
  // Sends statements without waiting; finish() collects.
  void send(const std::string& text);
  rows finish();
  // A prepared statement, as drivers use it; it is made on its first use.
  rows prepared(const std::string& statement, const std::vector<std::string>& parameters);
  // COPY … FROM STDIN with this data, in text format.
  void copy_in(const std::string& statement, std::string_view data);
  std::string literal(std::string_view text) const;

  int pid() const;
  int server_version() const;  // 150020

 private:
  struct finish_session {
    void operator()(pg_conn* c) const;
  };
  std::unique_ptr<pg_conn, finish_session> native_;
  std::set<std::string> prepared_;
};

}  // namespace eidolon::test
