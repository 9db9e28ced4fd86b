// What a job that is past a command says of itself.
#include "daemon/command_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/service.hpp"

namespace eidolon::daemon {
namespace {

using testing::HasSubstr;

std::string refusal(command what, state s, bool at_home = true) {
  job j{"main", job_record{}};
  j.record.state = s;
  j.at_home = at_home;
  try {
    check_possible(j, s, what);
  } catch (const problem& p) {
    EXPECT_EQ(p.code, "wrong_state");
    return p.advice;
  }
  return "none";
}

TEST(command_rules, tell_how_far_the_job_is) {
  for (const auto what : {command::pause, command::cutover, command::abort}) {
    EXPECT_EQ(refusal(what, state::copying), "none");
    EXPECT_EQ(refusal(what, state::validating), "It is past the swap.");
    EXPECT_EQ(refusal(what, state::retaining), "It is past the swap.");
    for (const auto end : {state::done, state::failed, state::aborted}) EXPECT_EQ(refusal(what, end), "It has ended.");
  }
}

TEST(command_rules, a_job_that_is_given_up_was_never_swapped) {
  for (const auto what : {command::pause, command::cutover})
    EXPECT_EQ(refusal(what, state::aborting), "It is being given up; the table stays as it was.");
  EXPECT_EQ(refusal(command::abort, state::aborting), "none");
}

TEST(command_rules, a_job_of_another_database_is_only_removed) {
  for (const auto s : {state::ready, state::done})
    EXPECT_THAT(refusal(command::pause, s, false), HasSubstr("eidolond --clean-orphans"));
}

}  // namespace
}  // namespace eidolon::daemon
