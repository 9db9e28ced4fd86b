#include "plan/catalog_query.hpp"

#include <boost/algorithm/string/replace.hpp>

#include "plan/sql.hpp"

namespace eidolon::plan {

namespace {

std::string assembled(std::string_view query, std::string_view partitions) {
  std::string text{query};
  // From the outside in: the definition asks for the partitions, and these for the tree.
  boost::replace_all(text, "{definition}", sql::definition);
  boost::replace_all(text, "{partitions}", partitions);
  boost::replace_all(text, "{source_state}", sql::source_state);
  boost::replace_all(text, "{tree}", sql::tree);
  boost::replace_all(text, "{materialized}", sql::materialized);
  return text;
}

}  // namespace

std::string catalog_query(std::string_view query) { return assembled(query, sql::partition_definitions); }

std::string catalog_query_of_plain_table(std::string_view query) { return assembled(query, "NULL"); }

std::string source_state_query() { return catalog_query(sql::source_state); }

}  // namespace eidolon::plan
