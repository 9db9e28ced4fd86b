// What others do to a catalog in the same moment.
#pragma once
#include "postgres/error.hpp"

namespace eidolon::postgres {

// Somebody else, whom no lock keeps away, has just changed the same row of a catalog: a GRANT, a CREATE OR REPLACE. The
// same statement may succeed later. PostgreSQL has no SQLSTATE of its own for it, and does not translate the message;
// where both create the same object, it is a unique violation in the catalog.
bool is_catalog_race(const statement_error& e);

// What a statement had found in a catalog was dropped before it looked closer. No SQLSTATE of its own either.
bool is_of_what_was_dropped(const statement_error& e);

}  // namespace eidolon::postgres
