#include "copier/lanes.hpp"

#include <algorithm>

namespace eidolon::copier {
namespace {

std::int64_t beyond(const lane& l) { return l.end - std::max(l.next, l.under_way); }

bool is_worth_it(const lane& l, std::int64_t chunk) {
  return l.taken && beyond(l) >= 2 * (l.chunk > 0 ? std::min(chunk, l.chunk) : chunk);
}

}  // namespace

void lanes::add(lane l) {
  l.taken = false;
  l.under_way = l.next;
  open_.emplace(l.id, l);
}

std::int64_t lanes::blocks() const {
  std::int64_t sum = 0;
  for (const auto& [id, l] : open_) sum += l.end - l.next;
  return sum;
}

lane* lanes::take() {
  for (auto& [id, l] : open_) {
    if (l.taken) continue;
    l.taken = true;
    return &l;
  }
  return nullptr;
}

void lanes::leave(lane& l) {
  l.taken = false;
  l.under_way = l.next;
  if (l.next >= l.end) open_.erase(l.id);
}

bool lanes::may_be_split(std::int64_t chunk) const {
  return std::any_of(open_.begin(), open_.end(), [&](const auto& l) { return is_worth_it(l.second, chunk); });
}

const lane* lanes::longest(std::int64_t chunk) const {
  const lane* best = nullptr;
  for (const auto& [id, l] : open_)
    if (is_worth_it(l, chunk) && l.refused != l.under_way && (!best || beyond(l) > beyond(*best))) best = &l;
  return best;
}

void lanes::refuse(int id) {
  if (const auto victim = open_.find(id); victim != open_.end()) victim->second.refused = victim->second.under_way;
}

std::int64_t lanes::middle(const lane& l) { return l.end - beyond(l) / 2; }

void lanes::split(int from, std::int64_t at, lane rest) {
  if (const auto victim = open_.find(from); victim != open_.end()) {
    victim->second.end = std::min(victim->second.end, at);
    rest.chunk = victim->second.chunk;
  }
  add(rest);
}

}  // namespace eidolon::copier
