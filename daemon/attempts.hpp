// What a job remembers of its attempts at locks that the application feels, from one to the next: also where one fails
// and the step begins anew.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "cutover/cutover.hpp"
#include "daemon/load.hpp"
#include "daemon/states.hpp"

namespace eidolon::daemon {

struct attempt_series {
  std::string purpose{};            // "installing the triggers"
  bool is_cutover{};                // counted and timed as such
  bool for_ever{};                  // retries are not limited: there is no way back
  bool felt{true};                  // the application uses the table whose lock it is
  bool gives_way{};                 // to the load, before each attempt
  std::optional<state> leads_to{};  // recorded in the same transaction
};

// Failed attempts of a series so far.
struct attempt_tally {
  int made{}, held_too_long{}, gave_way{};  // gave_way: because too much was left to apply
  int by_snapshots{};                       // kept from it by old snapshots and nothing else
  int broken{};                             // by trouble with the server, the connection or another transaction

  void failed(const cutover::attempt_result& r);
  void broke();
  // Attempts that others may have kept from their locks.
  int in_the_way() const { return made - held_too_long - broken; }
};

// One attempt, as it is seen from outside.
struct attempt_times {
  clock::time_point began{};
  std::optional<clock::time_point> locked{};  // by when it had its locks
};

// One that has ended.
struct ended_attempt {
  attempt_series series{};
  int number{};  // counts from 1
  cutover::attempt_result result{};
  std::string failure{};  // what broke it; then the result holds the most that it may have cost the application
};

// After one that broke: until when, and why, the next one is not made.
struct attempt_rest {
  clock::time_point until{};
  std::string why{};
};

struct series_so_far {
  attempt_tally tally{};
  std::optional<attempt_rest> rest{};
};

// Of what the next attempt at the cutover stands on.
struct looks_so_far {
  std::optional<clock::time_point> refreshed{};   // when new foreign keys and materialized views were looked at
  std::optional<clock::time_point> obstructed{};  // since when something is in the way that cannot be carried over
};

struct attempt_history {
  std::map<std::string, series_so_far> of{};  // by the series' purpose; one that has succeeded begins anew
  looks_so_far looks{};
  attempt_times now{};                     // of the attempt that is under way
  std::optional<ended_attempt> unnoted{};  // what is not recorded yet
};

}  // namespace eidolon::daemon
