// What index builds that run side by side leave one another. Pure.
#pragma once
#include <algorithm>
#include <string_view>

#include "copier/data_error.hpp"
#include "postgres/error.hpp"

namespace eidolon::copier {

// Whether a build that failed ends those beside it. An error that does no harm (a lock that was not to be had, say)
// does not, nor one that is this build's own (temp_file_limit): what they have been building for hours is not lost for
// it. But where there is no room, or the server has trouble with its files, they take what the application's writes
// need, and until they end nobody would be told, nor the attempt be counted; and none of them helps against a row that
// does not fit.
inline bool ends_other_builds(const postgres::statement_error& e) {
  constexpr std::string_view disk_full = "53100", system_error = "58";
  const auto code = e.sqlstate();
  return code == disk_full || code.starts_with(system_error) || is_data_error(e);
}

// How many parallel workers a build may have beside the session that builds, so that all that are under way keep to
// `sessions` processes (1 or more). unfinished: indexes that are being built or wait for it, this one included.
constexpr int parallel_workers(int sessions, int unfinished) {
  const int builds = std::clamp(unfinished, 1, sessions);
  return sessions / builds - 1;
}

}  // namespace eidolon::copier
