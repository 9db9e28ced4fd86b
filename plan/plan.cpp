#include "plan/plan.hpp"

#include <boost/json.hpp>

#include "postgres/quoting.hpp"

namespace eidolon::plan {

std::string to_json(const plan& p) { return boost::json::serialize(boost::json::value_from(p)); }

plan from_json(const std::string& text) { return boost::json::value_to<plan>(boost::json::parse(text)); }

std::string source_name(const plan& p) { return postgres::qualified(p.source.schema, p.source.name); }
std::string ghost_name(const plan& p) { return postgres::qualified(p.ghost_schema, p.source.name); }
std::string old_name(const plan& p) { return postgres::qualified(p.old_schema, p.source.name); }

}  // namespace eidolon::plan
