// A plan in words: one line per thing that will be different afterwards.
#pragma once
#include <string>
#include <vector>

#include "plan/compose.hpp"

namespace eidolon::plan {

std::vector<std::string> summarize(const plan& p, const composition& parts);

}  // namespace eidolon::plan
