#include "touching_load.hpp"

#include <fstream>
#include <sstream>

#include "await.hpp"
#include "case_directory.hpp"

namespace eidolon::test {

touching_load::touching_load(const database& db, const std::vector<std::string>& tables) : db_{db} {
  std::ifstream in{cases_directory() / "touching.sql"};
  auto s = db_.session();
  s.sql((std::ostringstream{} << in.rdbuf()).str());
  for (const auto& table : tables) s.sql("SELECT touching.find(" + s.literal(table) + ")");
  targets_ = std::stoll(s.value("SELECT count(*) FROM touching.target"));
}

void touching_load::start() {
  thread_ = std::thread{[this] { run(); }};
}

void touching_load::run() {
  auto s = db_.session();
  while (!stopping_ && !failed_) {
    try {
      s.sql("SELECT touching.some_rows()");
    } catch (const sql_failure& e) {
      if (e.sqlstate != "42703") {
        failures_.push_back(e.sqlstate + ": " + e.what());
        failed_ = true;
      }
    }
    ++ended_;
  }
}

void touching_load::await(int more_transactions) {
  const int wanted = ended_ + more_transactions;
  eventually([&] { return ended_ >= wanted || failed_; });
}

void touching_load::stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  thread_.join();
  db_.sql("DROP SCHEMA touching CASCADE");
}

}  // namespace eidolon::test
