// Deadlocks that the server has found. An operator has alarms on them, whoever's they are.
#pragma once
#include <sstream>
#include <string>

#include "cluster.hpp"

namespace eidolon::test {

// The server's words about those of this database's sessions, from its log; empty where there was none. (It counts them
// too, but a session that is idle may tell of it seconds later.)
inline std::string deadlocks(const database& db) {
  constexpr int details = 4, longest = 600;
  const auto of_database = "] " + db.name() + " ";
  std::istringstream log{db.server().log()};
  std::string line, told;
  for (int left = 0; std::getline(log, line);) {
    if (line.find("deadlock detected") != std::string::npos && line.find(of_database) != std::string::npos)
      left = details;
    if (left-- > 0) told += line.substr(0, longest) + '\n';
  }
  return told;
}

}  // namespace eidolon::test
