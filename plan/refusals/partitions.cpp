// Partitioned tables are carried over with all their partitions; this is what some of these have that is not.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {
namespace {

// What is said of one partition.
std::vector<std::string> objections(const facts& f, const partition_facts& m) {
  std::vector<std::string> found;
  const auto object = [&](bool is_so, const char* what) {
    if (is_so) found.emplace_back(what);
  };
  object(m.kind == 'f', "is a foreign table");
  object(m.kind == 'r' && m.access_method != "heap", "uses another access method than heap");
  object(m.persistence != 'p', "is UNLOGGED");
  object(m.detaching, "is being detached");
  object(m.may_not_create, "is in a schema in which the daemon's role may not create anything");
  object(m.owner_may_not_use, "is in a schema that its owner may not use");
  object(m.owner != f.owner, "has another owner");
  object(m.hidden_from_owner, "has FORCE ROW LEVEL SECURITY, so its owner may not see every row");
  object(m.extension_member, "belongs to an extension");
  return found;
}

const shape* table_called(const facts& f, const std::string& name) {
  if (name == f.name) return &f.source;
  const auto found =
      std::find_if(f.partitions.begin(), f.partitions.end(), [&](const partition_facts& m) { return m.name == name; });
  return found == f.partitions.end() ? nullptr : &found->table;
}

// All of them stand in one schema for a while.
std::vector<std::string> names_in_use_twice(const facts& f) {
  std::vector<std::string> twice;
  std::set<std::string> names{f.name};
  const auto add = [&](const std::string& name) {
    if (!names.insert(name).second) twice.push_back(name);
  };
  for (const auto& i : f.source.indexes) add(i.name);
  for (const auto& s : f.sequences) add(s);
  for (const auto& m : f.partitions) {
    add(m.name);
    for (const auto& i : m.table.indexes) add(i.name);
  }
  return twice;
}

// What is made for a leaf, altered and in part dropped again is locked until the ghost stands: about so many, measured
// on PostgreSQL 15. The table of locks is everybody's, and who finds it full fails.
std::int64_t locks_of_the_ghost(const facts& f) {
  std::int64_t locks = 0;
  std::int64_t keys = 0;  // that every partition has
  for (const auto& k : f.neighbours.foreign_keys) {
    if (k.on.empty())
      ++keys;
    else
      locks += 4 * (1 + std::ssize(k.parts));
  }
  for (const auto& m : f.partitions) locks += 20 + 5 * std::ssize(m.table.indexes) + 4 * keys;
  return locks;
}

// PostgreSQL itself keeps a parent's from being valid before those of its partitions.
bool checks_differ(const facts& f, const partition_facts& m) {
  const auto* parent = table_called(f, m.parent);
  return parent && std::any_of(m.table.checks.begin(), m.table.checks.end(), [&](const check_constraint& k) {
           return k.inherited &&
                  std::any_of(parent->checks.begin(), parent->checks.end(), [&](const check_constraint& x) {
                    return x.name == k.name && x.validated && !k.validated;
                  });
         });
}

}  // namespace

list partitions(const facts& f) {
  list found;
  const auto refuse = [&](const std::string& name, const std::string& what) {
    found.push_back(
        {"partitioned_table", fmt::format("{}, a partition of {}, {}.", name, display_name(f), what),
         "That is not carried over: change it, detach the partition, or alter the partitioned table directly."});
  };
  for (const auto& m : f.partitions) {
    for (const auto& what : objections(f, m)) refuse(m.name, what);
    if (checks_differ(f, m)) refuse(m.name, "has a check that is NOT VALID, and that of its parent is valid");
  }
  const auto locks = locks_of_the_ghost(f);
  if (locks * 2 > f.lock_slots)
    found.push_back(
        {"partitioned_table",
         fmt::format(
             "The ghost of {} with its {} partitions would take {} locks at once, more than half of the {} that "
             "the server has room for.",
             display_name(f), f.partitions.size(), locks, f.lock_slots),
         fmt::format("Set max_locks_per_transaction to {} times what it is, and restart the server.",
                     locks * 2 / std::max<std::int64_t>(1, f.lock_slots) + 1)});
  for (const auto& name : names_in_use_twice(f))
    refuse(name, "has the name of another one in another schema, or of its index or sequence");
  return found;
}

}  // namespace eidolon::plan::refusals
