// How the client ends, for scripts.
#pragma once

namespace eidolon::client {

enum class exit_status : int {
  done = 0,
  failed = 1,       // the job failed, was aborted or refused
  usage = 2,        // the command line is wrong, or lacks the --database that the daemon needs
  unreachable = 3,  // no daemon answers
  timed_out = 4,
};

}  // namespace eidolon::client
