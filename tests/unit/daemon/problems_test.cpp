// What a failed statement means to the client.
#include "daemon/problems.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "postgres/error.hpp"

namespace eidolon::daemon {
namespace {

using testing::HasSubstr;

std::exception_ptr failed_with(const std::string& sqlstate, const std::string& message) {
  return std::make_exception_ptr(postgres::statement_error{{.sqlstate = sqlstate, .message = message}});
}

TEST(problem, is_the_clients_when_its_text_does_not_fit_the_databases_encoding) {
  const std::string said = "character with byte sequence 0xe2 0x82 0xac has no equivalent in encoding \"LATIN1\"";
  const auto p = problems::from_failure("main", failed_with("22P05", said));
  EXPECT_EQ(p.status, 400);
  EXPECT_EQ(p.code, "invalid_request");
  EXPECT_THAT(p.detail, HasSubstr(said));
}

// They go on as they are, and are logged.
TEST(problem, is_the_daemons_own_when_a_statement_is_wrong) {
  for (const auto* sqlstate : {"22012", "22P02", "54001", "42703"})
    EXPECT_THROW(problems::from_failure("main", failed_with(sqlstate, "it fails")), postgres::statement_error);
}

}  // namespace
}  // namespace eidolon::daemon
