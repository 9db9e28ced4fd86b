#include "postgres/catalog_race.hpp"

namespace eidolon::postgres {

bool is_catalog_race(const statement_error& e) {
  constexpr std::string_view internal_error = "XX000";
  const auto& message = e.info().message;
  if (e.sqlstate() == sqlstate::unique_violation) return e.info().schema == "pg_catalog";
  return e.sqlstate() == internal_error &&
         (message == "tuple concurrently updated" || message == "tuple concurrently deleted");
}

bool is_of_what_was_dropped(const statement_error& e) {
  constexpr std::string_view internal_error = "XX000";
  const auto& message = e.info().message;
  return e.sqlstate() == internal_error &&
         (message.starts_with("could not open relation with OID") || message.starts_with("cache lookup failed for"));
}

}  // namespace eidolon::postgres
