// Definitions as PostgreSQL prints them, so that they are printed the same again after they have been read again.
//
// Some things do not survive by themselves: a cast of ARRAY[…] is pushed into the elements (IN over varchar is printed
// as (ARRAY['a'::character varying])::text[], which is read as ARRAY[('a'::character varying)::text]); a column without
// a name that is a constant is given its type's name; ((a AND b) AND c) becomes one list; (- 1) becomes a constant. So
// the array's own type is said as well, the missing name, and a cast that has no effect.
#pragma once
#include <string>
#include <string_view>

namespace eidolon::plan {

// head: what makes a statement of the text ("SELECT " for an expression). A text that cannot be parsed (the parser is
// that of PostgreSQL 15) comes back as it is.
std::string faithful(std::string text, std::string_view head = "");

}  // namespace eidolon::plan
