// Catch-up while it cannot come to an end, while there is nothing to do, and while a row does not fit.
#include <thread>

#include "held_job.hpp"

namespace eidolon::test {
namespace {

using backlog = held_job;

constexpr auto window = std::chrono::seconds{3};

// Transactions of the whole database in one window of time, as far as they have been reported.
std::int64_t transactions_in_a_window(const database& db) {
  auto s = db.session();
  const auto so_far = [&] {
    return std::stoll(
        s.value("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"));
  };
  const auto before = so_far();
  std::this_thread::sleep_for(window);  // the measurement itself
  return so_far() - before;
}

// A log that somebody holds a lock on, and another that an old transaction may still write to, can neither be emptied
// nor closed: what is unread in the active log is applied all the same, and then nothing is done until something
// changes (copier::backlog::catch_up: idle logs are read again only while they hold something unread).
TEST_F(backlog, does_not_spin_while_its_logs_are_held) {
  submit_and_hold();
  auto holder = db_.session(), writer = db_.session();
  holder.sql("BEGIN");
  for (const auto& row : db_.sql("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = '" +
                                 job_schema() + "' AND tablename LIKE 'eidolon log %'"))
    holder.sql("LOCK TABLE " + row.front().value() + " IN ACCESS SHARE MODE");
  writer.sql("BEGIN; UPDATE app.t SET v = 'late' WHERE id = 1");
  const auto same = "SELECT count(*) FROM app.t AS s JOIN " + job_schema() + ".t AS g USING (id, n, v)";
  for (int round = 1; round <= 2; ++round) {
    db_.sql("UPDATE app.t SET n = n + 1 WHERE id > 1");
    db_.sql("UPDATE app.t SET v = v || '.' WHERE id > 1000");
    ASSERT_TRUE(eventually([&] { return db_.value(same) == std::to_string(row_count); }, std::chrono::seconds{30}))
        << "round " << round << '\n'
        << told();
    EXPECT_LT(transactions_in_a_window(db_), 200) << "round " << round;
  }
  holder.sql("COMMIT");
  writer.sql("COMMIT");
  finish();
  EXPECT_EQ(db_.value("SELECT v FROM app.t WHERE id = 1"), "late");
}

// Entries that were applied stay in the log until it is worth emptying: they are not applied again
// (copier::backlog::catch_up applies only what is unread). A rewritten row has another xmin and another place.
TEST_F(backlog, that_is_applied_is_not_applied_again) {
  submit_and_hold();
  db_.sql("UPDATE app.t SET n = -n WHERE id <= 500");
  const auto ghost = job_schema() + ".t";
  ASSERT_TRUE(eventually([&] { return db_.value("SELECT count(*) FROM " + ghost + " WHERE n < 0") == "500"; }))
      << told();
  const auto image = [&] {
    return db_.value("SELECT md5(string_agg(xmin || ' ' || ctid, ',' ORDER BY id)) FROM " + ghost);
  };
  const auto entries = [&] {
    std::int64_t n = 0;
    for (const auto& row : db_.sql("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = '" +
                                   job_schema() + "' AND tablename LIKE 'eidolon log %'"))
      n += std::stoll(db_.value("SELECT count(*) FROM " + row.front().value()));
    return n;
  };
  const auto before = image();
  ASSERT_GT(entries(), 0);
  std::this_thread::sleep_for(window);  // the measurement itself
  EXPECT_EQ(image(), before);
  EXPECT_GT(entries(), 0) << "there was nothing that could have been applied again";
  finish();
}

// Whoever has written once and stays in his transaction may write to any log again; but it can be emptied, and used
// again (copier::backlog::empty).
TEST_F(backlog, does_not_multiply_its_logs_for_an_old_writer) {
  submit_and_hold();
  auto writer = db_.session();
  writer.sql("BEGIN; UPDATE app.t SET v = 'late' WHERE id = 1");
  const auto same = "SELECT count(*) FROM app.t AS s JOIN " + job_schema() + ".t AS g USING (id, n, v)";
  for (int round = 1; round <= 15; ++round) {
    db_.sql("UPDATE app.t SET n = n + 1 WHERE id > 1; UPDATE app.t SET v = v || '.' WHERE id > 1");
    ASSERT_TRUE(eventually([&] { return db_.value(same) == std::to_string(row_count); }, patience)) << told();
  }
  EXPECT_LE(std::stoi(db_.value("SELECT count(*) FROM pg_tables WHERE schemaname = '" + job_schema() +
                                "' AND tablename LIKE 'eidolon log %'")),
            4);
  writer.sql("UPDATE app.t SET v = 'later' WHERE id = 1; COMMIT");
  finish();
  EXPECT_EQ(db_.value("SELECT v FROM app.t WHERE id = 1"), "later");
}

// A standby cancels who reads a log that is truncated, such as a dump (copier::backlog::empty).
TEST_F(backlog, is_not_truncated_while_it_is_small) {
  submit_and_hold();
  const auto same = "SELECT count(*) FROM app.t AS s JOIN " + job_schema() + ".t AS g USING (id, n, v)";
  for (int round = 1; round <= 5; ++round) {
    db_.sql("UPDATE app.t SET n = n + 1");
    ASSERT_TRUE(eventually([&] { return db_.value(same) == std::to_string(row_count); }, patience)) << told();
  }
  const auto in_logs = " FROM pg_class WHERE relnamespace = '" + job_schema() +
                       "'::regnamespace AND relname LIKE 'eidolon log %' AND relkind = 'r'";
  EXPECT_GE(std::stoi(db_.value("SELECT count(*)" + in_logs)), 2);
  EXPECT_EQ(db_.value("SELECT count(*)" + in_logs + " AND relfilenode <> oid"), "0");
  finish();
}

// The ghost already holds the good rows of the batch: they must not be taken for the bad one
// (copier::find_bad_row takes the ghost's own copies out of the way).
TEST_F(backlog, names_the_row_that_does_not_fit) {
  db_.sql("UPDATE app.t SET v = id");
  submit("ALTER COLUMN v TYPE integer USING v::integer");
  await_state("ready");
  db_.sql(
      "BEGIN; UPDATE app.t SET n = n + 1 WHERE id <= 49; INSERT INTO app.t VALUES (99001, 1, 'not a number', NULL); "
      "COMMIT");
  const auto expected = content();
  EXPECT_EQ(daemon_->wait(id_, patience), 1) << told();
  const auto job = daemon_->job(id_);
  const auto text = boost::json::serialize(job);
  ASSERT_EQ(job.at("state").as_string(), "failed") << text;
  EXPECT_EQ(job.at("error").at("code").as_string(), "data_error") << text;
  EXPECT_EQ(job.at("error").at("key").as_string(), "(id)=(99001)") << text;
  EXPECT_EQ(content(), expected);
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'eidolon\\_%'"), "0");
  EXPECT_EQ(db_.value("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'app.t'::regclass AND NOT tgisinternal"), "0");
}

}  // namespace
}  // namespace eidolon::test
