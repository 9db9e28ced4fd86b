// The neighbourhood of the clone: what hangs on the source, hung on the clone in the same way, so that PostgreSQL
// itself says what the user's statements mean for it and what it refuses. Pure: text in, text out.
//
// Tables at the other ends of foreign keys are stood in for by empty shells in the job's schema: a foreign key to the
// real ones would lock them. Views and functions get copies in the job's schema.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "plan/alter_request.hpp"
#include "plan/neighbourhood.hpp"
#include "plan/plan.hpp"

namespace eidolon::plan {

// How the stand-ins of tables, views and statistics are called, with the OID of the real one behind.
inline constexpr const char* shell_prefix = "eidolon shell ";
inline constexpr const char* view_prefix = "eidolon view ";
inline constexpr const char* statistics_prefix = "eidolon statistics ";
// And foreign keys of tables in other schemas than the source's.
inline constexpr const char* key_prefix = "eidolon key ";

struct shell {
  std::uint32_t oid{};  // of the real table
  table_reference real;
  std::string columns;            // name type, …
  std::vector<std::string> keys;  // PRIMARY KEY (…), UNIQUE (…)
  bool is_partitioned{};
  bool is_permanent{};  // an ordinary or partitioned table that is logged
  bool may_lock{};
};

// In place of another table or view whose policy or rule mentions the source: under its own name, because expressions
// use that, in a schema that exists only while the plan is made.
struct twin {
  std::uint32_t oid{};  // of the real one
  table_reference real;
  std::string columns;
  std::vector<policy> policies;  // what the mentioned ones have become, by name
  std::vector<reaction_of_table> rules;
};

struct stand_ins {
  std::string ghost_schema;
  table_reference source;
  std::string clone;  // qualified and quoted
  std::vector<shell> shells;
  std::vector<twin> twins;
  std::vector<table_reference> partitions{};  // of the source; the clone's have the same names
  // Under which definitions are read again (same_operators.hpp); empty: the session's search_path.
  std::string path{};
  std::vector<std::string> operator_schemas{};  // in it

  std::string twin_schema() const { return ghost_schema + "_twins"; }
  std::string clone_of(const std::string& on) const;  // the clone, or the partition of it with that name
  std::optional<std::string> clone_of_table(const table_reference& table) const;  // nullopt: it is none of them
  std::string real_of(const std::string& on) const;                               // the source, or the partition of it
  std::string shell_name(std::uint32_t oid) const;
  // What it is called on the clone or the shell. The name that it has in another schema may be one that PostgreSQL
  // chooses, because it is free in the source's.
  std::string hung_name(const foreign_key& k) const;
  std::string view_name(std::uint32_t oid) const;
  // A definition read from the source, about the clone and the shells.
  std::string to_clone(const std::string& text) const;
  // A definition read from the clone, about the ghost, which has the clone's name, and the real tables.
  std::string to_real(const std::string& text) const;
  // A definition about the ghost, about what it is called after the swap.
  std::string in_place(const std::string& text) const;
};

// What a statement of the user can name: foreign keys, triggers, rules; and statistics, which the ghost keeps. Run as
// the table's owner, before the user's statements. And off again, after them.
std::vector<std::string> hang_on(const neighbourhood& n, const stand_ins& s);
std::vector<std::string> take_off(const neighbourhood& after, const stand_ins& s);

// What only says no: policies, views, functions, publications. For a clone that is rolled back; run as the daemon's
// role.
std::vector<std::string> look_on(const neighbourhood& n, const stand_ins& s);

// The policies and rules of other tables, on their twins; policies: those of the real ones. Run as look_on.
std::vector<std::string> hang_on_twins(const neighbourhood& n, const stand_ins& s);

// before: of the source; after: of the clone, once the user's statements ran. computed: columns of the clone whose
// values may be others, or equal to others than before, so that a foreign key that held may hold no more.
hand_over plan_hand_over(const neighbourhood& before, const neighbourhood& after, const stand_ins& s, const plan& p,
                         const std::set<std::string>& computed);

}  // namespace eidolon::plan
