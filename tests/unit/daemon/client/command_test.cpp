// The real eidolon binary against the real server: what it prints where, and how it exits.
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <fstream>

#include "client_fixture.hpp"

namespace eidolon::daemon::api {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST_F(client, submit_prints_the_id_and_nothing_else) {
  start();
  const auto r = eidolon(
      "submit --table public.orders --alter 'ALTER COLUMN id TYPE bigint' --database main --name n "
      "--set workers=3 --set max_lag=2s --postpone-cutover");
  EXPECT_EQ(r.status, 0) << r.err;
  EXPECT_EQ(r.out, "8\n");
  EXPECT_THAT(r.err, IsEmpty());
  const auto& s = service_.last_submission;
  EXPECT_EQ(s.table, "public.orders");
  EXPECT_EQ(s.alter, "ALTER COLUMN id TYPE bigint");
  EXPECT_EQ(s.database, "main");
  EXPECT_EQ(s.name, "n");
  EXPECT_TRUE(s.postpone_cutover);
  const json::object settings{{"workers", "3"}, {"max_lag", "2s"}};
  EXPECT_EQ(s.settings, settings);
}

TEST_F(client, submit_takes_whole_statements_without_a_table) {
  start();
  EXPECT_EQ(eidolon("submit --alter 'ALTER TABLE t ADD x int; ALTER TABLE t ADD y int'").out, "8\n");
  EXPECT_EQ(service_.last_submission.table, "");
  EXPECT_EQ(service_.last_submission.name, std::nullopt);
}

TEST_F(client, submit_reads_the_statements_from_a_file_or_from_standard_input) {
  start();
  const auto file = directory_ / "alter.sql";
  std::ofstream{file} << "-- a comment\nALTER TABLE t ADD x int;\n";
  EXPECT_EQ(eidolon("submit --file " + file.string()).out, "8\n");
  EXPECT_EQ(service_.last_submission.alter, "-- a comment\nALTER TABLE t ADD x int;\n");
  EXPECT_EQ(run_in_shell("echo 'ADD y int' | " + command_line("submit --table t --file -")).out, "9\n");
  EXPECT_EQ(service_.last_submission.alter, "ADD y int\n");
}

TEST_F(client, submit_prints_the_job_as_json_when_asked) {
  start();
  const auto r = eidolon("submit --json --alter 'ALTER TABLE t ADD x int'");
  EXPECT_EQ(json::parse(r.out).at("id"), 8);
}

TEST_F(client, submit_and_watch_leaves_stdout_to_the_id) {
  service_.next_views[8] = {fake_job(8, "copying"), fake_job(8, "retaining")};
  start();
  const auto r = eidolon("submit --watch --alter 'ALTER TABLE t ADD x int'");
  EXPECT_EQ(r.status, 0);
  EXPECT_EQ(r.out, "8\n");
  EXPECT_THAT(r.err, AllOf(HasSubstr("copying 42.0%"), HasSubstr("job 8: public.orders has its new shape")));
}

TEST_F(client, wrong_usage_exits_with_2_and_asks_nobody) {
  start();
  for (const auto* arguments : {"",
                                "nonsense",
                                "submit",
                                "submit --table t",
                                "submit --alter ' ; '",
                                "submit --alter x --file y",
                                "submit --file /does/not/exist",
                                "submit --alter x --set workers",
                                "submit --alter x --set workers=99",
                                "submit --alter x --set wrokers=1",
                                "submit --alter x --name ''",
                                "submit --alter x extra",
                                "plan",
                                "status",
                                "status seven",
                                "status 0",
                                "status -1",
                                "status +7",
                                "status 07",
                                "status 0x7",
                                "status 7.0",
                                "status ''",
                                "status 9223372036854775808",
                                "status 7 8",
                                "wait 7 --state nowhere",
                                "wait 7 --timeout -1",
                                "wait 7 --timeout soon",
                                "set 7",
                                "set 7 workers",
                                "set 7 copy_ratio=2",
                                "list --nonsense",
                                "pause"}) {
    const auto r = eidolon(arguments);
    EXPECT_EQ(r.status, 2) << arguments;
    EXPECT_THAT(r.out, IsEmpty()) << arguments;
    EXPECT_THAT(r.err, Not(IsEmpty())) << arguments;
  }
  EXPECT_THAT(service_.asked, IsEmpty());
}

TEST_F(client, takes_every_number_that_a_job_may_have) {
  start();
  EXPECT_THAT(eidolon("status 9223372036854775807").err, HasSubstr("no_such_job"));
  EXPECT_THAT(service_.asked, ElementsAre("job 9223372036854775807"));
}

TEST_F(client, help_and_version_are_no_errors) {
  for (const auto* arguments : {"--help", "submit --help", "-h"}) {
    const auto r = eidolon(arguments);
    EXPECT_EQ(r.status, 0) << arguments;
    EXPECT_THAT(r.out, HasSubstr("Usage: eidolon")) << arguments;
    EXPECT_THAT(r.err, IsEmpty()) << arguments;
  }
  const auto version = eidolon("--version");
  EXPECT_EQ(version.status, 0);
  EXPECT_THAT(version.out, StartsWith("eidolon "));
}

TEST_F(client, help_lists_the_settings_where_they_are_given) {
  for (const auto* arguments : {"submit --help", "plan --help", "set --help"})
    EXPECT_THAT(eidolon(arguments).out, AllOf(HasSubstr("\n  max_lag  "), HasSubstr("10GB"))) << arguments;
  EXPECT_THAT(eidolon("status --help").out, Not(HasSubstr("max_lag")));
}

TEST_F(client, likens_a_setting_that_does_not_exist_to_one_that_does) {
  for (const auto* arguments : {"submit --alter x --set wrokers=1", "set 7 wrokers=1"}) {
    const auto r = eidolon(arguments);
    EXPECT_EQ(r.status, 2) << arguments;
    EXPECT_THAT(r.err, HasSubstr("there is no setting \"wrokers\"; did you mean workers?")) << arguments;
  }
}

TEST_F(client, a_database_that_is_not_named_where_it_has_to_be_is_wrong_usage) {
  problem p;
  p.status = 400;
  p.code = "database_required";
  p.detail = "The daemon has 2 databases, and the request names none.";
  p.advice = "Name one of: a, b.";
  service_.failure = std::make_exception_ptr(p);
  start();
  const auto r = eidolon("submit --alter x");
  EXPECT_EQ(r.status, 2);
  EXPECT_THAT(r.err, HasSubstr("Name one of: a, b."));
}

TEST_F(client, says_so_when_no_daemon_answers) {
  for (const auto* arguments :
       {"list", "status 7", "watch 7", "wait 7", "events 7 --follow", "submit --alter x", "pause 7"}) {
    const auto r = eidolon(arguments);
    EXPECT_EQ(r.status, 3) << arguments;
    EXPECT_THAT(r.out, IsEmpty()) << arguments;
    EXPECT_THAT(r.err, AllOf(HasSubstr(socket_path()), HasSubstr("eidolond"))) << arguments;
  }
}

TEST_F(client, finds_the_socket_in_the_environment) {
  start();
  const std::string binary = EIDOLON_CLIENT;
  EXPECT_EQ(run_in_shell("EIDOLON_SOCKET=" + socket_path() + " " + binary + " list").status, 0);
  EXPECT_EQ(run_in_shell("EIDOLON_SOCKET=/nowhere " + command_line("list")).status, 0) << "--socket comes first";
}

TEST_F(client, takes_global_options_behind_the_command) {
  start();
  EXPECT_EQ(run_in_shell(std::string{EIDOLON_CLIENT} + " status 7 --json --socket " + socket_path()).status, 0);
}

TEST_F(client, tells_a_refusal_with_code_sentence_and_advice) {
  problem p;
  p.status = 422;
  p.code = "no_usable_key";
  p.detail = "public.orders has no usable key.";
  p.advice = "Add a primary key.";
  service_.failure = std::make_exception_ptr(p);
  start();
  for (const auto* arguments :
       {"submit --alter x", "plan --alter x", "pause 7", "status 7", "list", "set 7 workers=1", "watch 7"}) {
    const auto r = eidolon(arguments);
    EXPECT_EQ(r.status, 1) << arguments;
    EXPECT_THAT(r.out, IsEmpty()) << arguments;
    EXPECT_EQ(r.err, "eidolon: no_usable_key: public.orders has no usable key.\n  Add a primary key.\n") << arguments;
  }
  for (const auto* arguments : {"list --json", "plan --json --alter x", "submit --json --alter x"}) {
    const auto r = eidolon(arguments);
    EXPECT_EQ(json::parse(r.err).at("code"), "no_usable_key") << arguments;
    EXPECT_THAT(r.out, IsEmpty()) << arguments;
  }
}

TEST_F(client, plan_prints_what_would_be_done) {
  start();
  const auto r = eidolon("plan --table public.orders --alter 'ADD x int'");
  EXPECT_EQ(r.status, 0);
  EXPECT_EQ(r.out,
            "public.orders\n  column id: integer becomes bigint\nwarnings:\n  the table has no primary key\n"
            "statements:\n  CREATE SCHEMA eidolon_1;\n");
  EXPECT_THAT(service_.asked, ElementsAre("plan"));
  EXPECT_EQ(json::parse(eidolon("plan --json --table t --alter x").out).at("table"), "t");
}

TEST_F(client, plan_that_is_refused_fails) {
  service_.refused = {{{"code", "has_views"}, {"reason", "A view."}, {"advice", "Drop it."}}};
  start();
  const auto r = eidolon("plan --table t --alter x");
  EXPECT_EQ(r.status, 1);
  EXPECT_THAT(r.out, IsEmpty());
  EXPECT_EQ(r.err, "eidolon: has_views: A view.\n  Drop it.\n");
}

TEST_F(client, list_and_status_are_for_people_or_for_programs) {
  start();
  EXPECT_THAT(eidolon("list").out, AllOf(StartsWith("ID"), HasSubstr("public.orders")));
  EXPECT_EQ(json::parse(eidolon("list --json").out).at("jobs").as_array().size(), 1U);
  EXPECT_THAT(eidolon("status 7").out, HasSubstr("1,234 rows/s"));
  EXPECT_EQ(json::parse(eidolon("--json status 7").out), fake_job(7, "copying"));
  const auto missing = eidolon("status 8");
  EXPECT_EQ(missing.status, 1);
  EXPECT_THAT(missing.err, HasSubstr("no_such_job"));
}

TEST_F(client, list_warns_of_databases_that_cannot_be_reached) {
  service_.configured[0].as_object()["reachable"] = false;
  service_.configured[0].as_object()["error"] = "connection refused";
  start();
  const auto r = eidolon("list");
  EXPECT_EQ(r.status, 0);
  EXPECT_THAT(r.out, AllOf(StartsWith("ID"), HasSubstr("public.orders")));
  EXPECT_THAT(r.err, AllOf(StartsWith("eidolon: warning: the database main "), EndsWith("connection refused\n")));
  const auto as_json = eidolon("list --json");
  EXPECT_EQ(json::parse(as_json.out).at("unreachable").at(0).at("name"), "main");
  EXPECT_THAT(as_json.err, IsEmpty());
}

TEST_F(client, commands_reach_their_job) {
  start();
  for (const auto* command : {"pause", "resume", "cutover", "abort", "drop-old"}) {
    const auto r = eidolon(std::string{command} + " 7");
    EXPECT_EQ(r.status, 0) << command;
    EXPECT_EQ(r.out, "job 7: copying\n") << command;
  }
  EXPECT_THAT(service_.asked, ElementsAre("pause 7", "resume 7", "cutover 7", "abort 7", "drop_old 7"));
}

TEST_F(client, a_replica_is_forgotten_by_its_name_whatever_is_in_it) {
  start();
  const auto r = eidolon("forget-replica 'far west@::1#2&x' --database main");
  EXPECT_EQ(r.status, 0) << r.err;
  EXPECT_THAT(service_.asked, ElementsAre("forget far west@::1#2&x of main"));
  EXPECT_EQ(eidolon("forget-replica").status, 2);
  EXPECT_THAT(eidolon("replicas").out, StartsWith("DATABASE"));
}

TEST_F(client, set_changes_settings) {
  start();
  EXPECT_EQ(eidolon("set 7 workers=1 copy_ratio=0.5").status, 0);
  const json::object expected{{"workers", "1"}, {"copy_ratio", "0.5"}};
  EXPECT_EQ(service_.last_settings, expected);
}

TEST_F(client, does_not_take_another_server_for_the_daemon) {
  asio::io_context context;
  asio::local::stream_protocol::acceptor other{context, (directory_ / "other").string()};
  std::thread answering{[&] {
    auto socket = other.accept();
    asio::streambuf request;
    asio::read_until(socket, request, "\r\n\r\n");
    asio::write(socket, asio::buffer(std::string_view{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"}));
  }};
  const auto r = run_in_shell(std::string{EIDOLON_CLIENT} + " --socket " + (directory_ / "other").string() + " list");
  answering.join();
  EXPECT_EQ(r.status, 3);
  EXPECT_THAT(r.err, HasSubstr("not a daemon's"));
}

}  // namespace
}  // namespace eidolon::daemon::api
