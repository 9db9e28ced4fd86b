// However it was named: the job that has it may have found it through another search_path.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

list table_of_another_job(const facts& f) {
  if (!f.other_job) return {};
  return {{"table_has_job", fmt::format("Job {} is at work on {}.", *f.other_job, display_name(f)),
           "Wait for it, or abort it. What a job of another database left here, eidolond --clean-orphans removes."}};
}

}  // namespace eidolon::plan::refusals
