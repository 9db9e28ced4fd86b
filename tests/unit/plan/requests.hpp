// Requests as they are read.
#pragma once
#include <gtest/gtest.h>

#include "plan/alter_request.hpp"
#include "plan/planner.hpp"

namespace eidolon::plan {

inline alter_request accepted(const request& r) {
  const auto read = read_request(r);
  if (const auto* no = std::get_if<std::vector<refusal>>(&read)) {
    ADD_FAILURE() << r.table << " | " << r.alter << ": " << no->front().code << ", " << no->front().reason;
    alter_request nothing;
    nothing.statements.resize(1);
    return nothing;
  }
  return std::get<alter_request>(read);
}

inline std::vector<std::string> refused(const request& r) {
  std::vector<std::string> codes;
  const auto read = read_request(r);
  if (const auto* no = std::get_if<std::vector<refusal>>(&read))
    for (const auto& n : *no) codes.push_back(n.code);
  return codes;
}

inline std::vector<std::string> texts(const alter_request& r) {
  std::vector<std::string> out;
  for (const auto& s : r.statements) out.push_back(s.text);
  return out;
}

}  // namespace eidolon::plan
