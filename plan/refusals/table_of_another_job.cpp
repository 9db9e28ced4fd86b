// However it was named: the job that has it may have found it through another search_path.
#include <fmt/format.h>

#include "plan/refusals/refusals.hpp"

namespace eidolon::plan::refusals {

refusal has_job(const std::string& table, std::int64_t job) {
  return {"table_has_job", fmt::format("Job {} is at work on {}.", job, table),
          "Wait for it, or abort it. What a job of another database left here, eidolond --clean-orphans removes."};
}

list table_of_another_job(const facts& f) {
  if (!f.other_job) return {};
  return {has_job(display_name(f), *f.other_job)};
}

}  // namespace eidolon::plan::refusals
