// What a batch of a job begins with, for tests that begin one themselves.
#pragma once
#include <string>

#include "plan/batch.hpp"
#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"

namespace eidolon::test {

// What the job recorded, and the epoch it runs under.
inline plan::plan plan_of(const database& db, const std::string& id) {
  return plan::from_json(db.value("SELECT plan FROM eidolon.job WHERE id = " + id));
}
inline plan::fence fence_of(const database& db) { return {std::stoll(db.value("SELECT epoch FROM eidolon.leader"))}; }

template <class Body>
void with_connection(const database& db, Body body) {
  const auto conninfo = db.conninfo();
  await([conninfo, &body]() -> boost::asio::awaitable<void> {
    postgres::connect_options options{.conninfo = conninfo, .application_name = "test batch"};
    const auto c = co_await postgres::connection::open(std::move(options));
    co_await body(*c);
  });
}

}  // namespace eidolon::test
