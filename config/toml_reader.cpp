#include "config/toml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace eidolon::config {
namespace {

std::string type_name(const toml::node& node) {
  std::ostringstream out;
  out << node.type();
  return std::move(out).str();
}

}  // namespace

std::vector<config_error> error_list::take() {
  std::stable_sort(errors_.begin(), errors_.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  return std::move(errors_);
}

std::string table_reader::named(std::string_view key) const {
  return title_.empty() ? std::string{key} : fmt::format("{} in {}", key, title_);
}

const toml::node* table_reader::any(std::string_view key) {
  known_.emplace_back(key);
  return table_.get(key);
}

template <typename Node>
const Node* table_reader::typed(std::string_view key, std::string_view expected) {
  const auto* const node = any(key);
  if (node == nullptr) return nullptr;
  if (const auto* const right = node->as<Node>()) return right;
  errors_.add(node, fmt::format("{} must be {}, not {}", named(key), expected, type_name(*node)));
  return nullptr;
}

const toml::value<std::string>* table_reader::string(std::string_view key) {
  return typed<toml::value<std::string>>(key, "a string");
}
const toml::array* table_reader::array(std::string_view key) { return typed<toml::array>(key, "an array"); }
const toml::array* table_reader::tables(std::string_view key) {
  const auto* const node = table_.get(key);
  if (node == nullptr || !node->is_table()) return array(key);
  known_.emplace_back(key);
  errors_.add(node, fmt::format("[{0}] must be written as [[{0}]]: there may be several", key));
  return nullptr;
}
const toml::table* table_reader::table(std::string_view key) { return typed<toml::table>(key, "a table"); }

void table_reader::report_unknown_keys() {
  for (const auto& [key, node] : table_) {
    if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
    errors_.add(key.source(), fmt::format("unknown key {}", named(key.str())));
  }
}

boost::json::value to_json(const toml::node& node) {
  if (const auto* const s = node.as_string()) return boost::json::string{s->get()};
  if (const auto* const i = node.as_integer()) return i->get();
  if (const auto* const f = node.as_floating_point()) return f->get();
  if (const auto* const b = node.as_boolean()) return b->get();
  const auto* const table = node.as_table();
  if (table == nullptr) return nullptr;
  boost::json::object object;
  for (const auto& [key, member] : *table) object.emplace(key.str(), to_json(member));
  return object;
}

}  // namespace eidolon::config
