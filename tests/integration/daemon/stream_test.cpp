// copy_method = stream: that it is used, what happens to a chunk whose sessions, daemon or rows fail in the middle of
// it, and what it gives way to. The rows go through a check of the owner's that says how it was called.
#include <thread>

#include "busy_job.hpp"
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {
namespace {

constexpr auto check_that_tells =
    "CREATE TABLE public.seen (query text); "
    "CREATE FUNCTION public.tell(n bigint) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN "
    "IF current_setting('application_name') LIKE 'eidolon job % copy' THEN "
    "  IF n % 100 = 0 THEN PERFORM pg_sleep(0.005); INSERT INTO public.seen VALUES (current_query()); END IF; "
    "END IF; RETURN true; END $$; ";

constexpr auto slow_to_read =
    "CREATE FUNCTION public.slow(n bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN "
    "IF current_setting('application_name') LIKE 'eidolon job % copy' AND n % 50 = 0 THEN PERFORM pg_sleep(0.005); END "
    "IF; "
    "RETURN n; END $$";

// Whether rows arrived in the new table by COPY, and by anything else.
bool streamed(const database& db) {
  return db.value("SELECT count(*) > 0 FROM public.seen WHERE query LIKE 'COPY %'") == "t";
}
bool inserted(const database& db) {
  return db.value("SELECT count(*) > 0 FROM public.seen WHERE query NOT LIKE 'COPY %'") == "t";
}

class streamed_job : public busy_job {
 public:
  streamed_job() {
    db.sql(std::string{check_that_tells} + "ALTER TABLE load.t ADD CHECK (public.tell(id::bigint))");
    db.sql(slow_to_read);
  }
  void submit(const std::string& copy_ratio = "0.5") {
    id = daemon->submit("load.t", "ALTER COLUMN n TYPE bigint USING public.slow(n)",
                        {"--set", "keep_old=0s", "--set", "chunk_target=50ms", "--set", "copy_method=stream", "--set",
                         "copy_ratio=" + copy_ratio});
  }
};

TEST(streamed_copy, of_a_table_in_use_loses_nothing) {
  streamed_job job;
  job.submit();
  job.expect_done();
  EXPECT_TRUE(streamed(job.db));
  EXPECT_FALSE(inserted(job.db));
  job.expect_books_hold();
}

class streaming_session : public testing::TestWithParam<const char*> {};

TEST_P(streaming_session, lost_in_the_middle_is_replaced) {
  streamed_job job;
  job.submit();
  auto s = job.db.session();
  const auto terminate =
      std::string{
          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND "
          "application_name LIKE 'eidolon job % copy' AND state = 'active' AND query LIKE 'COPY %' || "} +
      s.literal(GetParam()) + " || '%'";
  int hits = 0;
  ASSERT_TRUE(eventually(
      [&] {
        if (s.value(terminate) != "0") ++hits;
        return hits == 3 || job.recorded_state() == "done";
      },
      job.patience))
      << job.told();
  EXPECT_GT(hits, 0);
  job.expect_done();
  job.expect_books_hold();
}

INSTANTIATE_TEST_SUITE_P(side, streaming_session, testing::Values("TO STDOUT", "FROM STDIN"), [](const auto& i) {
  return std::string{i.param}.substr(0, 2) == "TO" ? "reading" : "writing";
});

TEST(streamed_copy, goes_on_after_kill) {
  streamed_job job;
  job.submit();
  auto s = job.db.session();
  ASSERT_TRUE(eventually(
      [&] {
        return s.value(
                   "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND state = "
                   "'active' AND query LIKE 'COPY %FROM STDIN%'") == "t";
      },
      job.patience))
      << job.told();
  job.daemon->kill();
  job.daemon->start();
  job.expect_done();
  job.expect_books_hold();
}

TEST(streamed_copy, changes_its_method_with_the_next_chunk) {
  streamed_job job;
  job.submit("0.02");  // the next chunk comes long after it has been told
  ASSERT_TRUE(eventually([&] { return streamed(job.db); }, job.patience)) << job.told();
  ASSERT_EQ(job.daemon->client({"set", job.id, "copy_method=insert"}).status, 0);
  ASSERT_EQ(job.daemon->client({"set", job.id, "copy_ratio=0.5"}).status, 0);
  job.expect_done();
  EXPECT_TRUE(inserted(job.db));
  job.expect_books_hold();
}

// Who waits for the table behind the writing session, in front of the reading one, is let through at once.
TEST(streamed_copy, gives_way_to_who_waits_for_the_table) {
  streamed_job job;
  job.submit();
  auto ddl = job.db.session();
  for (int i = 0; i < 20 && job.recorded_state() != "done"; ++i) {
    const auto began = std::chrono::steady_clock::now();
    ddl.sql("BEGIN; LOCK TABLE load.t IN ACCESS EXCLUSIVE MODE; COMMIT");
    // The reading session would wait for its lock for 10 s (postgres/sql/session.sql).
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds{8});
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  job.expect_done();
  job.expect_books_hold();
}

class stream_or_insert : public held_job {
 protected:
  void SetUp() override {
    held_job::SetUp();
    db_.sql(std::string{check_that_tells} + "ALTER TABLE app.t ADD CHECK (public.tell(id))");
  }
  void expect_by(const std::string& how) {
    EXPECT_EQ(streamed(db_), how == "stream");
    EXPECT_EQ(inserted(db_), how == "insert");
  }
  std::string warnings() const { return boost::json::serialize(daemon_->job(id_).at("warnings")); }
  void copy(const std::string& alter = "ALTER COLUMN n TYPE bigint") {
    submit(alter, {"--set", "copy_method=stream"});
    await_state("ready");
  }
};

TEST_F(stream_or_insert, streams_where_nothing_is_in_the_way) {
  copy();
  expect_by("stream");
  EXPECT_EQ(warnings(), "[]");
  finish();
}

TEST_F(stream_or_insert, inserts_what_is_stored_out_of_line) {
  db_.sql(
      "ALTER TABLE app.t ADD COLUMN big text, ALTER COLUMN big SET STORAGE EXTERNAL; "
      "UPDATE app.t SET big = repeat('x', 9000) WHERE id = 7");
  copy();
  expect_by("insert");
  EXPECT_NE(warnings().find("out of line"), std::string::npos) << warnings();
  finish();
}

TEST_F(stream_or_insert, inserts_what_has_no_binary_form) {
  db_.sql("ALTER TABLE app.t ADD COLUMN a aclitem; UPDATE app.t SET a = 'postgres=r/postgres'");
  copy();
  expect_by("insert");
  finish();
}

TEST_F(stream_or_insert, inserts_where_an_expression_writes) {
  db_.sql(
      "CREATE TABLE public.log (n int); CREATE FUNCTION public.logged(n int) RETURNS int LANGUAGE plpgsql AS "
      "'BEGIN INSERT INTO public.log VALUES (n); RETURN n; END'");
  copy("ALTER COLUMN n TYPE bigint USING public.logged(n)");
  expect_by("insert");
  finish();
}

// The check would run with the daemon's rights.
TEST_F(stream_or_insert, inserts_for_an_owner_who_is_not_the_daemon) {
  role owner;
  db_.sql("GRANT USAGE, CREATE ON SCHEMA app TO " + owner.name() +
          "; GRANT ALL ON public.seen TO PUBLIC; "
          "ALTER TABLE app.t OWNER TO " +
          owner.name());
  daemon_.emplace(db_.conninfo());
  const auto planned = daemon_->client(
      {"--json", "plan", "--table", "app.t", "--alter", "ADD COLUMN z int", "--set", "copy_method=stream"});
  EXPECT_NE(planned.out.find("not the table's owner"), std::string::npos) << planned.out << planned.err;
  copy();
  expect_by("insert");
  EXPECT_NE(warnings().find("not the table's owner"), std::string::npos) << warnings();
  finish();
  daemon_.reset();
  db_.sql("DROP OWNED BY " + owner.name() + " CASCADE");
}

TEST_F(stream_or_insert, names_the_row_that_does_not_fit) {
  db_.sql("UPDATE app.t SET v = repeat('x', 50) WHERE id = 1234");
  submit("ALTER COLUMN v TYPE varchar(20)", {"--set", "copy_method=stream"});
  EXPECT_EQ(daemon_->wait(id_, patience), 1) << told();
  const auto error = boost::json::serialize(daemon_->job(id_).at("error"));
  EXPECT_NE(error.find("(id)=(1234)"), std::string::npos) << error;
  EXPECT_NE(error.find("too long"), std::string::npos) << error;
}

}  // namespace
}  // namespace eidolon::test
