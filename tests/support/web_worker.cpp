// The changes that a web_load makes, each with what it means for the book.
#include "web_worker.hpp"

#include <fmt/format.h>

#include <array>

namespace eidolon::test {
namespace {

std::string id_of(const char* table, std::optional<int> number) {
  return number ? fmt::format("(SELECT id FROM app.{} WHERE number = {})", table, *number) : "NULL";
}

template <class Numbered>
std::optional<int> any_of(const Numbered& all, int from) {
  if (all.empty()) return std::nullopt;
  const auto at = all.lower_bound(from);
  return at == all.end() ? all.begin()->first : at->first;
}

}  // namespace

web_worker::web_worker(const std::string& conninfo, std::uint64_t seed, int worker)
    : session_{conninfo + " application_name=load"},
      worker_{worker},
      random_{seed * 1000 + static_cast<std::uint64_t>(worker)} {
  run("SET synchronous_commit = off");
}

web_worker::end web_worker::transaction(web_book& book) {
  auto changed = book;
  used_sql_body_ = false;
  run("BEGIN");
  try {
    for (int i = pick(1, 4); i > 0; --i) act(changed);
  } catch (const sql_failure& e) {
    if (e.sqlstate != "40001" || !used_sql_body_) throw;
    run("ROLLBACK");
    return end::told_to_try_again;
  }
  if (chance(8)) {
    run("ROLLBACK");
    return end::rolled_back;
  }
  run("COMMIT");
  book = std::move(changed);
  return end::committed;
}

void web_worker::fill(web_book& book) {
  run("BEGIN");
  for (int i = 0; i < 40; ++i) insert_customer(book);
  for (int i = 0; i < 150; ++i) insert_order(book);
  for (int i = 0; i < 100; ++i) insert_lines(book);
  run("COMMIT");
}

void web_worker::act(web_book& b) {
  static constexpr std::array actions{&web_worker::insert_order,
                                      &web_worker::insert_order,
                                      &web_worker::insert_through_view,
                                      &web_worker::insert_through_view,
                                      &web_worker::insert_child_before_parent,
                                      &web_worker::update_order,
                                      &web_worker::update_order,
                                      &web_worker::update_through_view,
                                      &web_worker::update_by_functions,
                                      &web_worker::update_by_functions,
                                      &web_worker::change_keys,
                                      &web_worker::change_keys,
                                      &web_worker::remove_orders,
                                      &web_worker::remove_through_view,
                                      &web_worker::insert_customer,
                                      &web_worker::remove_customer,
                                      &web_worker::insert_lines,
                                      &web_worker::insert_lines,
                                      &web_worker::set_last_order,
                                      &web_worker::look,
                                      &web_worker::look,
                                      &web_worker::look_at_sums,
                                      &web_worker::provoke};
  (this->*actions[static_cast<std::size_t>(pick(0, static_cast<int>(actions.size()) - 1))])(b);
}

void web_worker::insert_order(web_book& b) {
  const int number = new_number();
  auto o = make_order(b);
  if (chance(30)) {
    o.parent.reset();
    run_once(
        "INSERT INTO app.orders (number, customer, amount) SELECT $1, id, $3 FROM app.customers WHERE number = $2 "
        "RETURNING 1",
        {number, o.customer, o.amount});
  } else {
    run_once(
        fmt::format("INSERT INTO app.orders (number, customer, parent, amount) VALUES ({}, {}, {}, {}) RETURNING 1",
                    number, id_of("customers", o.customer), id_of("orders", o.parent), o.amount));
  }
  b.insert_order(number, o);
}

void web_worker::insert_through_view(web_book& b) {
  const int number = new_number();
  const auto o = make_order(b);
  run_once(
      fmt::format("INSERT INTO app.open_orders (number, customer, parent, amount) VALUES ({}, {}, {}, {}) "
                  "RETURNING 1",
                  number, id_of("customers", o.customer), id_of("orders", o.parent), o.amount));
  b.insert_order(number, o);
}

// The foreign key of the table to itself is deferred.
void web_worker::insert_child_before_parent(web_book& b) {
  const auto key = *run("SELECT nextval('app.other_keys')").at(0).at(0);
  const int parent = new_number(), child = new_number();
  auto o = make_order(b);
  o.parent.reset();
  auto c = o;
  c.parent = parent;
  run(fmt::format("INSERT INTO app.orders (number, customer, parent, amount) VALUES ({}, {}, {}, {})", child,
                  id_of("customers", c.customer), key, c.amount));
  run(fmt::format("INSERT INTO app.orders (id, number, customer, amount) VALUES ({}, {}, {}, {})", key, parent,
                  id_of("customers", o.customer), o.amount));
  b.insert_order(parent, o);
  b.insert_order(child, c);
}

void web_worker::update_order(web_book& b) {
  const auto number = any_order(b);
  if (!number) return insert_order(b);
  const int amount = pick(0, 1000);
  if (chance(50)) {
    run_once("UPDATE app.orders SET amount = $2 WHERE number = $1 RETURNING 1", {*number, amount});
  } else {
    run_once(fmt::format("UPDATE app.orders SET amount = {}, note = 'updated' WHERE number = {} RETURNING 1", amount,
                         *number));
  }
  b.update_order(*number, amount);
}

void web_worker::update_through_view(web_book& b) {
  const auto number = any_order(b);
  if (!number) return insert_through_view(b);
  const int amount = pick(0, 1000);
  run_once(fmt::format("UPDATE app.open_orders SET amount = {} WHERE number = {} RETURNING 1", amount, *number));
  b.update_order(*number, amount);
}

void web_worker::update_by_functions(web_book& b) {
  const auto number = any_order(b);
  if (!number) return insert_order(b);
  const int amount = pick(0, 1000);
  used_sql_body_ = chance(50);
  expect(fmt::format("SELECT app.{}({}, {})", used_sql_body_ ? "change_in_sql" : "change", *number, amount),
         std::to_string(amount));
  b.update_order(*number, amount);
}

void web_worker::change_keys(web_book& b) {
  if (const auto number = any_order(b); number && chance(60)) {
    run_once(
        fmt::format("UPDATE app.orders SET id = nextval('app.other_keys') WHERE number = {} RETURNING 1", *number));
    b.change_key_of_order(*number);
  } else if (const auto customer = any_of(b.customers, pick(1, last_number_) + worker_ * web_load::numbers)) {
    run_once(fmt::format("UPDATE app.customers SET id = nextval('app.other_keys') WHERE number = {} RETURNING 1",
                         *customer));
    b.change_key_of_customer(*customer);
  }
}

// One statement a row: what a cascade finds depends on what the statement has deleted before.
void web_worker::remove_orders(web_book& b) {
  for (int i = pick(1, 3); i > 0; --i) {
    const auto number = any_order(b);
    if (!number) return insert_order(b);
    run_once(fmt::format("DELETE FROM app.orders WHERE number = {} RETURNING 1", *number));
    b.remove_order(*number);
  }
}

void web_worker::remove_through_view(web_book& b) {
  const auto number = any_order(b);
  if (!number) return insert_through_view(b);
  run_once(fmt::format("DELETE FROM app.open_orders WHERE number = {} RETURNING 1", *number));
  b.remove_order(*number);
}

void web_worker::insert_customer(web_book& b) {
  const int number = new_number();
  run_once(fmt::format("INSERT INTO app.customers (number) VALUES ({}) RETURNING 1", number));
  b.customers.emplace(number, std::nullopt);
}

void web_worker::remove_customer(web_book& b) {
  const auto number = any_of(b.customers, pick(1, last_number_) + worker_ * web_load::numbers);
  if (!number) return insert_customer(b);
  run_once(fmt::format("DELETE FROM app.customers WHERE number = {} RETURNING 1", *number));
  b.remove_customer(*number);
}

void web_worker::insert_lines(web_book& b) {
  const auto number = any_order(b);
  if (!number) return insert_order(b);
  for (int i = pick(1, 3); i > 0; --i) {
    run_once("INSERT INTO app.lines (order_id) SELECT id FROM app.orders WHERE number = $1 RETURNING 1", {*number});
    ++b.orders.at(*number).lines;
  }
  if (!chance(20)) return;
  run(fmt::format("DELETE FROM app.lines WHERE order_id = {}", id_of("orders", *number)));
  b.orders.at(*number).lines = 0;
}

void web_worker::set_last_order(web_book& b) {
  const auto number = any_order(b);
  const auto customer = any_of(b.customers, pick(1, last_number_) + worker_ * web_load::numbers);
  if (!number || !customer) return insert_customer(b);
  run_once(fmt::format("UPDATE app.customers SET last_order = {} WHERE number = {} RETURNING 1",
                       id_of("orders", *number), *customer));
  b.customers.at(*customer) = *number;
}

void web_worker::look(web_book& b) {
  const auto number = any_order(b);
  if (!number) return look_at_sums(b);
  static constexpr std::array queries{"SELECT amount FROM app.orders WHERE number = $1",
                                      "SELECT amount FROM app.open_orders WHERE number = $1",
                                      "SELECT app.amount_of($1)"};
  const std::string query = queries[static_cast<std::size_t>(pick(0, static_cast<int>(queries.size()) - 1))];
  const auto amount = std::to_string(b.orders.at(*number).amount);
  if (chance(50)) return expect(query, amount, {*number});
  expect(query.substr(0, query.find("$1")) + std::to_string(*number) + query.substr(query.find("$1") + 2), amount);
}

void web_worker::look_at_sums(web_book& b) {
  std::int64_t sum = 0;
  for (const auto& [number, o] : b.orders) sum += o.amount;
  const auto of_worker = fmt::format("worker = {}", worker_);
  expect("SELECT coalesce(sum(orders), 0) || ' ' || coalesce(sum(amount), 0) FROM app.sums WHERE " + of_worker,
         fmt::format("{} {}", b.orders.size(), sum));
  expect(fmt::format("SELECT app.sum_in_sql({})", worker_), std::to_string(sum));
  expect("SELECT count(*) FROM app.orders WHERE number = -1", "0");  // the policy hides it
}

void web_worker::provoke(web_book& b) {
  const auto o = make_order(b);
  const int number = new_number();
  const auto insert = [&](const std::string& customer, int amount) {
    return fmt::format("INSERT INTO app.orders (number, customer, amount) VALUES ({}, {}, {})", number, customer,
                       amount);
  };
  expect_failure(insert("-5", 1), "23503");                                    // no such customer
  expect_failure(insert(id_of("customers", o.customer), 2'000'000), "42501");  // the policy
  expect_failure(fmt::format("INSERT INTO app.open_orders (number, customer, amount) VALUES ({}, {}, -1)", number,
                             id_of("customers", o.customer)),
                 "44000");  // the view's check option
  expect_failure("INSERT INTO app.lines (order_id) VALUES (-5)", "23503");
}

rows web_worker::run(const std::string& statement, const std::vector<int>& parameters) {
  try {
    if (parameters.empty()) return session_.sql(statement);
    std::vector<std::string> values;
    for (const int p : parameters) values.push_back(std::to_string(p));
    return session_.prepared(statement, values);
  } catch (const sql_failure& e) {
    throw sql_failure{fmt::format("{}: {}in: {}", e.sqlstate, e.what(), statement.substr(0, 300)), e.sqlstate};
  }
}

void web_worker::run_once(const std::string& statement, const std::vector<int>& parameters) {
  const auto touched = run(statement, parameters).size();
  if (touched != 1) throw std::runtime_error{fmt::format("{} rows instead of 1: {}", touched, statement)};
}

void web_worker::expect(const std::string& query, const std::string& value, const std::vector<int>& parameters) {
  const auto found = run(query, parameters);
  const auto text = found.empty() ? "no row" : found.front().front().value_or("NULL");
  if (text != value) throw std::runtime_error{fmt::format("{} instead of {}: {}", text, value, query)};
}

void web_worker::expect_failure(const std::string& statement, const std::string& sqlstate) {
  run("SAVEPOINT here");
  std::string found = "none";
  try {
    session_.sql(statement);
  } catch (const sql_failure& e) {
    found = e.sqlstate + " " + e.what();
  }
  if (!found.starts_with(sqlstate))
    throw std::runtime_error{fmt::format("failure {} instead of {}: {}", found, sqlstate, statement)};
  run("ROLLBACK TO SAVEPOINT here; RELEASE SAVEPOINT here");
}

std::optional<int> web_worker::any_order(const web_book& b) {
  return any_of(b.orders, pick(1, std::max(1, last_number_)) + worker_ * web_load::numbers);
}

int web_worker::any_customer(const web_book& b) {
  const auto own = any_of(b.customers, pick(1, std::max(1, last_number_)) + worker_ * web_load::numbers);
  return own && chance(70) ? *own : pick(1, web_load::common_customers);
}

web_book::order web_worker::make_order(const web_book& b) {
  web_book::order o{.customer = any_customer(b), .parent = {}, .amount = pick(0, 1000), .lines = 0};
  if (chance(50)) o.parent = any_order(b);
  return o;
}

}  // namespace eidolon::test
