// The daemon as a service: its configuration file, read again on SIGHUP; several databases; what it tells systemd.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"
#include "tests/support/daemon_process.hpp"

namespace eidolon::test {
namespace {

namespace asio = boost::asio;
using testing::Contains;
using testing::HasSubstr;

constexpr std::chrono::seconds patience{60};

class configured_daemon : public testing::Test {
 protected:
  configured_daemon() {
    auto path = (std::filesystem::temp_directory_path() / "eidolon-service-XXXXXX").string();
    directory_ = ::mkdtemp(path.data());
  }
  ~configured_daemon() override {
    process_.reset();
    std::filesystem::remove_all(directory_);
  }

  void write(const std::string& text) const {
    std::ofstream{directory_ / "e.toml"} << "[listen]\nsocket = \"" << socket() << "\"\nhttp = \"\"\n" << text;
  }
  static std::string database_text(const std::string& name, const database& d, const std::string& more = "") {
    return "[[database]]\nname = \"" + name + "\"\ndsn = \"" + d.conninfo() + "\"\n" + more + "\n";
  }
  void start(std::map<std::string, std::string> environment = {}) {
    process_.emplace(
        process_options{.command = {daemon_process::program("eidolond"), "--config", (directory_ / "e.toml").string()},
                        .environment = std::move(environment)});
    ASSERT_TRUE(eventually([&] { return logged("leads"); }, patience)) << process_->err();
  }
  void reload() {
    process_->signal(SIGHUP);
    ++reloads_;
    ASSERT_TRUE(eventually([&] { return count("reloaded") >= reloads_; }, patience)) << process_->err();
  }
  int count(const std::string& text) const {
    int n = 0;
    const auto log = process_->err();
    for (auto at = log.find(text); at != std::string::npos; at = log.find(text, at + 1)) ++n;
    return n;
  }
  bool logged(const std::string& text) const { return count(text) > 0; }

  finished_process client(std::vector<std::string> arguments) const {
    process_options o{.command = {daemon_process::program("eidolon"), "--socket", socket()}};
    o.command.insert(o.command.end(), arguments.begin(), arguments.end());
    return run_process(std::move(o));
  }
  std::string submit(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"submit", "--table",    "public.t", "--alter", "ALTER COLUMN id TYPE bigint",
                                       "--set",  "keep_old=0s"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto answer = client(std::move(arguments));
    EXPECT_EQ(answer.status, 0) << answer.err;
    answer.out.erase(answer.out.find_last_not_of('\n') + 1);
    return answer.out;
  }
  boost::json::value job(const std::string& id) const {
    return boost::json::parse(client({"--json", "status", id}).out);
  }
  bool held_by(const std::string& id, const std::string& reason) const {
    const auto j = job(id);
    const auto& held = j.at("condition").at("throttled").as_array();
    return std::any_of(held.begin(), held.end(), [&](const auto& t) { return t.at("reason").as_string() == reason; });
  }
  int wait(const std::string& id, const std::string& state, const std::string& seconds = "60") const {
    return client({"wait", id, "--state", state, "--timeout", seconds}).status;
  }
  std::string socket() const { return (directory_ / "e.sock").string(); }

  std::filesystem::path directory_;
  std::optional<process> process_;
  int reloads_{};
};

void make_table(const database& d) {
  d.sql("CREATE TABLE public.t (id int PRIMARY KEY); INSERT INTO public.t SELECT generate_series(1, 1000)");
}
std::string type_of_id(const database& d) {
  return d.value(
      "SELECT format_type(atttypid, -1) FROM pg_attribute WHERE attrelid = 'public.t'::regclass AND attname = 'id'");
}

TEST_F(configured_daemon, reads_defaults_and_replicas_again) {
  database db;
  make_table(db);
  write(database_text("main", db, "replicas = [\"host=/nowhere dbname=x\"]") + "[defaults]\nworkers = 3\n");
  start();
  const auto held = submit();
  EXPECT_TRUE(eventually([&] { return held_by(held, "lag"); }, patience)) << process_->err();
  EXPECT_EQ(job(held).at("settings").at("workers").as_int64(), 3);
  // The replica is removed: the job goes on, with the settings it has.
  write(database_text("main", db) + "[defaults]\nworkers = 4\n");
  reload();
  EXPECT_EQ(wait(held, "done"), 0) << process_->err();
  EXPECT_EQ(job(held).at("settings").at("workers").as_int64(), 3);
  db.sql("ALTER TABLE public.t ALTER COLUMN id TYPE int");
  EXPECT_EQ(job(submit()).at("settings").at("workers").as_int64(), 4);
}

// Nothing that runs is cancelled: the daemon leads as it did.
TEST_F(configured_daemon, replicas_come_and_go_while_a_job_runs) {
  database db;
  make_table(db);
  write(database_text("main", db));
  start();
  const auto id = submit({"--set", "copy_ratio=0"});
  EXPECT_EQ(wait(id, "copying"), 0);
  EXPECT_TRUE(eventually([&] { return held_by(id, "copy_ratio"); }, patience));
  EXPECT_FALSE(held_by(id, "lag"));
  write(database_text("main", db, "replicas = [\"host=/nowhere dbname=x\", \"" + db.conninfo() + "\"]"));
  reload();
  EXPECT_TRUE(eventually([&] { return held_by(id, "lag"); }, patience)) << process_->err();
  write(database_text("main", db, "replicas = [\"" + db.conninfo() + "\"]"));
  reload();
  EXPECT_TRUE(eventually([&] { return !held_by(id, "lag"); }, patience)) << process_->err();
  EXPECT_EQ(client({"set", id, "copy_ratio=1"}).status, 0);
  EXPECT_EQ(wait(id, "done"), 0) << process_->err();
  EXPECT_EQ(db.value("SELECT epoch FROM eidolon.leader"), "1") << process_->err();
}

// Its triggers go on logging, and nobody else says so.
TEST_F(configured_daemon, tells_which_jobs_it_leaves_behind_with_a_database) {
  database a, b;
  make_table(b);
  write(database_text("a", a) + database_text("b", b));
  start();
  ASSERT_TRUE(eventually([&] { return count("leads") == 2; }, patience)) << process_->err();
  const auto id = submit({"--database", "b", "--set", "copy_ratio=0"});
  EXPECT_EQ(wait(id, "copying"), 0);
  write(database_text("a", a) + database_text("renamed", b));
  reload();
  ASSERT_TRUE(eventually([&] { return logged("info leads database=renamed"); }, patience)) << process_->err();
  EXPECT_FALSE(logged("stays as it is")) << process_->err();
  write(database_text("a", a));
  reload();
  EXPECT_TRUE(logged("stays as it is, and triggers that it has go on logging database=renamed job=" + id +
                     " table=public.t state=copying"))
      << process_->err();
  write(database_text("a", a) + database_text("b", b));
  reload();
  EXPECT_TRUE(eventually([&] { return client({"set", id, "copy_ratio=1"}).status == 0; }, patience));
  EXPECT_EQ(wait(id, "done"), 0) << process_->err();
}

TEST_F(configured_daemon, keeps_what_it_has_when_the_file_is_wrong_and_says_what_needs_a_restart) {
  database db;
  make_table(db);
  write(database_text("main", db) + "[defaults]\nworkers = 3\n");
  start();
  write(database_text("main", db) + "[defaults]\nworkers = 5\nwrokers = 5\n");
  process_->signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return logged("is not reloaded"); }, patience)) << process_->err();
  EXPECT_TRUE(logged("wrokers"));
  const auto id = submit();
  EXPECT_EQ(job(id).at("settings").at("workers").as_int64(), 3);
  EXPECT_EQ(wait(id, "done"), 0);
  std::ofstream{directory_ / "e.toml"} << "[listen]\nsocket = \"" << (directory_ / "other.sock").string()
                                       << "\"\nhttp = \"\"\n"
                                       << database_text("main", db);
  process_->signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return logged("[listen] needs a restart"); }, patience)) << process_->err();
  EXPECT_EQ(client({"list"}).status, 0);
}

TEST_F(configured_daemon, works_on_several_databases_at_once_and_lets_go_of_one) {
  database a, b;
  make_table(a);
  make_table(b);
  write(database_text("a", a) + database_text("b", b));
  start();
  ASSERT_TRUE(eventually([&] { return count("leads") == 2; }, patience)) << process_->err();
  const auto in_a = submit({"--database", "a", "--set", "copy_ratio=0"}),
             in_b = submit({"--database", "b", "--set", "copy_ratio=0"});
  EXPECT_NE(in_a, in_b);
  // Both copy: the slot is one in each database.
  EXPECT_EQ(wait(in_a, "copying"), 0);
  EXPECT_EQ(wait(in_b, "copying"), 0);
  EXPECT_EQ(client({"set", in_b, "copy_ratio=1"}).status, 0);
  EXPECT_EQ(wait(in_b, "done"), 0);
  EXPECT_EQ(job(in_a).at("state").as_string(), "copying");
  EXPECT_EQ(type_of_id(b), "bigint");
  EXPECT_EQ(type_of_id(a), "integer");
  write(database_text("a", a));
  reload();
  EXPECT_EQ(client({"status", in_b}).status, 1) << "its database is no longer this daemon's";
  EXPECT_EQ(client({"set", in_a, "copy_ratio=1"}).status, 0);
  EXPECT_EQ(wait(in_a, "done"), 0);
  EXPECT_EQ(type_of_id(a), "bigint");
}

TEST_F(configured_daemon, keeps_calm_hours) {
  database db;
  make_table(db);
  const std::string deny = "[[window]]\nrule = \"deny\"\nzone = \"Europe/Berlin\"\nwhat = ";
  write(database_text("main", db) + deny + "\"copy\"\n");
  start();
  const auto id = submit();
  EXPECT_TRUE(eventually([&] { return held_by(id, "window"); }, patience)) << process_->err();
  EXPECT_EQ(job(id).at("state").as_string(), "queued");
  EXPECT_EQ(db.value("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'public.t'::regclass"), "0");
  write(database_text("main", db) + deny + "\"cutover\"\n");
  reload();
  EXPECT_EQ(wait(id, "ready"), 0) << process_->err();
  EXPECT_TRUE(eventually([&] { return held_by(id, "window"); }, patience));
  EXPECT_EQ(wait(id, "done", "2"), 4);
  EXPECT_EQ(client({"cutover", id}).status, 0) << "the calm hours hold all the same";
  EXPECT_EQ(wait(id, "done", "1"), 4);
  write(database_text("main", db) + "[[window]]\nrule = \"allow\"\n");
  reload();
  EXPECT_EQ(wait(id, "done"), 0) << process_->err();
}

// Hours, day and zone count, each of them: Tokyo is nine hours ahead, and has no summer time.
TEST_F(configured_daemon, calm_hours_begin_while_a_job_copies) {
  database db;
  make_table(db);
  const auto local = db.sql(
      "SELECT to_char(l - interval '1 hour', 'HH24:MI'), to_char(l + interval '1 hour', 'HH24:MI'), to_char(l + "
      "interval "
      "'2 hours', 'HH24:MI'), lower(to_char(l - interval '1 hour', 'dy')), lower(to_char(l + interval '3 days', "
      "'dy')), "
      "lower(to_char(l + interval '1 hour', 'dy')) FROM (SELECT now() AT TIME ZONE 'Asia/Tokyo' AS l) AS x");
  const auto at = [&](int i) { return local[0][static_cast<std::size_t>(i)].value(); };
  const auto deny = [&](const std::string& from, const std::string& to, const std::string& day) {
    write(database_text("main", db) +
          "[[window]]\nrule = \"deny\"\nwhat = \"copy\"\nzone = \"Asia/Tokyo\"\nhours = \"" + from + "-" + to +
          "\"\ndays = \"" + day + "\"\n");
  };
  deny(at(1), at(2), at(5));
  start();
  const auto id = submit({"--set", "copy_ratio=0"});
  EXPECT_EQ(wait(id, "copying"), 0);
  EXPECT_TRUE(eventually([&] { return held_by(id, "copy_ratio"); }, patience));
  EXPECT_FALSE(held_by(id, "window")) << "they begin in an hour";
  deny(at(0), at(1), at(3));
  reload();
  EXPECT_TRUE(eventually([&] { return held_by(id, "window"); }, patience)) << process_->err();
  EXPECT_EQ(client({"set", id, "copy_ratio=1"}).status, 0);
  EXPECT_EQ(wait(id, "indexing", "2"), 4);
  EXPECT_EQ(job(id).at("state").as_string(), "copying");
  deny(at(0), at(1), at(4));
  reload();
  EXPECT_EQ(wait(id, "done"), 0) << "it is another day: " << process_->err();
}

TEST_F(configured_daemon, a_time_zone_that_the_server_does_not_know_denies) {
  database db;
  make_table(db);
  write(database_text("main", db) + "[[window]]\nrule = \"allow\"\nzone = \"Europe/Berlim\"\n");
  start();
  const auto id = submit();
  EXPECT_TRUE(eventually([&] { return held_by(id, "window"); }, patience)) << process_->err();
}

TEST_F(configured_daemon, tells_systemd_how_it_is) {
  database db;
  write(database_text("main", db));
  asio::io_context io;
  const auto address = (directory_ / "notify").string();
  asio::local::datagram_protocol::socket manager{io, asio::local::datagram_protocol::endpoint{address}};
  manager.non_blocking(true);
  std::vector<std::string> told;
  const auto hears = [&](const std::string& what) {
    return eventually(
        [&] {
          std::array<char, 512> buffer{};
          boost::system::error_code nothing;
          const auto n = manager.receive(asio::buffer(buffer), 0, nothing);
          if (!nothing) told.emplace_back(buffer.data(), n);
          return std::any_of(told.begin(), told.end(), [&](const auto& t) { return t.starts_with(what); });
        },
        patience);
  };
  start({{"NOTIFY_SOCKET", address}, {"WATCHDOG_USEC", "400000"}});
  EXPECT_TRUE(hears("READY=1"));
  EXPECT_TRUE(hears("WATCHDOG=1"));
  told.clear();
  EXPECT_TRUE(hears("WATCHDOG=1")) << "and again";
  told.clear();
  process_->signal(SIGHUP);
  EXPECT_TRUE(hears("RELOADING=1"));
  EXPECT_TRUE(hears("READY=1"));
  process_->signal(SIGTERM);
  EXPECT_TRUE(hears("STOPPING=1"));
  EXPECT_EQ(process_->wait(patience), 0);
}

// What the daemon asks for the time, at moments around the change of clocks.
TEST(local_time, follows_the_rules_of_its_zone) {
  database db;
  std::ifstream in{EIDOLON_SOURCE_DIR "/daemon/sql/local_time.sql"};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  ASSERT_FALSE(text.empty());
  auto s = db.session();
  const auto at = [&](const std::string& zone, const std::string& moment) {
    const auto r = s.prepared(text, {zone, moment}).at(0);
    return *r.at(0) + " " + *r.at(1);
  };
  EXPECT_EQ(at("UTC", "2026-03-29 00:59:00Z"), "6 59");
  EXPECT_EQ(at("Europe/Berlin", "2026-03-29 00:59:00Z"), "6 119");
  EXPECT_EQ(at("Europe/Berlin", "2026-03-29 01:00:00Z"), "6 180") << "from 2 to 3 there is nothing";
  EXPECT_EQ(at("Europe/Berlin", "2026-10-25 00:30:00Z"), "6 150");
  EXPECT_EQ(at("Europe/Berlin", "2026-10-25 01:30:00Z"), "6 150") << "half past two comes twice";
  EXPECT_EQ(at("Europe/Berlin", "2026-10-25 23:00:00Z"), "0 0");
  EXPECT_EQ(at("America/New_York", "2026-01-01 04:59:00Z"), "2 1439");
}

}  // namespace
}  // namespace eidolon::test
