// One session of a web_load: makes up a transaction, runs it, and enters it in its book once it is committed.
#pragma once
#include <random>
#include <string>
#include <vector>

#include "session.hpp"
#include "web.hpp"

namespace eidolon::test {

class web_worker {
 public:
  enum class end { committed, rolled_back, told_to_try_again };

  web_worker(const std::string& conninfo, std::uint64_t seed, int worker);

  // One to four random changes and looks. Throws when something fails, or differs from the book.
  end transaction(web_book& book);
  void fill(web_book& book);  // the rows to begin with

 private:
  void act(web_book& b);
  void insert_order(web_book& b);
  void insert_through_view(web_book& b);
  void insert_child_before_parent(web_book& b);
  void update_order(web_book& b);
  void update_through_view(web_book& b);
  void update_by_functions(web_book& b);
  void change_keys(web_book& b);
  void remove_orders(web_book& b);
  void remove_through_view(web_book& b);
  void insert_customer(web_book& b);
  void remove_customer(web_book& b);
  void insert_lines(web_book& b);
  void set_last_order(web_book& b);
  void look(web_book& b);
  void look_at_sums(web_book& b);
  void provoke(web_book& b);

  // A statement, prepared if it has parameters; its failure names it. SQL's own EXECUTE is left out: its snapshot is
  // older than its locks, so that one which waits for a swap, as for any ALTER TABLE that rewrites, sees an older
  // state.
  rows run(const std::string& statement, const std::vector<int>& parameters = {});
  void run_once(const std::string& statement, const std::vector<int>& parameters = {});  // it touches one row
  void expect(const std::string& query, const std::string& value, const std::vector<int>& parameters = {});
  void expect_failure(const std::string& statement, const std::string& sqlstate);
  int pick(int low, int high) { return std::uniform_int_distribution<int>{low, high}(random_); }
  bool chance(int percent) { return pick(1, 100) <= percent; }
  int new_number() { return worker_ * web_load::numbers + ++last_number_; }
  std::optional<int> any_order(const web_book& b);
  int any_customer(const web_book& b);  // one of its own, or a common one
  web_book::order make_order(const web_book& b);

  session session_;
  int worker_;
  std::mt19937_64 random_;
  int last_number_{0};
  bool used_sql_body_{false};  // in this transaction
};

}  // namespace eidolon::test
