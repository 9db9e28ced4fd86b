#include "case_directory.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace eidolon::test {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::ifstream in{file};
  if (!in) throw std::runtime_error{"cannot read " + file.string()};
  return (std::ostringstream{} << in.rdbuf()).str();
}

std::optional<fs::path> if_there(const fs::path& file) { return fs::exists(file) ? std::optional{file} : std::nullopt; }

// The rest of the line that begins with this, without the blanks around it.
std::string after_prefix(const std::string& text, const std::string& prefix) {
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(prefix)) return line.substr(prefix.size());
  return {};
}

void read_header(case_directory& c) {
  const auto text = read(c.before);
  c.table = after_prefix(text, "-- table: ");
  c.user = after_prefix(text, "-- user: ");
  c.no_load = after_prefix(text, "-- no load: ");
  if (const auto versions = after_prefix(text, "-- versions: "); !versions.empty())
    std::istringstream{versions} >> c.first_version >> c.last_version;
  std::istringstream settings{after_prefix(text, "-- settings: ")};
  for (std::string setting; settings >> setting;) c.settings.push_back(setting);
  if (c.table.empty()) throw std::runtime_error{c.before.string() + " names no table"};
}

void read_expectation(case_directory& c, const fs::path& file) {
  if (!fs::exists(file)) return;
  const auto text = read(file);
  std::istringstream first{text};
  std::string word;
  first >> word >> c.code;
  if (word == "refused") {
    c.expected = case_directory::outcome::refused;
  } else if (word == "failed") {
    c.expected = case_directory::outcome::failed;
  } else {
    throw std::runtime_error{file.string() + " expects neither refused nor failed"};
  }
  c.constraint = after_prefix(text, "constraint ");
  c.key = after_prefix(text, "key ");
  c.message = after_prefix(text, "says ");
}

// Whether a text holds statements rather than the clauses of one.
bool holds_statements(const std::string& text) {
  std::string word;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "--") == 0) {
      i = std::min(text.find('\n', i), text.size());
    } else if (text.compare(i, 2, "/*") == 0) {
      i = std::min(text.find("*/", i), text.size()) + 1;
    } else if (std::isspace(static_cast<unsigned char>(text[i])) == 0) {
      return text.compare(i, 11, "ALTER TABLE") == 0;
    }
  }
  return false;
}

}  // namespace

fs::path cases_directory() { return fs::path{EIDOLON_SOURCE_DIR} / "tests/cases"; }

fs::path label_provider() { return fs::path{EIDOLON_BINARY_DIR} / "label_provider.so"; }

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{cases_directory()})
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

case_directory read_case(const std::string& name) {
  const auto directory = cases_directory() / name;
  case_directory c;
  c.name = name;
  c.before = directory / "before.sql";
  c.alter = directory / "alter.sql";
  c.native = if_there(directory / "native.sql");
  c.after = if_there(directory / "after.sql");
  read_header(c);
  read_expectation(c, directory / "expect");
  return c;
}

std::string case_directory::alter_text() const { return read(alter); }

std::string case_directory::native_text() const {
  const auto text = alter_text();
  return holds_statements(text) ? text : "ALTER TABLE " + table + " " + text + ";";
}

}  // namespace eidolon::test
