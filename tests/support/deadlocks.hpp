// Deadlocks that the server has found. An operator has alarms on them, whoever's they are.
#pragma once
#include <fmt/format.h>

#include <sstream>
#include <string>

#include "cluster.hpp"

namespace eidolon::test {

// Empty where there was none in this database; else how many, and the server's words about the latest of any database.
inline std::string deadlocks(const database& db) {
  const auto count = db.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
  if (count == "0") return "";
  constexpr int details = 4, longest = 600;
  std::istringstream log{db.server().log()};
  std::string line, last;
  for (int left = 0; std::getline(log, line);) {
    if (line.find("deadlock detected") != std::string::npos) {
      left = details;
      last.clear();
    }
    if (left-- > 0) last += line.substr(0, longest) + '\n';
  }
  return fmt::format("{} deadlocks\n{}", count, last);
}

}  // namespace eidolon::test
