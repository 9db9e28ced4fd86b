// Everything that can be told about a database's content, as lines of text: what pg_dump
// writes (schema, privileges, comments, data with each table's rows sorted), and what
// tests/cases/catalog.sql reads of what pg_dump leaves out. Two databases are the same when their
// images are.
#pragma once
#include <string>
#include <vector>

#include "cluster.hpp"

namespace eidolon::test {

using database_image = std::vector<std::string>;

// The control schema does not count; nor do schemas that match `without` (a pattern of pg_dump's), if it is not empty.
database_image image_of(const cluster& server, const std::string& database, const std::string& without = "");

// What one has and the other has not, a line each; empty when they are the same.
std::string difference(const database_image& expected, const database_image& found);

}  // namespace eidolon::test
