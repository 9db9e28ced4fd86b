// The load as a whole: its workers, its books and the comparison with the table.
#include "load.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "load_worker.hpp"
#include "session.hpp"

namespace eidolon::test {
namespace {

std::string in_words(const load_row& row) {
  return fmt::format("({}) n={} v={} slot={}", fmt::join(row.key, ", "), row.n ? std::to_string(*row.n) : "NULL",
                     row.v ? row.v->substr(0, 40) : "NULL", row.slot ? std::to_string(*row.slot) : "NULL");
}

std::optional<int> to_number(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  return std::stoi(*text);
}

std::map<std::string, load_row> by_image(const std::vector<load_row>& all) {
  std::map<std::string, load_row> sorted;
  for (const auto& row : all) sorted.emplace(fmt::format("{}", fmt::join(row.key, "\x1f")), row);
  return sorted;
}

std::vector<load_row> read_table(session& s, const load_shape& shape) {
  s.sql("SET bytea_output = 'hex'");
  std::vector<load_row> all;
  for (const auto& values :
       s.sql(fmt::format("SELECT n, v, slot, {} FROM load.t", fmt::join(shape.key_columns, ", ")))) {
    load_row row{.key = {}, .n = to_number(values[0]), .v = values[1], .slot = to_number(values[2])};
    for (std::size_t i = 3; i < values.size(); ++i) row.key.push_back(values[i].value_or("NULL"));
    all.push_back(std::move(row));
  }
  return all;
}

}  // namespace

load::load(std::string conninfo, const load_shape& shape, load_options options)
    : conninfo_{std::move(conninfo)},
      shape_{shape},
      options_{options},
      books_(static_cast<std::size_t>(options.workers)) {
  session s{conninfo_};
  s.sql("CREATE SCHEMA load");
  if (!shape_.before.empty()) s.sql(shape_.before);
  const bool partitioned = !shape_.partition_by.empty();
  s.sql(fmt::format("CREATE TABLE load.t (gone text, {}, n integer, v text, slot integer{}){}", shape_.columns,
                    partitioned ? "" : " UNIQUE", partitioned ? " PARTITION BY " + shape_.partition_by : ""));
  s.sql("ALTER TABLE load.t DROP COLUMN gone");
  if (partitioned) s.sql(shape_.partitions);
  for (int worker = 0; worker < options_.workers; ++worker)
    load_worker{conninfo_, shape_, options_, worker}.insert_many(books_[static_cast<std::size_t>(worker)],
                                                                 options_.keys / 2);
}

load::~load() { stop(); }

void load::start() {
  stopping_ = false;
  for (int worker = 0; worker < options_.workers; ++worker) threads_.emplace_back([this, worker] { work(worker); });
}

void load::stop() {
  stopping_ = true;
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void load::work(int worker) {
  try {
    load_worker self{conninfo_, shape_, options_, worker};
    while (!stopping_) {
      const auto began = std::chrono::steady_clock::now();
      {
        const std::shared_lock sharing{truncating_};
        if (self.transaction(books_[static_cast<std::size_t>(worker)])) ++committed_;
      }
      const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
      std::this_thread::sleep_for(std::max(options_.pause, took));
    }
  } catch (const std::exception& e) {
    fail(worker, e.what());
  }
}

void load::truncate() {
  session s{conninfo_};
  const std::unique_lock alone{truncating_};
  s.sql("TRUNCATE load.t");
  for (auto& book : books_) book.clear();
  ++committed_;
}

void load::fail(int worker, const std::string& what) {
  const std::lock_guard lock{failures_lock_};
  failures_.push_back(fmt::format("worker {} (seed {}): {}", worker, options_.seed, what));
}

std::vector<std::string> load::failures() const {
  const std::lock_guard lock{failures_lock_};
  return failures_;
}

std::vector<load_row> load::expected() const {
  std::vector<load_row> all;
  for (const auto& book : books_)
    for (const auto& [number, row] : book) all.push_back(row);
  return all;
}

std::vector<std::string> load::differences(const std::function<void(load_row&)>& transform) const {
  auto booked = expected();
  if (transform)
    for (auto& row : booked) transform(row);
  session s{conninfo_};
  const auto table_rows = read_table(s, shape_);
  const auto wanted = by_image(booked), found = by_image(table_rows);
  std::vector<std::string> different;
  if (table_rows.size() != booked.size())
    different.push_back(fmt::format("the table has {} rows, the books {}", table_rows.size(), booked.size()));
  for (const auto& [image, row] : wanted) {
    const auto at = found.find(image);
    if (at == found.end()) {
      different.push_back("missing: " + in_words(row));
    } else if (!(at->second == row)) {
      different.push_back(fmt::format("is {} and should be {}", in_words(at->second), in_words(row)));
    }
  }
  for (const auto& [image, row] : found)
    if (!wanted.contains(image)) different.push_back("should not be there: " + in_words(row));
  return different;
}

}  // namespace eidolon::test
