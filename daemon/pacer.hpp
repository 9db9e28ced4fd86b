// How fast a job may write near max_lag: full speed below, slower and slower towards it, so that the standbys are
// kept busy and no more.
//
// What is seen of a standby is old, and what a batch writes arrives later still. So the lag is predicted:
// a standby that replays r bytes a second and has q before it will be q / r behind. A batch may begin while no standby
// would be further behind than part of max_lag, with what is written since the last look counted, and what is replayed
// since then at its rate. What a standby can do is known only by what it has been given, so a copy starts with one
// batch and grows about threefold with each look. There is no gain to tune: the standby's own pace is what is let
// through. Above max_lag nothing begins at all (load.hpp), whatever is predicted.
#pragma once
#include <chrono>
#include <deque>
#include <optional>
#include <string>

#include "daemon/load.hpp"

namespace eidolon::daemon {

class pacer {
 public:
  // A new report; those seen before are passed over.
  void see(const load_report& r, std::chrono::milliseconds max_lag);

  // Whether one more batch may begin.
  bool may_begin(clock::time_point now) const;
  void began(clock::time_point now);
  void ended();

  // The most that a batch should take, so that one alone does not make a standby late; nullopt: there is none.
  std::optional<std::chrono::milliseconds> longest_batch() const;
  // Who sets the pace; empty: nobody is near.
  const std::string& because_of() const { return because_of_; }
  void clear() { *this = pacer{}; }

 private:
  void learn_cost(const load_report& r);
  void size_batches(double span);
  double cost() const { return batches_ > 0 ? bytes_ / batches_ : 0; }

  std::optional<clock::time_point> seen_at_;
  std::chrono::duration<double> longest_{};  // of a batch
  double credit_{};                          // bytes that could be written at seen_at_
  double rate_{};                            // of the standby that sets the pace, bytes per second
  double spent_{};                           // since then
  std::int64_t written_{-1};                 // at seen_at_
  double bytes_{}, batches_{};               // of the last reports, fading: what is written while so many batches begin
  int begun_{}, begun_before_{};             // batches since seen_at_, and between the reports before
  std::deque<clock::time_point> under_way_;  // when each of those that have not ended began
  bool limited_{};
  std::string because_of_;
};

}  // namespace eidolon::daemon
