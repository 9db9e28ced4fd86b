#include "plan/sql_text.hpp"

#include <pg_query.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>

namespace eidolon::plan {
namespace {

// A reader of the few protobuf fields of libpg_query's ScanResult (pg_query.proto): the
// library has no other output for tokens, and its generated header needs libprotobuf-c's.
class protobuf_reader {
 public:
  explicit protobuf_reader(std::string_view bytes) : rest_{bytes} {}
  bool done() const { return rest_.empty(); }

  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (int shift = 0; !rest_.empty() && shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (!(byte & 0x80)) return value;
    }
    throw std::runtime_error{"truncated token list"};
  }

  std::string_view bytes() {
    const auto size = varint();
    if (size > rest_.size()) throw std::runtime_error{"truncated token list"};
    const auto value = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return value;
  }

 private:
  std::string_view rest_;
};

constexpr int wire_bytes = 2;
constexpr int field_tokens = 2, field_start = 1, field_end = 2, field_token = 4;
constexpr int token_sql_comment = 275, token_c_comment = 276;  // Token enum of pg_query.proto

token read_token(std::string_view bytes, int& kind) {
  token t;
  protobuf_reader in{bytes};
  while (!in.done()) {
    const auto tag = in.varint();
    if ((tag & 7) == wire_bytes) {
      in.bytes();
      continue;
    }
    const auto value = static_cast<int>(in.varint());
    if (tag >> 3 == field_start) t.start = value;
    if (tag >> 3 == field_end) t.end = value;
    if (tag >> 3 == field_token) kind = value;
  }
  return t;
}

const boost::json::object* table_of(const boost::json::value& statement) {
  for (const char* kind : {"AlterTableStmt", "RenameStmt", "IndexStmt"})
    if (const auto* s = node(statement, kind))
      if (const auto* relation = member(*s, "relation")) return relation->if_object();
  return nullptr;
}

}  // namespace

std::vector<token> scan(const std::string& text) {
  std::vector<token> tokens;
  PgQueryScanResult scanned = pg_query_scan(text.c_str());
  if (!scanned.error) {
    protobuf_reader in{{scanned.pbuf.data, scanned.pbuf.len}};
    while (!in.done()) {
      const auto tag = in.varint();
      if ((tag & 7) != wire_bytes) {
        in.varint();
        continue;
      }
      const auto bytes = in.bytes();
      int kind = 0;
      const token t = read_token(bytes, kind);
      if (tag >> 3 == field_tokens && kind != token_sql_comment && kind != token_c_comment) tokens.push_back(t);
    }
  }
  pg_query_free_scan_result(scanned);
  return tokens;
}

bool has_backslash_in_plain_string(const std::string& text) {
  const auto tokens = scan(text);
  return std::any_of(tokens.begin(), tokens.end(), [&](const token& t) {
    return text[t.start] == '\'' && text.substr(t.start, t.end - t.start).find('\\') != std::string::npos;
  });
}

// Each operator of a chain (a || b || c …) is one level of PostgreSQL's tree, and some three of its JSON.
constexpr std::size_t deepest = 8192;

std::variant<boost::json::value, syntax_error> parse(const std::string& text) {
  PgQueryParseResult parsed = pg_query_parse(text.c_str());
  std::variant<boost::json::value, syntax_error> result;
  if (parsed.error)
    result = syntax_error{parsed.error->message, parsed.error->cursorpos};
  else
    result = boost::json::parse(parsed.parse_tree, {}, {.max_depth = deepest});
  pg_query_free_parse_result(parsed);
  return result;
}

name_span name_at(const std::string& text, int location) {
  const auto tokens = scan(text);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].start != location) continue;
    std::size_t last = i;
    while (last + 2 < tokens.size() && text[tokens[last + 1].start] == '.') last += 2;
    return {tokens[i].start, tokens[last].end};
  }
  throw std::runtime_error{"no name at the position that the parser gave"};
}

namespace {

boost::json::value parse_printed(const std::string& text) {
  auto parsed = parse(text);
  if (const auto* error = std::get_if<syntax_error>(&parsed)) throw unreadable{text, error->message};
  return std::get<boost::json::value>(std::move(parsed));
}

}  // namespace

std::string retarget(const std::string& text, std::string_view table) {
  const auto parsed = parse_printed(text);
  const auto& statements = parsed.at("stmts").as_array();
  const auto* relation = statements.size() == 1 ? table_of(statements[0].at("stmt")) : nullptr;
  if (!relation) throw std::runtime_error{"not a statement on one table: " + text};
  const auto span = name_at(text, int_member(*relation, "location"));
  std::string result = text;
  return result.replace(span.start, span.end - span.start, table);
}

namespace {

struct table_name {
  std::string schema, name;
  int location{};
};

// A RangeVar: the only node with both members, wrapped by its type's name or not.
bool is_table(const boost::json::object& o) { return o.contains("relname") && o.contains("relpersistence"); }

// A TypeName: whole rows are printed with their type (x.*::app.orders), which is called as the table is.
bool is_type(const boost::json::object& o) { return o.contains("names") && o.contains("typemod"); }

std::optional<table_name> name_in(const boost::json::object& o, mentions which) {
  if (is_table(o))
    return table_name{text_member(o, "schemaname"), text_member(o, "relname"), int_member(o, "location")};
  if (which == mentions::as_table || !is_type(o)) return std::nullopt;
  std::vector<std::string> parts;
  for (const auto& part : o.at("names").as_array())
    if (const auto* s = node(part, "String")) parts.push_back(text_member(*s, "sval"));
  if (parts.size() != 2) return std::nullopt;
  return table_name{parts[0], parts[1], int_member(o, "location")};
}

void find_tables(const boost::json::value& v, mentions which, std::vector<table_name>& found) {
  if (const auto* a = v.if_array()) {
    for (const auto& e : *a) find_tables(e, which, found);
  } else if (const auto* o = v.if_object()) {
    if (auto name = name_in(*o, which)) found.push_back(std::move(*name));
    for (const auto& m : *o) find_tables(m.value(), which, found);
  }
}

}  // namespace

std::string replace_tables(const std::string& text, const replacement& instead, mentions which) {
  const auto parsed = parse_printed(text);
  std::vector<table_name> tables;
  find_tables(parsed, which, tables);
  std::map<int, std::pair<name_span, std::string>, std::greater<>> edits;  // from the end, so that positions stay
  for (const auto& t : tables) {
    const auto name = instead(t.schema, t.name);
    if (!name) continue;
    const auto span = name_at(text, t.location);
    edits[span.start] = {span, *name};
  }
  auto result = text;
  for (const auto& [start, edit] : edits) result.replace(start, edit.first.end - start, edit.second);
  return result;
}

const boost::json::object* node(const boost::json::value& v, std::string_view key) {
  const auto* o = v.if_object();
  const auto* inner = o ? o->if_contains(key) : nullptr;
  return inner ? inner->if_object() : nullptr;
}

const boost::json::value* member(const boost::json::object& o, std::string_view key) { return o.if_contains(key); }

std::string text_member(const boost::json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  const auto* s = v ? v->if_string() : nullptr;
  return s ? std::string{s->data(), s->size()} : std::string{};
}

int int_member(const boost::json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  const auto* n = v ? v->if_int64() : nullptr;
  return n ? static_cast<int>(*n) : 0;
}

}  // namespace eidolon::plan
