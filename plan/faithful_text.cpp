#include "plan/faithful_text.hpp"

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>
#include <initializer_list>
#include <map>

#include "plan/sql_text.hpp"

namespace eidolon::plan {
namespace {

namespace json = boost::json;

// Text to insert, by byte offset; from the end, so that positions stay.
using insertions = std::map<int, std::string, std::greater<>>;

class tokens_of {
 public:
  explicit tokens_of(const std::string& text) : text_{text}, tokens_{scan(text)} {}

  std::string_view at(std::size_t i) const {
    return std::string_view{text_}.substr(tokens_[i].start, tokens_[i].end - tokens_[i].start);
  }
  std::size_t size() const { return tokens_.size(); }
  int start(std::size_t i) const { return tokens_[i].start; }
  int end(std::size_t i) const { return tokens_[i].end; }
  // The token at a byte offset; size() when there is none.
  std::size_t find(int location) const {
    const auto found =
        std::find_if(tokens_.begin(), tokens_.end(), [&](const token& t) { return t.start == location; });
    return static_cast<std::size_t>(found - tokens_.begin());
  }
  // The first token from a byte offset on.
  std::size_t from(int location) const {
    const auto found =
        std::find_if(tokens_.begin(), tokens_.end(), [&](const token& t) { return t.start >= location; });
    return static_cast<std::size_t>(found - tokens_.begin());
  }
  // The first token from `i` on, at the same depth of brackets, for which `stop` holds, or the bracket that closes it.
  template <class Stop>
  std::size_t until(std::size_t i, Stop stop) const {
    for (int depth = 0; i < size(); ++i) {
      const auto t = at(i);
      if (depth == 0 && (t == ")" || t == "]" || stop(t))) return i;
      if (t == "(" || t == "[") ++depth;
      if (t == ")" || t == "]") --depth;
    }
    return i;
  }

  // The bracket that closes the one at `i`.
  std::size_t closing(std::size_t i) const {
    return until(i + 1, [](std::string_view) { return false; });
  }

 private:
  const std::string& text_;
  std::vector<token> tokens_;
};

bool is_cast_constant(const json::value& v) {
  const auto* cast = node(v, "TypeCast");
  const auto* arg = cast ? member(*cast, "arg") : nullptr;
  return arg && (node(*arg, "A_Const") || is_cast_constant(*arg));
}

bool is_one_of(std::string_view t, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), boost::algorithm::to_lower_copy(std::string{t})) != words.end();
}

bool ends_target(std::string_view t) {
  return is_one_of(t, {",", ";", "from", "where", "union", "intersect", "except", "group", "having", "window", "order",
                       "limit", "offset", "fetch", "for", "returning", "end", "on"});
}

// The text itself, where it is an expression, is no target: only what stands in it is.
void name_constant(const json::object& target, const tokens_of& tokens, std::size_t head, insertions& out) {
  const auto* value = member(target, "val");
  if (head > 0 && int_member(target, "location") <= static_cast<int>(head)) return;
  if (!value || target.contains("name") || !is_cast_constant(*value)) return;
  const auto first = tokens.find(int_member(target, "location"));
  const auto last = tokens.until(first, ends_target);
  if (first < last && last <= tokens.size()) out[tokens.end(last - 1)] = " AS \"?column?\"";
}

// The text after an element's own cast, when it has one: "character varying".
std::string type_of(const json::value& element, const tokens_of& tokens, const std::string& text) {
  const auto* cast = node(element, "TypeCast");
  if (!cast) return {};
  const auto sign = tokens.find(int_member(*cast, "location"));
  if (sign + 1 >= tokens.size() || tokens.at(sign) != "::") return {};
  const auto end = tokens.until(sign, [](std::string_view t) { return t == ","; });
  return text.substr(tokens.start(sign + 1), tokens.end(end - 1) - tokens.start(sign + 1));
}

void say_array_type(const json::object& cast, const tokens_of& tokens, const std::string& text, insertions& out) {
  const auto* arg = member(cast, "arg");
  const auto* array = arg ? node(*arg, "A_ArrayExpr") : nullptr;
  const auto* elements = array ? member(*array, "elements") : nullptr;
  if (!elements || !elements->is_array() || elements->get_array().empty()) return;
  // All elements are of one type, and those that are printed with a cast say which.
  std::string type;
  bool all_say_it = true;
  for (const auto& e : elements->get_array()) {
    const auto said = type_of(e, tokens, text);
    if (!type.empty() && !said.empty() && said != type) return;
    if (type.empty()) type = said;
    all_say_it = all_say_it && !said.empty();
  }
  // A length, or the like, would cut the others.
  const bool is_of_all = all_say_it || type.find('(') == std::string::npos;
  if (type.empty() || !is_of_all) return;
  const auto open = tokens.find(int_member(*array, "location")) + 1;  // after ARRAY
  if (open >= tokens.size() || tokens.at(open) != "[") return;
  const auto close = tokens.closing(open);
  if (close < tokens.size()) out[tokens.end(close)] = "::" + type + "[]";
}

// The parser makes one list of `((a AND b) AND c)`, and so of OR, which is what BETWEEN and a comparison of rows are
// printed with. A cast, of which nothing is left, keeps them apart.
void keep_lists_apart(const tokens_of& tokens, std::size_t first, insertions& out) {
  for (auto i = first + 1; i < tokens.size(); ++i) {
    if (tokens.at(i) != "(" || tokens.at(i - 1) != "(") continue;
    const auto close = tokens.closing(i);
    if (close + 1 >= tokens.size() || !is_one_of(tokens.at(close + 1), {"and", "or"})) continue;
    const auto word = boost::algorithm::to_lower_copy(std::string{tokens.at(close + 1)});
    const bool is_list = tokens.until(i + 1, [&](std::string_view t) { return is_one_of(t, {word}); }) < close;
    if (is_list && !is_one_of(tokens.at(i + 1), {"select", "with", "values"})) out[tokens.end(close)] = "::boolean";
  }
}

bool is_number(std::string_view t) {
  return !t.empty() && t.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
}

// The parser takes `(- 1)`, which is printed of an operator and a constant, for one constant; but not where that is
// cast.
void keep_minus_apart(const tokens_of& tokens, std::size_t first, insertions& out) {
  for (auto i = first; i + 3 < tokens.size(); ++i) {
    const auto number = tokens.at(i + 2);
    if (tokens.at(i) != "(" || tokens.at(i + 1) != "-" || !is_number(number) || tokens.at(i + 3) != ")") continue;
    const bool whole = number.find_first_not_of("0123456789") == std::string_view::npos;
    out[tokens.end(i + 2)] = whole ? "::integer" : "::numeric";
  }
}

void find(const json::value& v, const tokens_of& tokens, const std::string& text, std::size_t head, insertions& out) {
  if (const auto* a = v.if_array()) {
    for (const auto& e : *a) find(e, tokens, text, head, out);
  } else if (const auto* o = v.if_object()) {
    for (const auto& m : *o) {
      const auto* inner = m.value().if_object();
      if (inner && m.key() == "ResTarget") name_constant(*inner, tokens, head, out);
      if (inner && m.key() == "TypeCast") say_array_type(*inner, tokens, text, out);
      find(m.value(), tokens, text, head, out);
    }
  }
}

}  // namespace

std::string faithful(std::string text, std::string_view head) {
  auto statement = std::string{head} + text;
  const auto parsed = parse(statement);
  const auto* tree = std::get_if<json::value>(&parsed);
  if (!tree) return text;
  insertions out;
  const tokens_of tokens{statement};
  const auto first = tokens.from(static_cast<int>(head.size()));
  find(*tree, tokens, statement, head.size(), out);
  keep_lists_apart(tokens, first, out);
  keep_minus_apart(tokens, first, out);
  for (const auto& [where, what] : out) statement.insert(static_cast<std::size_t>(where), what);
  return statement.substr(head.size());
}

}  // namespace eidolon::plan
