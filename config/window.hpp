// Calm hours: when copying, or the cutover, may or may not run. Deciding is pure, over a local time that the server
// tells.
#pragma once
#include <bitset>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eidolon::config {

struct local_time {
  int day{};     // 0: Monday
  int minute{};  // of the day
};

struct window {
  bool allows{};                   // or denies
  bool copy{true}, cutover{true};  // what
  std::bitset<7> days{127};        // on which it begins; 0: Monday
  int from{0}, to{24 * 60};        // minutes of the day; to <= from: of the next one
  std::string zone{"UTC"};
  std::string text;  // as the file says it: "mon-fri 22:00-06:00 Europe/Berlin"
  friend bool operator==(const window&, const window&) = default;
};

// "mon-fri", "Sat,Sun", "all"; nullopt when it is none.
std::optional<std::bitset<7>> parse_days(std::string_view text);
// "22:00-06:00", "22:00-6:00": {1320, 360}; nullopt when it is none, or empty.
std::optional<std::pair<int, int>> parse_hours(std::string_view text);

bool covers(const window& w, local_time t);

// Why the copy, or the cutover, may not run now; empty when it may. A zone without a time denies.
enum class windowed { copy, cutover };
std::string denial(const std::vector<window>& windows, windowed what, const std::map<std::string, local_time>& now);

}  // namespace eidolon::config
