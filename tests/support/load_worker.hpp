// One session of a load: makes up a transaction, runs it, and enters it in the books once
// it is committed.
#pragma once
#include <string>
#include <vector>

#include "load.hpp"
#include "session.hpp"

namespace eidolon::test {

class load_worker {
 public:
  load_worker(const std::string& conninfo, const load_shape& shape, const load_options& options, int worker);

  // One transaction of one to six random changes; books is changed only when it is committed. False: it was rolled
  // back.
  bool transaction(load::rows_by_number& books);
  bool chance(int percent) { return pick(1, 100) <= percent; }
  void insert_many(load::rows_by_number& rows, int count);  // in a transaction of its own

 private:
  using book = load::rows_by_number;

  void change(book& r);
  void insert(book& r);
  void insert_several(book& r);
  void copy(book& r);
  void insert_on_conflict(book& r);
  void update(book& r);
  void update_to_null(book& r);
  void update_several(book& r);
  void update_prepared(book& r);
  void update_key(book& r);
  void update_image(book& r);
  void remove(book& r);
  void remove_several(book& r);
  void remove_and_insert(book& r);
  void swap_slots(book& r);
  void move_slot(book& r);
  void merge(book& r);
  void savepoint(book& r);

  void run(const std::string& statement);  // its failure names the statement
  int pick(int low, int high) { return std::uniform_int_distribution<int>{low, high}(random_); }
  int new_number(const book& r);
  book::iterator any(book& r);
  load_row make_row(const book& r, int number);
  std::optional<int> free_slot(const book& r);
  std::optional<std::string> any_text();
  std::string values(const load_row& row) const;      // ('key', n, 'v', slot)
  std::string where(const load_row& row) const;       // (key) = ('key')
  std::string key_values(const load_row& row) const;  // 'a', 'b'
  std::string copy_line(const load_row& row) const;
  std::string literal(const std::optional<std::string>& text) const;

  session session_;
  const load_shape& shape_;
  load_options options_;
  int worker_;
  random_engine random_;
  std::string columns_;  // of the key
};

}  // namespace eidolon::test
