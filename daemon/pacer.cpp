// Pure: reports and batches in, permission out.
#include "daemon/pacer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace eidolon::daemon {

namespace {

constexpr double aim = 0.6;                                // of max_lag, to be kept in front of a standby
constexpr double near = 0.3;                               // of max_lag, from where on batches are short
constexpr int batches_in_max_lag = 8;                      // how short: to write, and to replay
constexpr std::chrono::duration<double> longest_trust{1};  // how long a standby is believed to go on as it did
constexpr std::chrono::milliseconds shortest_batch{20};
constexpr std::chrono::seconds forgotten_after{5};
constexpr double fading = 0.8;
constexpr std::chrono::duration<double> longest_surprise{2};  // from a batch's beginning to its lag being seen
constexpr double one_batch = 1;  // byte: what is given to a standby of which nothing is known

}  // namespace

// What is written while a batch begins, whoever writes it. One that never said it had ended is forgotten after a while.
void pacer::learn_cost(const load_report& r) {
  while (!under_way_.empty() && *r.measured_at - under_way_.front() > forgotten_after) under_way_.pop_front();
  if (written_ >= 0 && (begun_ > 0 || !under_way_.empty())) {
    bytes_ = fading * bytes_ + static_cast<double>(r.written - written_);
    batches_ = fading * batches_ + begun_;
  }
  written_ = r.written;
  begun_before_ = std::exchange(begun_, 0);
}

void pacer::see(const load_report& r, std::chrono::milliseconds max_lag) {
  if (!r.measured_at || seen_at_ == r.measured_at) return;
  learn_cost(r);
  seen_at_ = r.measured_at;
  spent_ = cost() * static_cast<double>(under_way_.size()) / 2;
  limited_ = false;
  because_of_.clear();
  const double span = std::chrono::duration<double>(max_lag).count();
  for (const auto& replica : r.replicas) {
    if (!replica.bytes) continue;
    // Far from the limit, what is measured is soon enough: one that is meant to be late replays nothing for long.
    if (replica.behind && *replica.behind + longest_surprise < aim * max_lag) continue;
    const auto pending = static_cast<double>(*replica.bytes);
    const double rate = replica.rate.value_or(0);
    const double ahead = rate > 0 ? pending / rate : span;
    if (replica.rate && pending > 0 && ahead > near * span && because_of_.empty())
      because_of_ = fmt::format("replica {} replays {:.1f} MB/s and is {:.1f} s from what is written", replica.name,
                                rate / 1e6, ahead);
    const double room = replica.rate ? rate * aim * span - pending : one_batch;
    if (limited_ && room >= credit_) continue;
    limited_ = true;
    credit_ = room;
    rate_ = rate;
  }
  size_batches(span);
}

// A batch that is short to write may still be long to replay. What was learnt of that holds on while nobody is near.
void pacer::size_batches(double span) {
  const std::chrono::duration<double> shortest{shortest_batch}, most{span / batches_in_max_lag};
  if (longest_.count() <= 0) longest_ = most;
  if (limited_ && begun_before_ > 0 && cost() > 0) longest_ *= std::clamp(rate_ * most.count() / cost(), 0.5, 1.5);
  longest_ = std::clamp(longest_, shortest, std::max(shortest, because_of_.empty() ? 2 * most : most));
}

bool pacer::may_begin(clock::time_point now) const {
  if (!limited_) return true;
  const std::chrono::duration<double> passed =
      std::clamp<std::chrono::duration<double>>(now - *seen_at_, std::chrono::duration<double>{0}, longest_trust);
  return credit_ + rate_ * passed.count() - spent_ > 0;
}

void pacer::began(clock::time_point now) {
  ++begun_;
  under_way_.push_back(now);
  spent_ += batches_ > 0 ? cost() : std::max(0.0, credit_);  // the first one shows what they cost
}

void pacer::ended() {
  if (!under_way_.empty()) under_way_.pop_front();
}

std::optional<std::chrono::milliseconds> pacer::longest_batch() const {
  if (!limited_) return std::nullopt;
  return std::chrono::ceil<std::chrono::milliseconds>(longest_);
}

}  // namespace eidolon::daemon
