// The changes that a load makes, each with what it means for the books.
#include "load_worker.hpp"

#include <fmt/format.h>

#include <array>

namespace eidolon::test {
namespace {

std::string joined(const std::vector<std::string>& parts, std::string_view between = ", ") {
  return fmt::format("{}", fmt::join(parts, between));
}

std::string number(const std::optional<int>& n) { return n ? std::to_string(*n) : "NULL"; }

}  // namespace

load_worker::load_worker(const std::string& conninfo, const load_shape& shape, const load_options& options, int worker)
    : session_{conninfo + " application_name=load"},
      shape_{shape},
      options_{options},
      worker_{worker},
      random_{options.seed * 1000 + static_cast<std::uint64_t>(worker)},
      columns_{joined(shape.key_columns)} {
  run("SET synchronous_commit = off");
  run("PREPARE set_n(integer, integer) AS UPDATE load.t SET n = $1 WHERE slot = $2");
}

void load_worker::run(const std::string& statement) {
  try {
    session_.sql(statement);
  } catch (const sql_failure& e) {
    throw sql_failure{fmt::format("{}: {}in: {}", e.sqlstate, e.what(), statement.substr(0, 300)), e.sqlstate};
  }
}

bool load_worker::transaction(load::rows_by_number& books) {
  auto changed = books;
  run("BEGIN");
  for (int i = pick(1, 6); i > 0; --i) change(changed);
  if (chance(8)) {
    run("ROLLBACK");
    return false;
  }
  run("COMMIT");
  books = std::move(changed);
  return true;
}

void load_worker::insert_many(book& r, int count) {
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) {
    const int n = new_number(r);
    const auto at = r.emplace(n, make_row(r, n)).first;
    all.push_back(values(at->second));
  }
  run(fmt::format("INSERT INTO load.t ({}, n, v, slot) VALUES {}", columns_, joined(all)));
}

void load_worker::change(book& r) {
  using action = void (load_worker::*)(book&);
  static constexpr std::array actions{&load_worker::insert,
                                      &load_worker::insert,
                                      &load_worker::insert_several,
                                      &load_worker::copy,
                                      &load_worker::insert_on_conflict,
                                      &load_worker::update,
                                      &load_worker::update,
                                      &load_worker::update,
                                      &load_worker::update_to_null,
                                      &load_worker::update_several,
                                      &load_worker::update_prepared,
                                      &load_worker::update_key,
                                      &load_worker::update_key,
                                      &load_worker::update_image,
                                      &load_worker::remove,
                                      &load_worker::remove_several,
                                      &load_worker::remove_and_insert,
                                      &load_worker::swap_slots,
                                      &load_worker::swap_slots,
                                      &load_worker::move_slot,
                                      &load_worker::merge,
                                      &load_worker::savepoint};
  const action chosen = actions[static_cast<std::size_t>(pick(0, static_cast<int>(actions.size()) - 1))];
  const bool full = static_cast<int>(r.size()) > options_.keys;
  if (full && chance(50)) return remove_several(r);
  (this->*chosen)(r);
}

void load_worker::insert(book& r) {
  const int n = new_number(r);
  const auto row = make_row(r, n);
  run(fmt::format("INSERT INTO load.t ({}, n, v, slot) VALUES {}", columns_, values(row)));
  r.emplace(n, row);
}

void load_worker::insert_several(book& r) { insert_many(r, pick(2, 12)); }

void load_worker::copy(book& r) {
  std::string data;
  for (int i = pick(1, 10); i > 0; --i) {
    const int n = new_number(r);
    data += copy_line(r.emplace(n, make_row(r, n)).first->second);
  }
  session_.copy_in(fmt::format("COPY load.t ({}, n, v, slot) FROM STDIN", columns_), data);
}

void load_worker::insert_on_conflict(book& r) {
  const auto held = any(r);
  const bool exists = held != r.end() && chance(60);
  const int n = exists ? held->first : new_number(r);
  auto row = make_row(r, n);
  if (exists) row.slot = held->second.slot;
  const bool update = chance(70);
  run(fmt::format("INSERT INTO load.t AS x ({0}, n, v, slot) VALUES {1} ON CONFLICT ({0}) DO {2}", columns_,
                  values(row), update ? "UPDATE SET n = excluded.n, v = excluded.v" : "NOTHING"));
  if (!exists) {
    r.emplace(n, row);
  } else if (update) {
    held->second.n = row.n;
    held->second.v = row.v;
  }
}

void load_worker::update(book& r) {
  const auto at = any(r);
  if (at == r.end()) return insert(r);
  at->second.n = pick(-1000, 1000);
  at->second.v = any_text();
  run(fmt::format("UPDATE load.t SET n = {}, v = {} WHERE {}", *at->second.n, literal(at->second.v),
                  where(at->second)));
}

void load_worker::update_to_null(book& r) {
  const auto at = any(r);
  if (at == r.end()) return insert(r);
  at->second.n.reset();
  at->second.v.reset();
  at->second.slot.reset();
  run("UPDATE load.t SET n = NULL, v = NULL, slot = NULL WHERE " + where(at->second));
}

void load_worker::update_several(book& r) {
  std::vector<std::string> slots{"-1"};
  for (auto& [n, row] : r) {
    if (!row.slot || !chance(10)) continue;
    slots.push_back(std::to_string(*row.slot));
    if (row.n) ++*row.n;
    row.v = "several";
  }
  run(fmt::format("UPDATE load.t SET n = n + 1, v = 'several' WHERE slot IN ({})", joined(slots)));
}

void load_worker::update_prepared(book& r) {
  const auto at = any(r);
  if (at == r.end() || !at->second.slot) return update(r);
  at->second.n = pick(-1000, 1000);
  run(fmt::format("EXECUTE set_n({}, {})", *at->second.n, *at->second.slot));
}

void load_worker::update_key(book& r) {
  const auto at = any(r);
  if (at == r.end()) return insert(r);
  const int n = new_number(r);
  auto row = at->second;
  row.key = shape_.image(worker_, n, random_);
  run(fmt::format("UPDATE load.t SET ({}) = ROW({}) WHERE {}", columns_, key_values(row), where(at->second)));
  r.erase(at);
  r.emplace(n, row);
}

void load_worker::update_image(book& r) {
  const auto at = any(r);
  if (at == r.end()) return insert(r);
  const auto found = where(at->second);
  at->second.key = shape_.image(worker_, at->first, random_);
  run(fmt::format("UPDATE load.t SET ({}) = ROW({}) WHERE {}", columns_, key_values(at->second), found));
}

void load_worker::remove(book& r) {
  const auto at = any(r);
  if (at == r.end()) return insert(r);
  run("DELETE FROM load.t WHERE " + where(at->second));
  r.erase(at);
}

void load_worker::remove_several(book& r) {
  std::vector<std::string> keys;
  for (int i = pick(2, 15); i > 0 && !r.empty(); --i) {
    const auto at = any(r);
    keys.push_back("(" + where(at->second) + ")");
    r.erase(at);
  }
  if (!keys.empty()) run("DELETE FROM load.t WHERE " + joined(keys, " OR "));
}

void load_worker::remove_and_insert(book& r) {
  const auto at = any(r);
  if (at == r.end()) return insert(r);
  run("DELETE FROM load.t WHERE " + where(at->second));
  const int n = at->first;
  r.erase(at);
  const auto row = make_row(r, n);
  run(fmt::format("INSERT INTO load.t ({}, n, v, slot) VALUES {}", columns_, values(row)));
  r.emplace(n, row);
}

void load_worker::swap_slots(book& r) {
  const auto a = any(r), b = any(r);
  if (a == r.end() || a == b) return insert(r);
  run(fmt::format("UPDATE load.t SET slot = NULL WHERE {}", where(a->second)));
  run(fmt::format("UPDATE load.t SET slot = NULL WHERE {}", where(b->second)));
  std::swap(a->second.slot, b->second.slot);
  for (const auto& row : {a->second, b->second})
    run(fmt::format("UPDATE load.t SET slot = {} WHERE {}", number(row.slot), where(row)));
}

void load_worker::move_slot(book& r) {
  const auto a = any(r), b = any(r);
  if (a == r.end() || a == b || !a->second.slot) return update(r);
  run("DELETE FROM load.t WHERE " + where(a->second));
  b->second.slot = a->second.slot;
  run(fmt::format("UPDATE load.t SET slot = {} WHERE {}", *b->second.slot, where(b->second)));
  r.erase(a);
}

void load_worker::merge(book& r) {
  if (session_.server_version() < 150000) return insert_on_conflict(r);
  const auto at = any(r);
  if (at == r.end()) return insert(r);
  const bool matched = chance(50);
  const int n = matched ? at->first : new_number(r);
  const auto row = matched ? at->second : make_row(r, n);
  run(
      fmt::format("MERGE INTO load.t USING (SELECT 1) AS one ON {} WHEN MATCHED THEN UPDATE SET v = 'merged' "
                  "WHEN NOT MATCHED THEN INSERT ({}, n, v, slot) VALUES {}",
                  where(row), columns_, values(row)));
  if (matched) {
    at->second.v = "merged";
  } else {
    r.emplace(n, row);
  }
}

void load_worker::savepoint(book& r) {
  run("SAVEPOINT here");
  auto changed = r;
  for (int i = pick(1, 3); i > 0; --i) change(changed);
  if (chance(60)) {
    run("ROLLBACK TO SAVEPOINT here; RELEASE SAVEPOINT here");
  } else {
    run("RELEASE SAVEPOINT here");
    r = std::move(changed);
  }
}

int load_worker::new_number(const book& r) {
  for (;;) {
    const int n = pick(-2 * options_.keys, 2 * options_.keys);
    if (!r.contains(n)) return n;
  }
}

load_worker::book::iterator load_worker::any(book& r) {
  if (r.empty()) return r.end();
  const auto at = r.lower_bound(pick(-2 * options_.keys, 2 * options_.keys));
  return at == r.end() ? r.begin() : at;
}

load_row load_worker::make_row(const book& r, int n) {
  load_row row{.key = shape_.image(worker_, n, random_), .n = {}, .v = any_text(), .slot = free_slot(r)};
  if (!chance(20)) row.n = pick(-1000, 1000);
  return row;
}

std::optional<int> load_worker::free_slot(const book& r) {
  if (chance(15)) return std::nullopt;
  const int slot = worker_ * 1'000'000 + pick(0, 4 * options_.keys);
  for (const auto& [n, row] : r)
    if (row.slot == slot) return std::nullopt;
  return slot;
}

std::optional<std::string> load_worker::any_text() {
  switch (pick(0, 7)) {
    case 0:
      return std::nullopt;
    case 1:
      return "";
    case 2:
      return "it's \\ \"quoted\"\t" + std::to_string(pick(0, 99));
    case 3:
      return std::string(static_cast<std::size_t>(pick(1, 3000)), 'x');
    default:
      return "text " + std::to_string(pick(0, 1'000'000));
  }
}

std::string load_worker::literal(const std::optional<std::string>& text) const {
  return text ? session_.literal(*text) : "NULL";
}

std::string load_worker::key_values(const load_row& row) const {
  std::vector<std::string> quoted;
  for (const auto& part : row.key) quoted.push_back(session_.literal(part));
  return joined(quoted);
}

std::string load_worker::values(const load_row& row) const {
  return fmt::format("({}, {}, {}, {})", key_values(row), number(row.n), literal(row.v), number(row.slot));
}

std::string load_worker::where(const load_row& row) const {
  return fmt::format("({}) = ({})", columns_, key_values(row));
}

std::string load_worker::copy_line(const load_row& row) const {
  const auto escaped = [](const std::string& text) {
    std::string out;
    for (const char c : text) {
      if (c == '\\')
        out += "\\\\";
      else if (c == '\t')
        out += "\\t";
      else
        out += c;
    }
    return out;
  };
  std::string line;
  for (const auto& part : row.key) line += escaped(part) + '\t';
  line += (row.n ? std::to_string(*row.n) : "\\N") + '\t';
  line += (row.v ? escaped(*row.v) : "\\N") + '\t';
  return line + (row.slot ? std::to_string(*row.slot) : "\\N") + '\n';
}

}  // namespace eidolon::test
