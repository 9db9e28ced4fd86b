// Which key a job goes by: one that exists in the source, survives the alteration and maps
// injectively, so that no two rows can become one.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "plan/shape.hpp"

namespace eidolon::plan {

// Unique indexes by which rows can be matched: the primary key first, then those that are
// checked immediately, then those with fewer columns.
std::vector<const index*> key_candidates(const shape& s);

// Whether values that differ stay different, and in the same order, by which verification cuts its ranges, when a
// column of type `from` becomes `to` by assignment: the same type, integer widening, integer to unlimited numeric,
// numeric of the same scale to more digits, times to more digits of a second, date to timestamp, bit varying to a
// longer one, varchar to a longer one or to text, char(n) to a longer one or to one of these.
bool injective(const column& from, const column& to);

}  // namespace eidolon::plan
