// Reads the fields of a job (or any JSON) for display: what is missing or null is simply not there.
#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace eidolon::client {

namespace json = boost::json;

// `pointer` is a JSON pointer: "/progress/ratio".
const json::value* find(const json::value& in, std::string_view pointer);
std::optional<double> number_at(const json::value& in, std::string_view pointer);
// Strings as they are, other scalars as JSON; "" when there is none. Control characters become spaces,
// because the text is written to a terminal.
std::string text_at(const json::value& in, std::string_view pointer);
bool true_at(const json::value& in, std::string_view pointer);
const json::array& list_at(const json::value& in, std::string_view pointer);  // empty when there is none

}  // namespace eidolon::client
