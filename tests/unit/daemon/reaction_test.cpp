// What a failure means, and what a job does about it in each state.
#include "daemon/reaction.hpp"

#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "copier/data_error.hpp"
#include "daemon/planning.hpp"
#include "plan/batch.hpp"
#include "postgres/error.hpp"

namespace eidolon::daemon {
namespace {

failure classified(const auto& e) { return classify(std::make_exception_ptr(e)); }

postgres::statement_error statement_with(std::string sqlstate) {
  postgres::statement_error::fields f;
  f.sqlstate = std::move(sqlstate);
  f.message = "message";
  return postgres::statement_error{f};
}

TEST(reaction, names_every_failure) {
  using kind = plan::source_changed::kind;
  EXPECT_EQ(classified(postgres::connection_error{"gone"}).kind, failure_kind::connection);
  EXPECT_EQ(classified(postgres::timeout_error{"late"}).kind, failure_kind::connection);
  EXPECT_EQ(classified(postgres::in_doubt{"?"}).kind, failure_kind::connection);
  EXPECT_EQ(classified(postgres::server_crash{"gone"}).kind, failure_kind::connection);
  EXPECT_EQ(classified(postgres::server_crash{"gone"}).code, server_crashed);
  EXPECT_EQ(classified(gave_way{"others"}).kind, failure_kind::transient);
  EXPECT_EQ(classified(plan::source_changed{kind::file, "f"}).kind, failure_kind::source_rewritten);
  EXPECT_EQ(classified(plan::source_changed{kind::triggers, "t"}).kind, failure_kind::source_rewritten);
  EXPECT_EQ(classified(plan::source_changed{kind::log, "l"}).kind, failure_kind::source_rewritten);
  EXPECT_EQ(classified(plan::source_changed{kind::log, "l"}).code, log_is_full);
  EXPECT_EQ(classified(plan::source_changed{kind::definition, "d"}).kind, failure_kind::fatal);
  EXPECT_EQ(classified(plan::source_changed{kind::definition, "d"}).message, "d");
  EXPECT_EQ(classified(std::runtime_error{"x"}).code, "internal_error");
  const boost::system::system_error aborted{boost::asio::error::operation_aborted};
  EXPECT_EQ(classified(aborted).kind, failure_kind::cancelled);
}

TEST(reaction, data_errors_name_constraint_and_key) {
  const auto f = classified(copier::data_error{"two rows are alike", "t_a_key", "(id)=(42)"});
  EXPECT_EQ(f.kind, failure_kind::fatal);
  const auto o = to_json(f);
  EXPECT_EQ(o.at("code").as_string(), "data_error");
  EXPECT_EQ(o.at("message").as_string(), "two rows are alike");
  EXPECT_EQ(o.at("constraint").as_string(), "t_a_key");
  EXPECT_EQ(o.at("key").as_string(), "(id)=(42)");
}

TEST(reaction, a_refusal_gives_its_code_to_the_error) {
  const std::vector<plan::refusal> refusals{{"no_usable_key", "Table t has no key.", "Add one."},
                                            {"x", "And more.", ""}};
  const auto f = classified(job_refused{refusals});
  EXPECT_EQ(f.code, "no_usable_key");
  EXPECT_EQ(f.message, "Table t has no key.; And more.");
}

struct sqlstate_case {
  const char* code;
  failure_kind kind;
};
class sqlstates : public testing::TestWithParam<sqlstate_case> {};
TEST_P(sqlstates, are_known_or_fatal) { EXPECT_EQ(classified(statement_with(GetParam().code)).kind, GetParam().kind); }
INSTANTIATE_TEST_SUITE_P(
    all, sqlstates,
    testing::Values(sqlstate_case{"40001", failure_kind::transient}, sqlstate_case{"40P01", failure_kind::transient},
                    sqlstate_case{"55P03", failure_kind::transient}, sqlstate_case{"57014", failure_kind::transient},
                    sqlstate_case{"53100", failure_kind::transient}, sqlstate_case{"53300", failure_kind::transient},
                    sqlstate_case{"58030", failure_kind::transient}, sqlstate_case{"25006", failure_kind::transient},
                    sqlstate_case{"57P01", failure_kind::connection}, sqlstate_case{"57P02", failure_kind::connection},
                    sqlstate_case{"57P03", failure_kind::connection}, sqlstate_case{"08006", failure_kind::connection},
                    sqlstate_case{"EI001", failure_kind::connection}, sqlstate_case{"23505", failure_kind::fatal},
                    sqlstate_case{"42501", failure_kind::fatal}, sqlstate_case{"XX000", failure_kind::fatal}));

TEST(reaction, what_fills_a_disk_is_not_tried_for_ever) {
  for (const auto* full : {"53100", "53400"}) {
    EXPECT_EQ(classified(statement_with(full)).code, "out_of_room");
    EXPECT_EQ(classified(statement_with(full)).most_tries, 3);
  }
  EXPECT_EQ(classified(statement_with("58030")).most_tries, 5);
  EXPECT_EQ(classified(statement_with("53300")).most_tries, 0);
  EXPECT_EQ(classified(statement_with("40P01")).most_tries, 0);
}

TEST(reaction, is_decided_for_every_kind_in_every_state) {
  for (std::size_t i = 0; i < state_names.size(); ++i) {
    const auto s = static_cast<state>(i);
    EXPECT_EQ(react(failure_kind::cancelled, s), reaction::stop);
    EXPECT_EQ(react(failure_kind::connection, s), reaction::take_stock);
    EXPECT_EQ(react(failure_kind::transient, s), reaction::retry);
    EXPECT_EQ(react(failure_kind::fatal, s), before_swap(s) ? reaction::fail : reaction::hold) << state_names[i];
    const bool has_ghost = s > state::preparing && before_swap(s);
    if (has_ghost) {
      EXPECT_EQ(react(failure_kind::source_rewritten, s), reaction::restart) << state_names[i];
    } else {
      EXPECT_NE(react(failure_kind::source_rewritten, s), reaction::restart) << state_names[i];
    }
  }
}

TEST(reaction, pauses_double_up_to_a_limit) {
  using std::chrono::milliseconds;
  EXPECT_EQ(retry_pause(1, 1.0), milliseconds{500});
  EXPECT_EQ(retry_pause(1, 0.0), milliseconds{250});
  EXPECT_EQ(retry_pause(2, 1.0), milliseconds{1000});
  EXPECT_EQ(retry_pause(4, 1.0), milliseconds{4000});
  EXPECT_EQ(retry_pause(7, 1.0), milliseconds{30'000});
  EXPECT_EQ(retry_pause(1000, 1.0), milliseconds{30'000});
  EXPECT_EQ(retry_pause(0, 1.0), milliseconds{500});
}

}  // namespace
}  // namespace eidolon::daemon
