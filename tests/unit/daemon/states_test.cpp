// The table of transitions, held on every pair of states.
#include "daemon/states.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "daemon/client/outcome.hpp"

namespace eidolon::daemon {
namespace {

std::set<std::pair<state, state>> all_ways() {
  using s = state;
  std::set<std::pair<state, state>> ways{
      {s::queued, s::preparing},        {s::preparing, s::copying},     {s::copying, s::indexing},
      {s::indexing, s::catching_up},    {s::catching_up, s::verifying}, {s::catching_up, s::ready},
      {s::verifying, s::ready},         {s::ready, s::cutting_over},    {s::cutting_over, s::ready},
      {s::cutting_over, s::validating}, {s::validating, s::retaining},  {s::retaining, s::done},
      {s::aborting, s::aborted},        {s::aborting, s::failed}};
  for (const auto from : {s::copying, s::indexing, s::catching_up, s::verifying, s::ready, s::cutting_over})
    ways.insert({from, s::preparing});
  for (const auto from :
       {s::queued, s::preparing, s::copying, s::indexing, s::catching_up, s::verifying, s::ready, s::cutting_over})
    ways.insert({from, s::aborting});
  return ways;
}

TEST(states, every_pair_is_legal_or_not_as_the_design_says) {
  const auto ways = all_ways();
  for (std::size_t i = 0; i < state_names.size(); ++i)
    for (std::size_t k = 0; k < state_names.size(); ++k) {
      const auto from = static_cast<state>(i), to = static_cast<state>(k);
      EXPECT_EQ(find_transition(from, to) != nullptr, ways.contains({from, to}))
          << state_names[i] << " to " << state_names[k];
    }
}

TEST(states, no_transition_is_listed_twice_or_without_a_comment) {
  std::set<std::pair<state, state>> seen;
  for (const auto& t : transitions) {
    EXPECT_TRUE(seen.insert({t.from, t.to}).second) << name_of(t.from) << " to " << name_of(t.to);
    EXPECT_FALSE(t.comment.empty());
  }
}

TEST(states, names_lead_back_to_their_states) {
  for (std::size_t i = 0; i < state_names.size(); ++i)
    EXPECT_EQ(state_from(state_names[i]), static_cast<state>(i)) << state_names[i];
  EXPECT_EQ(state_from("paused"), std::nullopt);
  EXPECT_EQ(state_from(""), std::nullopt);
}

TEST(states, ends_have_no_way_out_and_all_others_have_one) {
  for (std::size_t i = 0; i < state_names.size(); ++i) {
    const auto from = static_cast<state>(i);
    const bool has_way =
        std::any_of(transitions.begin(), transitions.end(), [&](const transition& t) { return t.from == from; });
    EXPECT_EQ(has_way, !is_end(from)) << state_names[i];
  }
}

TEST(states, a_job_can_be_given_up_exactly_until_the_swap) {
  for (std::size_t i = 0; i < state_names.size(); ++i) {
    const auto from = static_cast<state>(i);
    EXPECT_EQ(find_transition(from, state::aborting) != nullptr, before_swap(from)) << state_names[i];
  }
}

TEST(states, every_state_is_reached_from_queued) {
  std::set<state> reached{state::queued};
  for (std::size_t round = 0; round < state_names.size(); ++round)
    for (const auto& t : transitions)
      if (reached.contains(t.from)) reached.insert(t.to);
  EXPECT_EQ(reached.size(), state_names.size());
}

TEST(states, are_those_that_the_client_knows) { EXPECT_TRUE(std::ranges::equal(client::state_names(), state_names)); }

}  // namespace
}  // namespace eidolon::daemon
