// What a job may still cost the application in locks, and when no further attempt is made.
#include "daemon/lock_attempts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/telemetry.hpp"

namespace eidolon::daemon {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;

job_record blocked_for(double seconds, std::chrono::milliseconds budget) {
  job_record r;
  r.settings.lock_timeout = 300ms;
  r.settings.lock_budget = budget;
  r.timings["blocked_application_seconds"] = seconds;
  return r;
}

TEST(cutover_outcomes, are_those_an_attempt_may_have_and_failed) {
  std::size_t known = 0;
  for (int o = 0; name_of(static_cast<cutover::attempt_result::outcome>(o)) != "unknown"; ++o, ++known)
    EXPECT_THAT(cutover_outcomes, Contains(name_of(static_cast<cutover::attempt_result::outcome>(o))));
  EXPECT_THAT(cutover_outcomes, Contains("failed"));
  EXPECT_EQ(cutover_outcomes.size(), known + 1);
}

TEST(lock_budget, without_one_any_attempt_may_be_made) {
  EXPECT_EQ(budget_used_up(blocked_for(3600, 0s)), "");
  EXPECT_EQ(lock_policy_of(blocked_for(3600, 0s)).timeout, 300ms);
  EXPECT_EQ(budget_used_up(job_record{}), "") << "nothing is recorded yet";
}

TEST(lock_budget, no_attempt_takes_more_than_what_is_left) {
  EXPECT_EQ(lock_policy_of(blocked_for(0, 1s)).timeout, 300ms);
  EXPECT_EQ(lock_policy_of(blocked_for(0.85, 1s)).timeout, 150ms);
  EXPECT_EQ(budget_used_up(blocked_for(0.985, 1s)), "");
  EXPECT_THAT(budget_used_up(blocked_for(0.995, 1s)), HasSubstr("lock_budget is used up"));
  EXPECT_THAT(budget_used_up(blocked_for(7.5, 1s)), HasSubstr("has waited 7.5 s"));
  EXPECT_GT(lock_policy_of(blocked_for(7.5, 1s)).timeout, 0ms) << "for what goes on all the same";
  EXPECT_EQ(lock_policy_of(blocked_for(7.5, 1s), {}, true).timeout, 300ms) << "there is no way back";
  EXPECT_EQ(lock_policy_of(blocked_for(7.5, 1s), {}, true).together, 0ms);
}

TEST(lock_budget, nor_waits_and_holds_its_locks_for_longer_together) {
  EXPECT_EQ(hold_left(lock_policy_of(blocked_for(0, 0s)), 200ms), 3s);
  EXPECT_EQ(hold_left(lock_policy_of(blocked_for(0.4, 1s)), 200ms), 400ms);
  EXPECT_EQ(hold_left(lock_policy_of(blocked_for(0.4, 1s)), 600ms), 1ms);
  EXPECT_EQ(hold_left(lock_policy_of(blocked_for(0, 1h)), 200ms), 3s);
  auto r = blocked_for(0.4, 1s);
  r.settings.max_hold = 0s;
  EXPECT_EQ(hold_left(lock_policy_of(r), 200ms), 400ms);
  r.settings.lock_budget = 0s;
  EXPECT_EQ(hold_left(lock_policy_of(r), 200ms), std::nullopt) << "any";
}

using outcome = cutover::attempt_result::outcome;

cutover::attempt_result ended(outcome what, std::optional<std::int64_t> drained = 0) {
  cutover::attempt_result r;
  r.what = what;
  r.drained = drained;
  return r;
}

const attempt_series cutovers{.purpose = "cutover", .is_cutover = true};

TEST(enough_tried, after_lock_retries_whatever_was_in_the_way) {
  job_record r;
  r.settings.lock_retries = 2;
  attempt_tally tally;
  for (const auto what : {outcome::blocked, outcome::timed_out}) {
    tally.failed(ended(what));
    EXPECT_EQ(enough_tried(r, cutovers, tally), "");
  }
  tally.failed(ended(outcome::backlog));
  EXPECT_EQ(enough_tried(r, cutovers, tally), "cutover did not succeed within 3 attempts; resume tries again");
  EXPECT_EQ(enough_tried(r, {.purpose = "removing the triggers", .for_ever = true}, tally), "")
      << "there is no way back";
}

TEST(lock_policy, avoids_young_snapshots_in_the_first_attempts) {
  job_record r;
  attempt_tally tally;
  auto attempt = ended(outcome::blocked);
  attempt.blockers = {{7, "client backend", "app", "SELECT 1", 0.1, false, true}};
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(lock_policy_of(r, tally).young_snapshots);
    tally.failed(ended(outcome::timed_out));
    tally.failed(attempt);
  }
  EXPECT_FALSE(lock_policy_of(r, tally).young_snapshots);
  r.settings.waits_for_young_snapshots = true;
  EXPECT_TRUE(lock_policy_of(r, tally).young_snapshots);
}

TEST(pause_after, grows_unless_the_next_attempt_may_come_soon) {
  postgres::lock_policy policy;
  attempt_tally tally;
  tally.made = 20;
  auto attempt = ended(outcome::timed_out);
  EXPECT_EQ(pause_after(attempt, policy, tally, false, 1.0), policy.longest_pause);
  attempt.deadlocked = true;
  EXPECT_EQ(pause_after(attempt, policy, tally, false, 1.0), 1s);
  EXPECT_EQ(pause_after(ended(outcome::backlog), policy, tally, false, 1.0), 250ms);
  auto by_snapshots = ended(outcome::blocked);
  by_snapshots.blockers = {{7, "client backend", "app", "SELECT 1", 0.1, false, true}};
  EXPECT_EQ(pause_after(by_snapshots, policy, tally, false, 1.0), policy.first_pause) << "it is about to do without";
  EXPECT_EQ(pause_after(by_snapshots, policy, tally, true, 1.0), policy.longest_pause) << "it never will";
  policy.young_snapshots = false;
  EXPECT_EQ(pause_after(by_snapshots, policy, tally, false, 1.0), policy.longest_pause);
  by_snapshots.blockers.push_back({0, "prepared transaction", "gid", "", 2.0, false, false});
  policy.young_snapshots = true;
  EXPECT_EQ(pause_after(by_snapshots, policy, tally, false, 1.0), policy.longest_pause) << "a lock";
}

TEST(describe_attempt, says_why_it_gave_way) {
  EXPECT_EQ(describe_attempt(cutovers, 1, ended(outcome::backlog, std::nullopt)),
            "cutover: attempt 1 gave way, too much was left to apply");
  EXPECT_EQ(describe_attempt(cutovers, 2, ended(outcome::backlog)),
            "cutover: attempt 2 gave way, what hangs on the table has changed");
}

TEST(enough_tried, says_so_when_it_is_for_old_snapshots) {
  job_record r;
  r.settings.lock_retries = 0;
  attempt_tally tally;
  auto attempt = ended(outcome::blocked);
  attempt.blockers = {{7, "client backend", "app", "SELECT 1", 0.1, false, true}};
  tally.failed(attempt);
  EXPECT_THAT(enough_tried(r, cutovers, tally), HasSubstr("keep a snapshot from before it"));
  EXPECT_EQ(
      describe_attempt(cutovers, 1, attempt),
      "cutover: attempt 1 did not begin, others keep a snapshot from before it; client backend 7 (app), for 0.1 s");
  attempt.held = std::chrono::milliseconds{20};
  EXPECT_THAT(describe_attempt(cutovers, 2, attempt), HasSubstr("attempt 2 was given up, others keep a snapshot"));
  attempt.blockers.push_back({0, "prepared transaction", "gid", "", 2.0, false, false});
  EXPECT_THAT(describe_attempt(cutovers, 3, attempt), HasSubstr("a lock is held by others; client backend 7"));
  EXPECT_THAT(describe_attempt(cutovers, 3, attempt), HasSubstr("; prepared transaction (gid), for 2.0 s"));
  tally.failed(attempt);
  EXPECT_EQ(enough_tried(r, cutovers, tally), "cutover did not succeed within 2 attempts; resume tries again");
}

TEST(enough_tried, after_three_that_held_their_locks_for_too_long) {
  const job_record r;
  attempt_tally tally;
  for (const auto what :
       {outcome::held_too_long, outcome::blocked, outcome::timed_out, outcome::held_too_long, outcome::backlog}) {
    tally.failed(ended(what));
    EXPECT_EQ(enough_tried(r, cutovers, tally), "");
  }
  tally.failed(ended(outcome::held_too_long));
  EXPECT_THAT(enough_tried(r, cutovers, tally), HasSubstr("3 attempts would have held their locks"));
}

template <class Failure>
std::optional<std::string> broken_by(const Failure& f) {
  return why_it_broke(std::make_exception_ptr(f));
}

postgres::statement_error refused_with(const char* sqlstate) {
  postgres::statement_error::fields f;
  f.sqlstate = sqlstate;
  f.message = "no";
  return postgres::statement_error{f};
}

TEST(broken_attempt, counts_for_trouble_and_not_for_what_is_no_attempt) {
  for (const auto* trouble : {"57P01", "57014", "25P03", "53100", "53200", "40001"})
    EXPECT_TRUE(broken_by(refused_with(trouble))) << trouble;
  EXPECT_EQ(broken_by(postgres::connection_error{"gone"}), "gone");
  EXPECT_EQ(broken_by(postgres::in_doubt{"not answered"}), "not answered");
  EXPECT_FALSE(broken_by(refused_with("EI001"))) << "another daemon leads";
  EXPECT_FALSE(broken_by(refused_with("42501"))) << "it is the statement that is wrong";
  EXPECT_FALSE(broken_by(postgres::timeout_error{"no session"}));
  EXPECT_FALSE(broken_by(std::runtime_error{"cancelled"}));
}

TEST(broken_attempt, is_no_reason_to_use_force) {
  attempt_tally tally;
  tally.failed(ended(outcome::timed_out));
  tally.broke();
  EXPECT_EQ(tally.made, 2);
  EXPECT_EQ(tally.in_the_way(), 1);
  job_record r;
  r.settings.lock_retries = 1;
  EXPECT_EQ(enough_tried(r, cutovers, tally), "cutover did not succeed within 2 attempts; resume tries again");
}

TEST(broken_attempt, may_have_kept_others_waiting_since_it_could_have_asked_for_its_locks) {
  postgres::lock_policy policy;
  policy.timeout = 300ms;
  const clock::time_point began{1000s};
  const auto early = at_most({began}, began + 20ms, policy);
  EXPECT_EQ(early.waited, 20ms);
  EXPECT_EQ(early.held, 0ms);
  EXPECT_EQ(at_most({began}, began + 5s, policy).waited, 300ms) << "no attempt waits for longer";
  const auto late = at_most({began, began + 5s}, began + 6s, policy);
  EXPECT_EQ(late.waited, 300ms);
  EXPECT_EQ(late.held, 1s);
}

TEST(broken_attempt, says_what_broke_it) {
  EXPECT_EQ(describe_attempt(ended_attempt{cutovers, 3, {}, "terminated"}), "cutover: attempt 3 failed: terminated");
  EXPECT_EQ(describe_attempt(ended_attempt{cutovers, 3, {}, ""}), "cutover: attempt 3 succeeded");
}

TEST(drain_time, grows_with_each_attempt_that_gave_way_up_to_half_of_max_hold) {
  attempt_tally tally;
  EXPECT_EQ(drain_time(tally.gave_way, 3s), 200ms);
  tally.failed(ended(outcome::backlog));
  EXPECT_EQ(drain_time(tally.gave_way, 3s), 200ms) << "something else had changed";
  tally.failed(ended(outcome::backlog, std::nullopt));
  EXPECT_EQ(drain_time(tally.gave_way, 3s), 400ms);
  EXPECT_EQ(drain_time(50, 3s), 1500ms);
  EXPECT_EQ(drain_time(50, 1min), 30s);
  EXPECT_GT(drain_time(50, 0s), 1min) << "any";
  EXPECT_EQ(drain_time(0, 100ms), 50ms);
  tally.failed(ended(outcome::held_too_long, 300));
  EXPECT_EQ(drain_time(tally.gave_way, 3s), 200ms) << "it was too much";
}

}  // namespace
}  // namespace eidolon::daemon
