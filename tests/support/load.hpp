// A write load that keeps its own books.
//
// Several sessions change one table at random, each within keys of its own, and each
// remembers in memory what it committed. That count owes nothing to the daemon, to triggers or to
// another table: when the load has stopped, the table must hold exactly what the books say.
// No transaction may fail: the first one that does ends its session and is reported.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

namespace eidolon::test {

using random_engine = std::mt19937_64;

// One row as the load knows it. The images of the key's columns are text: equal keys may differ in them.
struct load_row {
  std::vector<std::string> key;
  std::optional<int> n;
  std::optional<std::string> v;
  std::optional<int> slot;  // unique in the table
  friend bool operator==(const load_row&, const load_row&) = default;
};

// What the table's key looks like. The table is load.t; beside the key it has n integer, v text and slot integer
// UNIQUE (which a partitioned table cannot have).
struct load_shape {
  std::string name;
  std::string before;   // what the key's type needs
  std::string columns;  // the key's columns and the constraint
  std::vector<std::string> key_columns;
  // An image of the key with this number among those of one worker; different numbers give different keys.
  std::function<std::vector<std::string>(int worker, int number, random_engine&)> image;
  std::string partition_by{}, partitions{};  // how it is partitioned, and the statements that make the partitions

  std::string unique_slot() const;  // the columns of a unique constraint with slot that the table can have
};
const std::vector<load_shape>& load_shapes();
const load_shape& load_shape_named(const std::string& name);

struct load_options {
  int workers{3};
  std::uint64_t seed{};
  int keys{400};  // per worker
  // Between a worker's transactions; longer where they take longer: a slow machine has a slower application, with which
  // catch-up can keep up.
  std::chrono::microseconds pause{3000};
};

class load {
 public:
  // Creates load.t with some rows of every worker.
  load(std::string conninfo, const load_shape& shape, load_options options);
  ~load();

  void start();
  void stop();      // returns when every worker has ended its transaction
  void truncate();  // the table, between two transactions of the workers

  std::int64_t committed() const { return committed_; }
  std::vector<std::string> failures() const;
  std::vector<load_row> expected() const;  // only when stopped

  // Differences between the table and the books, in words; empty when there is none. transform is what the
  // alteration makes of a row.
  std::vector<std::string> differences(const std::function<void(load_row&)>& transform = {}) const;

 private:
  friend class load_worker;
  using rows_by_number = std::map<int, load_row>;

  void work(int worker);
  void fail(int worker, const std::string& what);

  std::string conninfo_;
  const load_shape& shape_;
  load_options options_;
  std::vector<rows_by_number> books_;  // per worker
  std::vector<std::thread> threads_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::int64_t> committed_{0};
  std::shared_mutex truncating_;  // a TRUNCATE changes every worker's books
  mutable std::mutex failures_lock_;
  std::vector<std::string> failures_;
};

}  // namespace eidolon::test
