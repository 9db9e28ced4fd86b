// Calm hours that begin while a job compares source and ghost: it waits, and its log is applied all the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/support/await.hpp"
#include "tests/support/cluster.hpp"
#include "tests/support/daemon_process.hpp"

namespace eidolon::test {
namespace {

class calm_hours : public testing::Test {
 protected:
  static constexpr std::chrono::seconds patience{120};
  static constexpr int row_count = 60'000;

  calm_hours() {
    auto path = (std::filesystem::temp_directory_path() / "eidolon-calm-XXXXXX").string();
    directory_ = ::mkdtemp(path.data());
    db_.sql(
        "CREATE SCHEMA app; CREATE TABLE app.t (id integer PRIMARY KEY, v text); INSERT INTO app.t SELECT i, 'v' "
        "FROM generate_series(1, " +
        std::to_string(row_count) + ") i");
    write("");
    daemon_.emplace(process_options{
        .command = {daemon_process::program("eidolond"), "--config", (directory_ / "e.toml").string()}});
  }
  ~calm_hours() override {
    daemon_.reset();
    std::filesystem::remove_all(directory_);
  }

  void write(const std::string& windows) const {
    std::ofstream{directory_ / "e.toml"} << "[listen]\nsocket = \"" << socket() << "\"\nhttp = \"\"\n"
                                         << "[[database]]\nname = \"main\"\ndsn = \"" << db_.conninfo() << "\"\n"
                                         << windows;
  }
  std::string socket() const { return (directory_ / "e.sock").string(); }
  bool logged(const std::string& text) const { return daemon_->err().find(text) != std::string::npos; }
  finished_process client(std::vector<std::string> arguments) const {
    process_options o{.command = {daemon_process::program("eidolon"), "--socket", socket()}};
    o.command.insert(o.command.end(), arguments.begin(), arguments.end());
    return run_process(std::move(o));
  }
  std::string status() const { return client({"--json", "status", id_}).out; }
  bool waits_for_the_hours() const {
    const auto job = boost::json::parse(status());
    const auto& held = job.at("condition").at("throttled").as_array();
    return job.at("state").as_string() == "verifying" &&
           std::any_of(held.begin(), held.end(), [](const auto& t) { return t.at("reason").as_string() == "window"; });
  }
  int wait(const std::string& state) const {
    return client({"wait", id_, "--state", state, "--timeout", std::to_string(patience.count())}).status;
  }

  database db_;
  std::filesystem::path directory_;
  std::optional<process> daemon_;
  std::string id_;
};

TEST_F(calm_hours, hold_verification_and_not_the_log) {
  ASSERT_TRUE(eventually([&] { return logged("leads"); }, patience)) << daemon_->err();
  auto submitted =
      client({"submit", "--table", "app.t", "--alter", "ALTER COLUMN id TYPE bigint", "--set", "keep_old=0s", "--set",
              "workers=1", "--set", "copy_ratio=0.02", "--set", "chunk_target=50ms"});
  ASSERT_EQ(submitted.status, 0) << submitted.err;
  id_ = submitted.out.substr(0, submitted.out.find('\n'));
  ASSERT_EQ(wait("verifying"), 0) << status();
  write("[[window]]\nrule = \"deny\"\nwhat = \"copy\"\n");
  daemon_->signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return waits_for_the_hours(); }, patience)) << status();

  for (int i = 0; i < 2; ++i) db_.sql("UPDATE app.t SET v = v || '!'");
  const auto applied = "SELECT count(*) FROM eidolon_" + id_ + ".t WHERE v = 'v!!'";
  EXPECT_TRUE(eventually([&] { return db_.value(applied) == std::to_string(row_count); }, patience)) << status();
  EXPECT_TRUE(waits_for_the_hours()) << status();

  write("");
  daemon_->signal(SIGHUP);
  ASSERT_EQ(client({"set", id_, "copy_ratio=1"}).status, 0);
  EXPECT_EQ(wait("done"), 0) << status();
  EXPECT_EQ(db_.value("SELECT count(*) FROM app.t WHERE v = 'v!!'"), std::to_string(row_count));
}

}  // namespace
}  // namespace eidolon::test
