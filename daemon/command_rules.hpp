// What people may ask of a job in which state, and what becomes of its record.
#pragma once
#include <string>

#include "daemon/job.hpp"
#include "daemon/job_store.hpp"

namespace eidolon::daemon {

// now: the state that the job is in, which the mirror of its record may not know yet. Throws problem wrong_state.
void check_possible(const job& j, state now, command what);
// For the job's events.
std::string sentence_of(command what);
// The record as job_store::request leaves it.
void mirror(job& j, command what);

}  // namespace eidolon::daemon
