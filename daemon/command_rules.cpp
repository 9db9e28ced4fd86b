#include "daemon/command_rules.hpp"

#include "daemon/problems.hpp"
#include "daemon/states.hpp"

namespace eidolon::daemon {

namespace {

// Why it is too late for what is possible up to the swap.
std::string too_late(state s) {
  if (is_end(s)) return "It has ended.";
  return s == state::aborting ? "It is being given up; the table stays as it was." : "It is past the swap.";
}

}  // namespace

void check_possible(const job& j, state s, command what) {
  if (!j.at_home)
    throw problems::wrong_state(j, s, "a command to a job of another database", "eidolond --clean-orphans removes it.");
  switch (what) {
    case command::pause:
      if (!before_swap(s)) throw problems::wrong_state(j, s, "pause", too_late(s));
      break;
    case command::resume:
      if (is_end(s)) throw problems::wrong_state(j, s, "resume", "It has ended.");
      break;
    case command::cutover:
      if (!before_swap(s)) throw problems::wrong_state(j, s, "cutover", too_late(s));
      break;
    case command::abort:
      if (!before_swap(s) && s != state::aborting) throw problems::wrong_state(j, s, "abort", too_late(s));
      break;
    case command::drop_old:
      if (s != state::retaining)
        throw problems::wrong_state(j, s, "drop-old", "It drops the old table of a job that is retaining.");
      break;
  }
}

std::string sentence_of(command what) {
  switch (what) {
    case command::pause:
      return "pause was asked for";
    case command::resume:
      return "resume was asked for";
    case command::cutover:
      return "the cutover was asked for";
    case command::abort:
      return "abort was asked for";
    case command::drop_old:
      return "the old table is to be dropped now";
  }
  return {};
}

void mirror(job& j, command what) {
  ++j.commands;
  set_paused(j, what == command::pause);
  j.record.cutover_requested |= what == command::cutover;
  j.record.abort_requested |= what == command::abort;
  j.record.drop_requested |= what == command::drop_old;
}

}  // namespace eidolon::daemon
