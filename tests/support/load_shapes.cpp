// The kinds of keys that loads are run with.
#include <fmt/format.h>

#include <stdexcept>

#include "load.hpp"

namespace eidolon::test {
namespace {

using images = std::vector<std::string>;

images integer_key(int worker, int number, random_engine&) { return {std::to_string(worker + 64 * number)}; }

images composite_key(int worker, int number, random_engine&) {
  return {std::to_string(worker), fmt::format("k'{}", number), number % 2 == 0 ? "2026-01-01" : "infinity"};
}

images uuid_key(int worker, int number, random_engine&) {
  return {fmt::format("{:08x}-0000-4000-8000-{:012x}", static_cast<unsigned>(number) * 2654435761U, worker)};
}

// The same name in any mixture of cases: equal under the key's collation, different as an image.
images insensitive_key(int worker, int number, random_engine& random) {
  std::string name = fmt::format("name_{}_{}", worker, number);
  for (char& c : name)
    if (c >= 'a' && c <= 'z' && random() % 2 == 0) c = static_cast<char>(c - 'a' + 'A');
  return {name};
}

// 7, 7.0, 7.00: equal numbers with different scales.
images numeric_key(int worker, int number, random_engine& random) {
  const auto digits = random() % 4;
  const auto whole = std::to_string(worker + 64 * number);
  return {digits == 0 ? whole : whole + "." + std::string(digits, '0')};
}

constexpr const char* ranges =
    "CREATE TABLE load.t_below PARTITION OF load.t FOR VALUES FROM (MINVALUE) TO (0);"
    "CREATE TABLE load.t_small PARTITION OF load.t FOR VALUES FROM (0) TO (5000);"
    "CREATE TABLE load.t_large (slot integer, n integer, dropped text, v text, id integer NOT NULL);"
    "ALTER TABLE load.t_large DROP COLUMN dropped;"
    "ALTER TABLE load.t ATTACH PARTITION load.t_large FOR VALUES FROM (5000) TO (20000);"
    "CREATE TABLE load.t_rest PARTITION OF load.t DEFAULT";

constexpr const char* levels =
    "CREATE TABLE load.t_day PARTITION OF load.t FOR VALUES IN ('2026-01-01') PARTITION BY HASH (b);"
    "CREATE TABLE load.t_day_0 PARTITION OF load.t_day FOR VALUES WITH (MODULUS 2, REMAINDER 0);"
    "CREATE TABLE load.t_day_1 PARTITION OF load.t_day FOR VALUES WITH (MODULUS 2, REMAINDER 1);"
    "CREATE TABLE load.t_rest PARTITION OF load.t DEFAULT";

}  // namespace

std::string load_shape::unique_slot() const {
  return partition_by.empty() ? "slot" : fmt::format("slot, {}", fmt::join(key_columns, ", "));
}

const std::vector<load_shape>& load_shapes() {
  static const std::vector<load_shape> shapes{
      {"integer", "", "id integer PRIMARY KEY", {"id"}, integer_key},
      {"composite", "", "a smallint, b text, c date, PRIMARY KEY (b, c, a)", {"a", "b", "c"}, composite_key},
      {"uuid", "", "id uuid PRIMARY KEY", {"id"}, uuid_key},
      {"case_insensitive",
       "CREATE COLLATION load.no_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
       "id text COLLATE load.no_case PRIMARY KEY",
       {"id"},
       insensitive_key},
      {"numeric", "", "id numeric NOT NULL UNIQUE", {"id"}, numeric_key},
      {"partitioned", "", "id integer PRIMARY KEY", {"id"}, integer_key, "RANGE (id)", ranges},
      {"partitioned_twice",
       "",
       "a smallint, b text, c date, PRIMARY KEY (b, c, a)",
       {"a", "b", "c"},
       composite_key,
       "LIST (c)",
       levels},
  };
  return shapes;
}

const load_shape& load_shape_named(const std::string& name) {
  for (const auto& shape : load_shapes())
    if (shape.name == name) return shape;
  throw std::invalid_argument{"no load has the shape " + name};
}

}  // namespace eidolon::test
