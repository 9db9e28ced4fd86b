// The one implementation of quoting. Nothing else may put a name or a value into SQL text.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace eidolon::postgres {

std::string identifier(std::string_view name);                          // "na""me", always quoted
std::string qualified(std::string_view schema, std::string_view name);  // "schema"."name"
std::string literal(std::string_view value);                            // 'va''lue', E'…' when it holds a backslash
std::string identifiers(const std::vector<std::string>& names, std::string_view prefix = "");  // prefix"a", prefix"b"
std::string array_literal(const std::vector<std::string>& values);  // {"a","b"}: the text format of text[]

}  // namespace eidolon::postgres
