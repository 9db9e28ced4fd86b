// A reason not to take a job: expected, and therefore a value.
#pragma once
#include <string>

namespace eidolon::plan {

struct refusal {
  std::string code;    // stable, snake_case: "no_usable_key"
  std::string reason;  // one sentence that names the object
  std::string advice;  // what to do about it
  bool may_pass{};     // it may have come of what others did in the same moment
};

}  // namespace eidolon::plan
