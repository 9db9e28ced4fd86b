#include "plan/catalog_query.hpp"

#include <boost/algorithm/string/replace.hpp>

#include "plan/sql.hpp"

namespace eidolon::plan {

std::string catalog_query(std::string_view query) {
  std::string text{query};
  // From the outside in: the definition asks for the partitions, and these for the tree.
  boost::replace_all(text, "{definition}", sql::definition);
  boost::replace_all(text, "{partitions}", sql::partition_definitions);
  boost::replace_all(text, "{source_state}", sql::source_state);
  boost::replace_all(text, "{tree}", sql::tree);
  boost::replace_all(text, "{materialized}", sql::materialized);
  return text;
}

std::string source_state_query() { return catalog_query(sql::source_state); }

}  // namespace eidolon::plan
