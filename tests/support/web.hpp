// A table in the middle of its neighbours, and a load on all of them that keeps its own books.
//
// app.orders refers to app.customers and to itself, app.lines refers to it, and app.customers refers back. It has
// views, an audit trigger, a policy, statistics, publications, and functions in SQL and PL/pgSQL. Several sessions of
// an application change all of it at random, each within rows of its own, and remember what became of the rows, also
// of those that only a cascade touched, and how often the trigger must have fired. Whatever they read they compare
// with that. Nothing may fail, but what a session provokes itself; a statement that an SQL-standard body made reach
// the replaced table may be told to try again (SQLSTATE 40001).
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "cluster.hpp"

namespace eidolon::test {

// The rows of one worker, by their numbers; the keys are the database's business.
struct web_book {
  struct order {
    int customer{};
    std::optional<int> parent{};
    int amount{};
    int lines{};
  };
  std::map<int, order> orders;
  std::map<int, std::optional<int>> customers;    // and the last order of each
  std::int64_t inserted{}, updated{}, deleted{};  // rows of app.orders, as the audit trigger counts them

  void insert_order(int number, order o);
  void update_order(int number, int amount);
  void change_key_of_order(int number);
  void remove_order(int number);
  void change_key_of_customer(int number);
  void remove_customer(int number);

 private:
  std::int64_t orders_of(int customer) const;
  void forget_order(int number);
};

class web_load {
 public:
  static constexpr int workers = 3;
  static constexpr int numbers = 1'000'000;  // worker w has the numbers from w * numbers on; 0 are common ones
  static constexpr int common_customers = 10;
  // Makes schema app, with as many orders that nobody touches; `application` is the role that the sessions log in as.
  web_load(const database& db, std::string application, std::uint64_t seed, int other_orders = 12'000);
  ~web_load();

  void start();
  void stop();                                   // returns when every worker has ended its transaction
  bool goes_on(std::int64_t transactions = 60);  // waits until so many more are committed; false if they are not

  std::vector<std::string> failures() const;
  std::vector<std::string> differences() const;  // between books and tables, in words; only when stopped
  std::int64_t told_to_try_again() const { return told_to_try_again_; }

 private:
  void work(int worker);
  std::set<std::string> expected() const;
  std::set<std::string> found() const;

  const database& db_;
  std::string application_;
  std::uint64_t seed_;
  int other_orders_;
  std::array<web_book, workers + 1> books_;
  std::vector<std::thread> threads_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::int64_t> committed_{0}, told_to_try_again_{0};
  mutable std::mutex failures_lock_;
  std::vector<std::string> failures_;
};

// What is wrong with the foreign keys of a database: one that is not validated, or that a row violates.
std::vector<std::string> broken_foreign_keys(const database& db);

}  // namespace eidolon::test
