// Planning, beside an application that may want the table for itself meanwhile.
#pragma once
#include <string>

#include "plan/planner.hpp"
#include "postgres/pool.hpp"

namespace eidolon::daemon {

// Somebody waited for a lock behind planning, which therefore was broken off. Nothing was left behind, and the table
// may be free later.
class gave_way : public postgres::error {
 public:
  using error::error;
};

struct planning_sessions {
  postgres::pool& pool;
  postgres::pool& control;
  std::string name;  // application_name of the one that plans
};

// plan::make_plan, which holds ACCESS SHARE on the table and on what hangs on it for as long as it takes (seconds for
// hundreds of partitions): it is broken off when a session waits behind it, some 0.1 s later. That, a lock that is not
// to be had (another job's swap, say) and what is dropped or swapped while it is read have it begin again after a
// pause, up to three times; then gave_way is thrown, or what make_plan throws.
boost::asio::awaitable<plan::outcome> make_plan(planning_sessions at, std::int64_t id, plan::request r,
                                                bool all_tables_allowed);

}  // namespace eidolon::daemon
