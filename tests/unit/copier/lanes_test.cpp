#include "copier/lanes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <random>

namespace eidolon::copier {
namespace {

lane a_lane(int id, std::int64_t first, std::int64_t end) {
  lane l{.id = id};
  l.next = first;
  l.end = end;
  return l;
}

lanes cut_into(int n, std::int64_t blocks) {
  lanes all;
  for (int i = 0; i < n; ++i) all.add(a_lane(i, blocks * i / n, blocks * (i + 1) / n));
  return all;
}

TEST(lanes, are_taken_in_their_order_and_forgotten_when_they_are_copied) {
  auto all = cut_into(3, 300);
  EXPECT_EQ(all.blocks(), 300);
  auto* const first = all.take();
  auto* const second = all.take();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->next, 0);
  EXPECT_EQ(second->next, 100);
  first->next = 50;
  all.leave(*first);
  auto* const again = all.take();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->next, 50) << "what was begun comes before the third";
  again->next = 100;
  all.leave(*again);
  EXPECT_EQ(all.blocks(), 200);
  ASSERT_TRUE(all.take());
  EXPECT_FALSE(all.take());
  EXPECT_FALSE(all.empty());
}

TEST(lanes, are_split_beyond_the_chunk_under_way) {
  auto all = cut_into(1, 1'000);
  EXPECT_FALSE(all.longest(1)) << "nobody works at it: it is taken, not split";
  auto* const l = all.take();
  l->next = 100;
  l->under_way = 200;
  EXPECT_FALSE(all.longest(401)) << "two chunks at least";
  const auto* const victim = all.longest(400);
  ASSERT_EQ(victim, l);
  EXPECT_EQ(lanes::middle(*victim), 600);
  all.split(l->id, 600, a_lane(7, 600, 1'000));
  EXPECT_EQ(l->end, 600);
  auto* const rest = all.take();
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->id, 7);
  EXPECT_EQ(rest->next, 600);
  EXPECT_EQ(all.blocks(), 900);
}

// A session that has come from where blocks are quick to one where they are slow.
TEST(lanes, of_slow_blocks_are_split_in_the_measure_of_their_own_chunks) {
  auto all = cut_into(1, 1'000);
  auto* const l = all.take();
  l->under_way = l->chunk = 10;
  EXPECT_TRUE(all.may_be_split(512));
  ASSERT_EQ(all.longest(512), l);
  all.split(l->id, lanes::middle(*l), a_lane(7, lanes::middle(*l), 1'000));
  auto* const rest = all.take();
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->chunk, 10);
  l->next = 480;
  l->under_way = 490;
  rest->under_way = rest->end;
  EXPECT_FALSE(all.may_be_split(512)) << "less than two of them are left";
}

TEST(lanes, that_refuse_are_asked_again_at_their_next_chunk) {
  auto all = cut_into(2, 1'000);
  auto* const slow = all.take();
  auto* const other = all.take();
  slow->under_way = 100;
  other->under_way = 900;
  EXPECT_EQ(all.longest(10), slow);
  all.refuse(slow->id);
  EXPECT_EQ(all.longest(10), other) << "it waits for nobody";
  all.refuse(other->id);
  EXPECT_FALSE(all.longest(10));
  EXPECT_TRUE(all.may_be_split(10)) << "it is worth waiting";
  slow->next = 100;
  slow->under_way = 200;
  EXPECT_EQ(all.longest(10), slow);
}

// Whoever works at a lane may have come to its new end, and gone, before it is known here.
TEST(lanes, may_be_gone_when_they_are_split) {
  auto all = cut_into(1, 1'000);
  auto* const l = all.take();
  const int id = l->id;
  l->next = l->end = 600;
  all.leave(*l);
  EXPECT_TRUE(all.empty());
  all.split(id, 600, a_lane(1, 600, 1'000));
  EXPECT_EQ(all.blocks(), 400);
}

// Sessions that copy, on a clock of their own: each chunk takes as long as its blocks at that moment's speed, and the
// slower it goes the smaller the next one is.
class copy_of_a_table {
 public:
  copy_of_a_table(int lanes, std::int64_t blocks, int workers, unsigned seed, bool steals = true)
      : all_{cut_into(lanes, blocks)},
        copied_(static_cast<std::size_t>(blocks)),
        next_id_{lanes},
        random_{seed},
        steals_{steals} {
    workers_.resize(static_cast<std::size_t>(workers));
  }

  // How many times slower each session is, in each second; from the last value on, for ever.
  std::vector<std::vector<double>> disturbance{};
  std::int64_t blocks_a_second = 10'000;

  // Until all is copied; every so often somebody wants another number of sessions.
  void run(double change_workers_every = std::numeric_limits<double>::infinity()) {
    double change = change_workers_every;
    while (true) {
      const auto who = next_to_end();
      if (!who) break;
      auto& w = workers_[*who];
      now_ = w.until;
      end_chunk(w);
      if (now_ > change) {
        change += change_workers_every;
        for (auto& x : workers_)
          if (x.at && x.at->under_way == x.at->next) leave(x);
      }
      begin_chunk(*who);
    }
  }

  // The seconds in which somebody had nothing to do while another still copied.
  double alone() const {
    double first = now_;
    for (const auto& w : workers_) first = std::min(first, w.until);
    return now_ - first;
  }
  double took() const { return now_; }
  int splits() const { return splits_; }
  bool is_complete() const {
    return all_.empty() && std::all_of(copied_.begin(), copied_.end(), [](int n) { return n == 1; });
  }

 private:
  struct worker {
    lane* at{};
    double until{};
    bool ended{};
  };

  double slowness(std::size_t who) const {
    if (who >= disturbance.size() || disturbance[who].empty()) return 1;
    const auto& d = disturbance[who];
    return d[std::min(d.size() - 1, static_cast<std::size_t>(now_))];
  }

  std::optional<std::size_t> next_to_end() const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < workers_.size(); ++i)
      if (!workers_[i].ended && (!best || workers_[i].until < workers_[*best].until)) best = i;
    return best;
  }

  void leave(worker& w) {
    all_.leave(*w.at);
    w.at = nullptr;
  }

  void end_chunk(worker& w) {
    if (!w.at) return;
    for (auto b = w.at->next; b < w.at->under_way; ++b) ++copied_[static_cast<std::size_t>(b)];
    w.at->next = w.at->under_way;
    if (w.at->next >= w.at->end) leave(w);
  }

  lane* stolen(std::int64_t chunk) {
    const auto* const victim = steals_ ? all_.longest(chunk) : nullptr;
    if (!victim) return nullptr;
    ++splits_;
    const auto at = lanes::middle(*victim);
    EXPECT_GE(at, victim->under_way);
    EXPECT_LT(at, victim->end);
    all_.split(victim->id, at, a_lane(next_id_++, at, victim->end));
    return all_.take();
  }

  void begin_chunk(std::size_t who) {
    auto& w = workers_[who];
    const auto usual = static_cast<std::int64_t>(usual_chunk_ / slowness(who));
    const auto chunk = std::uniform_int_distribution<std::int64_t>{1, 2 * usual}(random_);
    if (!w.at) w.at = all_.take();
    if (!w.at) w.at = stolen(chunk);
    w.ended = !w.at;
    if (w.ended) return;
    w.at->under_way = std::min(w.at->end, w.at->next + chunk);
    w.at->chunk = w.at->under_way - w.at->next;
    w.until =
        now_ + static_cast<double>(w.at->under_way - w.at->next) / static_cast<double>(blocks_a_second) * slowness(who);
  }

  static constexpr double usual_chunk_ = 512;
  lanes all_;
  std::vector<int> copied_;
  int next_id_;
  std::mt19937 random_;
  bool steals_;
  std::vector<worker> workers_;
  double now_{};
  int splits_{};
};

TEST(lanes, are_copied_once_whoever_copies_them) {
  for (unsigned seed = 1; seed <= 50; ++seed) {
    std::mt19937 random{seed};
    const auto any = [&](int least, int most) { return std::uniform_int_distribution<int>{least, most}(random); };
    const int workers = any(1, 9);
    copy_of_a_table copy{any(1, 40), any(1, 200'000), workers, seed};
    for (int i = 0; i < workers; ++i) {
      copy.disturbance.emplace_back();
      for (int second = 0; second < 30; ++second) copy.disturbance.back().push_back(any(0, 4) == 0 ? any(2, 30) : 1.0);
    }
    copy.run(seed % 2 ? 0.5 : std::numeric_limits<double>::infinity());
    ASSERT_TRUE(copy.is_complete()) << "seed " << seed;
  }
}

// Of two sessions on a busy server one gets a third of what the other gets, and next to nothing for five seconds.
TEST(lanes, leave_nobody_alone_for_long) {
  const std::vector<double> slow{3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 20, 20, 20, 20, 20, 3};
  copy_of_a_table stealing{2, 400'000, 2, 1}, without{2, 400'000, 2, 1, false};
  for (auto* const copy : {&stealing, &without}) {
    copy->disturbance = {{1.0}, slow};
    copy->run();
    EXPECT_TRUE(copy->is_complete());
  }
  EXPECT_GT(without.alone(), 30);
  EXPECT_LT(stealing.alone(), 0.7) << "two chunks of the slower one";
  EXPECT_LT(stealing.took(), without.took() * 0.6);
  EXPECT_LT(stealing.splits(), 25) << "each halves what is left";
}

// A lane of 4 GB, of 1 TB, for each of eight sessions.
TEST(lanes, may_be_large) {
  copy_of_a_table copy{1, 2'000'000, 8, 3};
  copy.run();
  EXPECT_TRUE(copy.is_complete());
  EXPECT_LT(copy.alone(), 0.3);
  EXPECT_NEAR(copy.took(), 2'000'000.0 / 8 / 10'000, 1);
  EXPECT_LT(copy.splits(), 200);
}

}  // namespace
}  // namespace eidolon::copier
