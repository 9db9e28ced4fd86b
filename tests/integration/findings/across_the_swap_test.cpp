// Sessions that knew the table before the swap and go on with it afterwards.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "held_job.hpp"
#include "tests/support/process.hpp"

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

// pgbouncer in transaction mode, in front of the database's cluster; in a directory of its own.
class bouncer {
 public:
  explicit bouncer(const cluster& behind) : directory_{behind.directory() / "bouncer"} {
    std::filesystem::create_directories(directory_);
    std::ofstream{directory_ / "users"} << "\"postgres\" \"\"\n";
    std::ofstream{directory_ / "pgbouncer.ini"} << fmt::format(
        "[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr =\nunix_socket_dir = {}\nlisten_port = {}\n"
        "auth_type = trust\nauth_file = {}\npool_mode = transaction\ndefault_pool_size = 3\n",
        behind.directory().string(), behind.port(), directory_.string(), port, (directory_ / "users").string());
    // Root may not run it, and the user who may has to make the socket there.
    std::filesystem::permissions(directory_, std::filesystem::perms::all);
    process_.emplace(process_options{unprivileged({"/usr/sbin/pgbouncer", (directory_ / "pgbouncer.ini").string()})});
    EXPECT_TRUE(eventually([&] { return std::filesystem::exists(directory_ / fmt::format(".s.PGSQL.{}", port)); },
                           std::chrono::seconds{10}))
        << process_->err();
  }
  ~bouncer() {
    process_.reset();
    std::filesystem::remove_all(directory_);
  }
  const std::filesystem::path& directory() const { return directory_; }

  static constexpr int port = 6432;  // only the name of a socket in a directory of its own

 private:
  std::filesystem::path directory_;
  std::optional<process> process_;
};

// Clients share server sessions from transaction to transaction; each UPDATE that succeeded is there afterwards.
TEST_F(across_the_swap, a_pooler_in_transaction_mode_goes_on) {
  const bouncer pooler{cluster::shared()};
  const auto script = (pooler.directory() / "load.sql").string();
  std::ofstream{script} << "\\set i random(1, 3000)\nBEGIN;\nUPDATE app.t SET n = n + 1 WHERE id = :i;\n"
                           "SELECT v FROM app.t WHERE id = :i;\nCOMMIT;\n";
  process load{{{cluster::program("pgbench"), "-h", pooler.directory().string(), "-p", std::to_string(bouncer::port),
                 "-U", "postgres", "-n", "-c", "6", "-T", "8", "-M", "extended", "-f", script, db_.name()}}};
  submit_and_hold();
  ASSERT_EQ(daemon_->client({"cutover", id_}).status, 0) << told();
  await_state("done");
  ASSERT_TRUE(load.running());
  ASSERT_EQ(load.wait(patience), 0) << load.err();
  const auto said = load.out();
  std::smatch processed;
  ASSERT_TRUE(std::regex_search(said, processed, std::regex{"actually processed: ([0-9]+)"})) << said;
  ASSERT_THAT(said, testing::HasSubstr("number of failed transactions: 0 "));
  EXPECT_EQ(db_.value("SELECT sum(n - id) FROM app.t"), processed[1].str());
}

}  // namespace
}  // namespace eidolon::test
