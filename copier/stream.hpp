// A chunk of the copy by COPY: read by one session, written by another, through the daemon.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>

#include "plan/batch.hpp"
#include "plan/pace.hpp"
#include "plan/plan.hpp"
#include "postgres/connection.hpp"

namespace eidolon::copier {

// Whether a failure may be one of streaming alone: a type without a binary form, or an expression that writes, which
// the reading session may not. The insert tells.
bool may_be_streams_own(const postgres::statement_error& e);

struct streamed {
  enum class what {
    done,
    no_longer_possible,  // see plan::stream_obstacle; nothing was written
    gave_way,            // somebody waits for a lock that the writer holds; nothing was written
  } outcome{};
  std::int64_t rows{};
};

// Copies the source's blocks [first, last) into the ghost, in the writer's open transaction, which has its locks, its
// check and its lane; the reader's transaction begins and ends here.
boost::asio::awaitable<streamed> stream_blocks(postgres::connection& reader, postgres::connection& writer,
                                               const plan::plan& p, plan::fence f, plan::pace& pace, std::int64_t first,
                                               std::int64_t last);

}  // namespace eidolon::copier
