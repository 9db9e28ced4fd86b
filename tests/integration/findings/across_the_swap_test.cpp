// Sessions that knew the table before the swap and go on with it afterwards.
#include "held_job.hpp"

namespace eidolon::test {
namespace {

using across_the_swap = held_job;

TEST_F(across_the_swap, prepared_statements_go_on) {
  submit_and_hold();
  auto s = db_.session();
  s.sql(
      "PREPARE put(integer) AS INSERT INTO app.t (id, n, v) VALUES ($1, 1, 'put'); "
      "PREPARE look(integer) AS SELECT v FROM app.t WHERE id = $1; PREPARE change(integer) AS UPDATE app.t SET n = n + "
      "1 WHERE id = $1");
  // Often enough for a generic plan.
  for (int i = 1; i <= 8; ++i) {
    const auto n = std::to_string(i);
    s.sql("EXECUTE put(10000 + " + n + "); EXECUTE look(" + n + "); EXECUTE change(" + n + ")");
  }
  finish();
  s.sql("EXECUTE put(20000); EXECUTE change(20000)");
  EXPECT_EQ(s.value("EXECUTE look(20000)"), "put");
  EXPECT_EQ(db_.value("SELECT n FROM app.t WHERE id = 20000"), "2");
}

// A session keeps the row type that a function of it has met; the new table has another one.
TEST_F(across_the_swap, functions_with_row_types_go_on) {
  db_.sql(
      "CREATE FUNCTION app.first_row() RETURNS text LANGUAGE plpgsql AS $$ DECLARE r app.t%ROWTYPE; BEGIN "
      "SELECT * INTO r FROM app.t WHERE id = 1; r.v := r.v || '!'; RETURN r.v; END $$");
  submit_and_hold();
  auto s = db_.session();
  EXPECT_EQ(s.value("SELECT app.first_row()"), "v1!");
  finish();
  EXPECT_EQ(s.value("SELECT app.first_row()"), "v1!");
  EXPECT_EQ(s.value("SELECT app.first_row()"), "v1!");
}

// Its snapshot is older than the copy: of the new table it would see no row at all. The swap waits for it.
TEST_F(across_the_swap, a_transaction_with_an_old_snapshot_misses_nothing) {
  db_.sql("CREATE TABLE app.other (id integer)");
  auto old = db_.session();
  old.sql("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM app.other");
  submit_and_hold();
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0);
  EXPECT_FALSE(eventually([&] { return daemon_->state(id_) == "done"; }, std::chrono::seconds{3}));
  EXPECT_EQ(old.value("SELECT count(*) FROM app.t"), std::to_string(row_count));
  old.sql("COMMIT");
  await_state("done");
  EXPECT_EQ(old.value("SELECT count(*) FROM app.t"), std::to_string(row_count));
}

// Numbers drawn by a session with a cache of its own stay apart from those drawn after the swap.
TEST_F(across_the_swap, numbers_go_on) {
  db_.sql(
      "CREATE SEQUENCE app.shared OWNED BY app.t.n; ALTER SEQUENCE app.shared CACHE 10; "
      "ALTER TABLE app.t ALTER COLUMN n SET DEFAULT nextval('app.shared'), ADD COLUMN i integer GENERATED ALWAYS AS "
      "IDENTITY");
  submit_and_hold();
  auto s = db_.session(), other = db_.session();
  const auto put = [](session& in, int id) { in.sql("INSERT INTO app.t (id) VALUES (" + std::to_string(id) + ")"); };
  for (int i = 0; i < 5; ++i) {
    put(s, 10000 + i);
    put(other, 20000 + i);
  }
  finish();
  for (int i = 5; i < 20; ++i) {
    put(s, 10000 + i);
    put(other, 20000 + i);
  }
  EXPECT_EQ(db_.value("SELECT count(*) - count(DISTINCT n) FROM app.t WHERE id >= 10000"), "0");
  EXPECT_EQ(db_.value("SELECT count(*) - count(DISTINCT i) FROM app.t"), "0");
}

}  // namespace
}  // namespace eidolon::test
