// The states of a job and the only ways from one to another.
//
//                       abort or failure, from every state up to cutting_over
//            ┌────────────────────────────────────────────────────────────────▶ aborting ──▶ aborted
//            │                                                                     └───────▶ failed
//   queued ──▶ preparing ──▶ copying ──▶ indexing ──▶ catching_up ──▶ verifying ──▶ ready
//                  ▲            │            │             │ └─────────────────────▲ │ ▲
//                  └────────────┴────────────┴─────────────┴── the source was        ▼ │
//                                                              rewritten      cutting_over
//                                                                                    │ the swap
//                                                done ◀── retaining ◀── validating ◀─┘
//
// Paused and throttled are conditions beside the state. Every step is idempotent: resuming
// a job is running the step of its state again.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace eidolon::daemon {

enum class state {
  queued,
  preparing,
  copying,
  indexing,
  catching_up,
  verifying,
  ready,
  cutting_over,
  validating,
  retaining,
  done,
  failed,
  aborting,
  aborted,
};

inline constexpr std::array<std::string_view, 14> state_names{
    "queued",       "preparing",  "copying",   "indexing", "catching_up", "verifying", "ready",
    "cutting_over", "validating", "retaining", "done",     "failed",      "aborting",  "aborted"};

constexpr std::string_view name_of(state s) { return state_names[static_cast<std::size_t>(s)]; }

constexpr std::optional<state> state_from(std::string_view name) {
  const auto found = std::find(state_names.begin(), state_names.end(), name);
  if (found == state_names.end()) return std::nullopt;
  return static_cast<state>(found - state_names.begin());
}

struct transition {
  state from, to;
  std::string_view comment;  // the text of the log line and of the event
};

inline constexpr std::array transitions{
    transition{state::queued, state::preparing, "the job's turn has come: the table is planned anew"},
    transition{state::preparing, state::copying, "the sync triggers are in place: the rows are copied"},
    transition{state::copying, state::indexing, "every block has been copied: the indexes are built"},
    transition{state::indexing, state::catching_up, "the indexes are built: the backlog is applied"},
    transition{state::catching_up, state::verifying, "the ghost has caught up: source and ghost are compared"},
    transition{state::catching_up, state::ready, "the ghost has caught up; verification is off"},
    transition{state::verifying, state::ready, "source and ghost hold the same rows"},
    transition{state::ready, state::cutting_over, "the cutover may begin"},
    transition{state::cutting_over, state::ready, "the cutover waits until it is asked for again"},
    transition{state::cutting_over, state::validating, "ghost and source have changed places"},
    transition{state::validating, state::retaining, "the table has its new shape; the old one is kept for a while"},
    transition{state::retaining, state::done, "the old table is dropped"},

    transition{state::copying, state::preparing,
               "the source was rewritten or its log has a gap: the copy starts again"},
    transition{state::indexing, state::preparing,
               "the source was rewritten or its log has a gap: the copy starts again"},
    transition{state::catching_up, state::preparing,
               "the source was rewritten or its log has a gap: the copy starts again"},
    transition{state::verifying, state::preparing,
               "the source was rewritten or its log has a gap: the copy starts again"},
    transition{state::ready, state::preparing, "the source was rewritten or its log has a gap: the copy starts again"},
    transition{state::cutting_over, state::preparing,
               "the source was rewritten or its log has a gap: the copy starts again"},

    transition{state::queued, state::aborting, "the job ends before it began"},
    transition{state::preparing, state::aborting, "the job ends: what it prepared is removed"},
    transition{state::copying, state::aborting, "the job ends: triggers and ghost are removed"},
    transition{state::indexing, state::aborting, "the job ends: triggers and ghost are removed"},
    transition{state::catching_up, state::aborting, "the job ends: triggers and ghost are removed"},
    transition{state::verifying, state::aborting, "the job ends: triggers and ghost are removed"},
    transition{state::ready, state::aborting, "the job ends: triggers and ghost are removed"},
    transition{state::cutting_over, state::aborting, "the job ends: triggers and ghost are removed"},
    transition{state::aborting, state::aborted, "nothing of the job is left; the table is as it was"},
    transition{state::aborting, state::failed,
               "nothing of the job is left; the table is as it was, the error says why"},
};

constexpr const transition* find_transition(state from, state to) {
  const auto found = std::find_if(transitions.begin(), transitions.end(),
                                  [&](const transition& t) { return t.from == from && t.to == to; });
  return found == transitions.end() ? nullptr : &*found;
}

constexpr bool is_end(state s) { return s == state::done || s == state::failed || s == state::aborted; }

// What it does there could be what the server cannot take; elsewhere it waits, and applies a little.
constexpr bool works_hard(state s) {
  return s == state::preparing || s == state::copying || s == state::indexing || s == state::verifying ||
         s == state::validating;
}

// The source is still the application's table, so the job can be given up without a trace.
constexpr bool before_swap(state s) { return s <= state::cutting_over; }

// The states in which a job works on the copy: one job of a database at a time.
constexpr bool needs_slot(state s) { return s >= state::preparing && s <= state::verifying; }

}  // namespace eidolon::daemon
