// The load of tests/cases/touching.sql in a database, by one session: it goes on until it is stopped.
#pragma once
#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cluster.hpp"

namespace eidolon::test {

class touching_load {
 public:
  // Finds out what can be written; writes nothing yet.
  touching_load(const database& db, const std::vector<std::string>& tables);
  ~touching_load() { stop(); }
  touching_load(const touching_load&) = delete;
  touching_load& operator=(const touching_load&) = delete;

  bool has_targets() const { return targets_ > 0; }
  void start();
  void await(int more_transactions);  // until so many have been committed from now on, or one has failed
  // Waits for the transaction under way and removes what it made.
  void stop();
  // But for a column that was gone when the statement ran: the application of a DROP COLUMN has to know of it.
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  void run();

  const database& db_;
  std::int64_t targets_{};
  std::atomic<bool> stopping_{false};
  std::atomic<int> ended_{0};
  std::atomic<bool> failed_{false};
  std::vector<std::string> failures_;  // read after stop()
  std::thread thread_;
};

}  // namespace eidolon::test
