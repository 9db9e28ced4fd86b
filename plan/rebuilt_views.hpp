// Materialized views are made anew on the ghost, by the names of ghosts. Pure: text in, text out.
#pragma once
#include "plan/neighbourhood.hpp"
#include "plan/plan.hpp"
#include "plan/stand_ins.hpp"

namespace eidolon::plan {

// m: of before; after: of the clone, once the user's statements ran. Those that m reads must be built before it.
rebuilt_view rebuild(const materialized_view& m, const neighbourhood& before, const neighbourhood& after,
                     const stand_ins& s, const plan& p);

}  // namespace eidolon::plan
