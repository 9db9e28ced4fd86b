// Puts a plan together from what the catalog said before and after the user's statements ran
// on the clone. Pure.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "plan/alter_request.hpp"
#include "plan/clone.hpp"
#include "plan/facts.hpp"
#include "plan/planner.hpp"
#include "plan/stand_ins.hpp"

namespace eidolon::plan {

// USING of one column: an expression over the columns as they were before the statement, every name qualified.
struct computed_column {
  std::string column, expression;
  bool plain_cast{};                    // only a cast to the new type: as injective as the assignment
  std::vector<std::string> unsteady{};  // what it asks for that need not be the same when asked again
  std::vector<int> reads{};             // numbers of columns; 0: the whole row
  std::string other_operators{};        // that it has when it is read again as it is printed; see same_operators.hpp
};

// What one statement did to the columns.
struct stage {
  std::vector<column> before, after;
  std::vector<computed_column> usings;
  std::vector<std::string> restarted;       // identity columns whose sequence it restarts
  std::vector<std::string> out_of_reach{};  // sequences of added columns' defaults that the owner may not use
};

struct owned_sequence {
  std::string table;  // name of the source or of a partition
  std::string schema, name, type, column;
  bool used_elsewhere{};
};

struct composition {
  facts source;
  alter_request request;
  std::vector<std::string> clone;
  decoy_statements decoy;
  shape before, after;
  std::vector<shape> partitions;  // of the clone, after the statements, as the source's are
  std::vector<stage> stages;
  std::vector<owned_sequence> sequences;
  std::vector<std::string> statements;  // of the user, about the clone and its shells
  neighbourhood neighbours;             // of the clone, after the statements
  stand_ins stand;
  std::set<std::string> onlookers;  // at the clone, before the statements (sql/onlookers.sql)
};

// The clone after the statements: itself, or it and its partitions.
std::vector<cloned_table> tables_after(const plan& p, const composition& parts);

outcome compose(plan p, const composition& parts);

}  // namespace eidolon::plan
