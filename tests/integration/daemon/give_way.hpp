// A job that waits for something, tells it, and is let go on.
#pragma once
#include "tests/integration/findings/held_job.hpp"

namespace eidolon::test {

class give_way : public held_job {
 protected:
  std::optional<std::string> held_by(const std::string& reason) {
    const auto job = daemon_->job(id_);
    for (const auto& t : job.at("condition").at("throttled").as_array())
      if (t.at("reason").as_string() == reason) return std::string{t.at("detail").as_string()};
    return std::nullopt;
  }
  void expect_held(const std::string& reason, const std::string& detail) {
    EXPECT_TRUE(eventually([&] { return held_by(reason).value_or("").find(detail) != std::string::npos; }, patience))
        << told();
    EXPECT_EQ(daemon_->client({"wait", id_, "--state", "ready", "--timeout", "1"}).status, 4);
  }
  void expect_held_now(const std::string& reason) {
    EXPECT_TRUE(eventually([&] { return held_by(reason).has_value(); }, patience)) << told();
  }
  void submit_with(const std::string& setting) { submit("ALTER COLUMN n TYPE bigint", {"--set", setting}); }
  void set(const std::string& setting) { ASSERT_EQ(daemon_->client({"set", id_, setting}).status, 0); }
  void go_on() {
    await_state("ready");
    finish();
  }
};

}  // namespace eidolon::test
