// One attempt at a transaction that needs locks which the application feels: looks for
// holders that will not let go soon, takes the locks under one deadline, does its work, commits.
// Triggers, cutover, and clean-up are all such attempts.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <vector>

#include "cutover/cutover.hpp"

namespace eidolon::cutover {

struct wanted_lock {
  postgres::lock_target target;  // where holders are looked for
  std::string statement;         // takes the lock; empty: the work itself does
};

enum class below { everything, what_the_role_may_lock };

// LOCK TABLE ONLY …, or the same for a partitioned table and what is below it. table: qualified and quoted.
std::string lock_statement(const plan::plan& p, const std::string& table, const std::string& mode,
                           below which = below::everything);
// The same, whether it is partitioned or not.
std::string lock_tree_statement(const std::string& table, const std::string& mode, below which = below::everything);

// Who keeps a snapshot, from rows of pid, kind, application_name, query and seconds.
std::vector<postgres::blocker> snapshot_keepers(const postgres::result& rows);

struct lock_transaction {
  std::vector<wanted_lock> locks{};  // in this order; the last one's table matters most to the application
  std::vector<wanted_lock> then{};   // after these: what sessions lock before that table or after it, as they like
  std::string first{};               // a lock that nobody but the daemon's work minds, taken before; or empty
  std::string session{};             // application_name
  std::string settings{};            // SET LOCAL …, or empty
  bool swaps{};                      // sessions that keep an old snapshot are in the way too
  bool finds_anew{};                 // names are looked up for each attempt: one that is gone is no error
  // What the work will look at, looked at by the same session before it asks for a lock; may be empty. false: no lock
  // is asked for, it gives way.
  std::function<asio::awaitable<bool>(postgres::connection&, attempt_result&)> rehearse{};
};

// Work under the locks. It may take further locks through the deadline. false: roll back, it gives way.
using locked_work =
    std::function<asio::awaitable<bool>(postgres::connection&, postgres::lock_deadline&, attempt_result&)>;

asio::awaitable<attempt_result> run(postgres::pool& pool, lock_transaction what, postgres::lock_policy policy,
                                    postgres::force force, locked_work work);

}  // namespace eidolon::cutover
