// The table of lanes in the job's schema: what is recorded there, together with the rows, is copied.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "copier/lanes.hpp"
#include "plan/batch.hpp"
#include "plan/plan.hpp"
#include "postgres/connection.hpp"

namespace eidolon::copier {

constexpr std::int64_t block_size = 8192;  // BLCKSZ of every packaged PostgreSQL; only shown as progress

struct lane_position {
  std::int64_t next{}, end{};
};

// Fixes the extent of the copy once, in a batch after the triggers were committed: what grows beyond it is in the log.
// tables: qualified and quoted, in the order by whose numbers lanes name them. Does nothing when there are lanes.
boost::asio::awaitable<void> make_lanes(postgres::connection& c, const plan::plan& p, std::vector<std::string> tables);

// Those that are not copied to their end.
boost::asio::awaitable<lanes> read_lanes(postgres::connection& c, const plan::plan& p);

// In a chunk's transaction: waits for a backend of ours that may still be copying in this lane.
boost::asio::awaitable<lane_position> lock_lane(postgres::connection& c, const plan::plan& p, int id);
boost::asio::awaitable<void> advance_lane(postgres::connection& c, const plan::plan& p, int id, std::int64_t next,
                                          std::int64_t rows);

boost::asio::awaitable<lane_position> read_position(postgres::connection& c, const plan::plan& p, int id);

// In a transaction of its own: makes what lies from that block on in a lane a lane of its own. It waits for the chunk
// under way. nullopt: it has waited for as long as the session does for a lock, was broken off, or the lane was copied
// further than that.
boost::asio::awaitable<std::optional<lane>> split_lane(postgres::connection& c, const plan::plan& p, plan::fence f,
                                                       int id, std::int64_t at);

}  // namespace eidolon::copier
