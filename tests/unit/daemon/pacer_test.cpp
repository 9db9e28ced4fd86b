// The pace near max_lag, against a standby that is simulated in steps of a few milliseconds: it replays less than
// the copy could write, unevenly, answers late, and has the application's writes to replay too.
#include "daemon/pacer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "copier/chunk_size.hpp"
#include "daemon/lag.hpp"

namespace eidolon::daemon {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

const clock::time_point start{1000s};
constexpr milliseconds step{5};

struct scenario {
  const char* name;
  double worker;                              // bytes per second that one of two workers writes
  double replay;                              // that the standby replays
  double application{10e3};                   // that others write
  double noise{};                             // share by which the replay varies
  milliseconds answer_delay{100};             // of what the standby tells
  milliseconds stall_every{0}, stall_for{0};  // a query on the standby is in the way
};

class simulation {
 public:
  explicit simulation(scenario s) : s_{s} { settings_.max_lag = 1s; }

  struct outcome {
    double on_time{};  // share of the time in which the lag was below 1.5 s
    double speed{};    // of the copy, as a share of what the standby can take beside the application
    double worst{};
  };
  outcome run(std::chrono::seconds length) {
    outcome o;
    std::int64_t steps = 0, late = 0;
    for (; now_ < start + length; now_ += step, ++steps) {
      write();
      replay();
      if (steps % 40 == 0) measure();
      const double lag = true_lag();
      o.worst = std::max(o.worst, lag);
      late += lag >= 1.5;
    }
    o.on_time = 1 - static_cast<double>(late) / static_cast<double>(steps);
    o.speed = copied_ / (could_ - applied_);
    return o;
  }

 private:
  struct worker {
    double left{}, size{1e6};
    clock::time_point began{};
    bool busy{};
  };

  double seconds() const { return std::chrono::duration<double>(step).count(); }

  void write() {
    for (auto& w : workers_) {
      if (now_ < start + 1s) break;  // the monitor is there before the job
      if (!w.busy && in_the_way(settings_, report_, {}, now_).empty()) {
        pacer_.see(report_, settings_.max_lag);
        if (pacer_.may_begin(now_)) {
          pacer_.began(now_);
          w.busy = true;
          w.left = w.size;
          w.began = now_;
        }
      }
      if (!w.busy) continue;
      const double now = std::min(w.left, s_.worker * seconds());
      written_ += now;
      copied_ += now;
      w.left -= now;
      if (w.left > 0) continue;
      w.busy = false;
      pacer_.ended();
      const auto target = std::min<milliseconds>(500ms, pacer_.longest_batch().value_or(500ms));
      w.size = static_cast<double>(copier::next_size(
          static_cast<std::int64_t>(w.size),
          now_ - w.began + step > 0s ? std::chrono::duration_cast<std::chrono::microseconds>(now_ - w.began + step)
                                     : 1us,
          target, {10'000, 1'000'000'000}));
    }
    const double others = s_.application * seconds();
    written_ += others;
    applied_ += others;
    writes_.emplace_back(now_, written_);
  }

  void replay() {
    const bool stalled = s_.stall_every > 0ms && (now_ - start) % s_.stall_every < s_.stall_for;
    if ((now_ - start) % 100ms == 0ms) factor_ = 1 + s_.noise * std::uniform_real_distribution<double>{-1, 1}(random_);
    const double most = stalled ? 0 : s_.replay * factor_ * seconds();
    could_ += most;
    replayed_ = std::min(written_, replayed_ + most);
    positions_.emplace_back(now_, replayed_);
    while (!writes_.empty() && writes_.front().second <= replayed_) writes_.pop_front();
  }

  double true_lag() const {
    return writes_.empty() ? 0 : std::chrono::duration<double>(now_ - writes_.front().first).count();
  }

  void measure() {
    while (positions_.size() > 1 && positions_[1].first <= now_ - s_.answer_delay) positions_.pop_front();
    const auto written = static_cast<std::int64_t>(written_);
    const auto replayed = static_cast<std::int64_t>(positions_.front().second);
    history_.add(now_, written);
    rate_.add(now_, replayed, replayed >= written);
    report_.measured_at = now_;
    report_.written = written;
    report_.replicas = {{"r", history_.behind(replayed, now_), written - replayed, "pg_stat_replication", "",
                         rate_.bytes_per_second()}};
  }

  scenario s_;
  config::job_settings settings_;
  clock::time_point now_{start};
  std::minstd_rand random_{7};
  double written_{}, replayed_{}, copied_{}, applied_{}, could_{}, factor_{1};
  std::deque<std::pair<clock::time_point, double>> writes_, positions_;
  worker workers_[2];
  position_history history_;
  replay_rate rate_;
  load_report report_;
  pacer pacer_;
};

TEST(pacer, keeps_a_slow_standby_busy_and_close) {
  const scenario slow[] = {
      {.name = "half of what the primary writes", .worker = 50e6, .replay = 50e6},
      {.name = "a tenth", .worker = 50e6, .replay = 10e6},
      {.name = "uneven", .worker = 50e6, .replay = 50e6, .noise = 0.5},
      {.name = "beside an application", .worker = 50e6, .replay = 50e6, .application = 15e6, .noise = 0.3},
      {.name = "that answers late", .worker = 50e6, .replay = 50e6, .noise = 0.3, .answer_delay = 250ms},
      {.name = "that stalls at times",
       .worker = 50e6,
       .replay = 50e6,
       .noise = 0.2,
       .stall_every = 7s,
       .stall_for = 400ms},
  };
  for (const auto& s : slow) {
    const auto o = simulation{s}.run(120s);
    EXPECT_GE(o.on_time, 0.99) << s.name << ": worst " << o.worst;
    EXPECT_GE(o.speed, 0.8) << s.name;
    RecordProperty(s.name,
                   fmt::format("{:.3f} on time, {:.2f} of the speed, worst {:.2f} s", o.on_time, o.speed, o.worst));
  }
}

TEST(pacer, does_not_slow_down_for_a_standby_that_follows) {
  const auto o = simulation{{.name = "", .worker = 50e6, .replay = 500e6}}.run(60s);
  EXPECT_GE(o.speed * 5, 0.95) << "of what the primary writes";
}

load_report behind(std::int64_t bytes, double rate, clock::time_point at) {
  load_report r;
  r.measured_at = at;
  r.written = 1'000'000'000;
  r.replicas = {{"r", 0s, bytes, "direct", "", rate}};
  return r;
}

TEST(pacer, begins_while_nobody_would_be_near_the_limit) {
  pacer p;
  EXPECT_TRUE(p.may_begin(start)) << "nothing is known";
  EXPECT_FALSE(p.longest_batch());
  p.see(behind(0, 1e6, start), 1s);
  EXPECT_TRUE(p.may_begin(start));
  EXPECT_EQ(p.because_of(), "");
  p.see(behind(500'000, 1e6, start + 1s), 1s);
  EXPECT_TRUE(p.may_begin(start + 1s));
  EXPECT_EQ(p.longest_batch(), 125ms);
  EXPECT_THAT(p.because_of(), testing::HasSubstr("replica r"));
  p.see(behind(700'000, 1e6, start + 2s), 1s);
  EXPECT_FALSE(p.may_begin(start + 2s));
  EXPECT_TRUE(p.may_begin(start + 2200ms)) << "it has replayed some since";
  p.see(behind(100, 0, start + 3s), 1s);
  EXPECT_FALSE(p.may_begin(start + 3s)) << "it stands still";
}

TEST(pacer, a_standby_that_is_meant_to_be_late_slows_nobody_down) {
  pacer p;
  auto r = behind(5'000'000'000, 0, start);
  r.replicas[0].behind = 1h;
  p.see(r, 2h);
  EXPECT_TRUE(p.may_begin(start));
  EXPECT_FALSE(p.longest_batch());
  r.measured_at = start + 1s;
  r.replicas[0].behind = 80min;
  p.see(r, 2h);
  EXPECT_FALSE(p.may_begin(start + 1s)) << "it is later than that";
}

TEST(pacer, counts_what_the_batches_write_before_it_is_seen) {
  pacer p;
  auto r = behind(100'000, 1e6, start);
  p.see(r, 1s);
  p.began(start);
  p.ended();
  EXPECT_FALSE(p.may_begin(start)) << "the first one shows what they cost";
  r.measured_at = start + 200ms;
  r.written += 300'000;  // one batch writes as much
  p.see(r, 1s);
  EXPECT_TRUE(p.may_begin(start + 200ms));
  p.began(start + 200ms);
  EXPECT_TRUE(p.may_begin(start + 200ms));
  p.began(start + 200ms);
  EXPECT_FALSE(p.may_begin(start + 200ms)) << "two more would be 700 kB, and 600 kB is the aim";
}

TEST(pacer, a_batch_that_never_ends_is_forgotten) {
  pacer p;
  auto r = behind(100'000, 1e6, start);
  p.see(r, 1s);
  for (int i = 0; i < 10; ++i) p.began(start);
  r.measured_at = start + 1s;
  r.written += 4'000'000;
  p.see(r, 1s);
  EXPECT_FALSE(p.may_begin(start + 1s));
  r.measured_at = start + 7s;
  p.see(r, 1s);
  EXPECT_TRUE(p.may_begin(start + 7s));
}

}  // namespace
}  // namespace eidolon::daemon
