// One directory of tests/cases, read. tests/cases/README.md says what its files mean.
#pragma once
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace eidolon::test {

struct case_directory {
  std::string name;
  std::string table;                  // as a user would write it
  std::string user;                   // whom the daemon connects as; empty: the superuser
  std::vector<std::string> settings;  // K=V
  std::string no_load;                // why its result is another one when its rows are written meanwhile
  int first_version{0}, last_version{std::numeric_limits<int>::max()};  // of PostgreSQL that take its schema

  std::filesystem::path before, alter;
  std::optional<std::filesystem::path> native, after;

  enum class outcome { equal, refused, failed } expected{outcome::equal};
  std::string code;                      // of the refusal or failure
  std::string constraint, key, message;  // of which the answer must speak; empty: of none in particular

  std::string alter_text() const;   // as it is submitted
  std::string native_text() const;  // as psql runs it
};

std::filesystem::path cases_directory();
std::vector<std::string> case_names();  // sorted

// The module of label_provider/, as it was built.
std::filesystem::path label_provider();
case_directory read_case(const std::string& name);

}  // namespace eidolon::test
