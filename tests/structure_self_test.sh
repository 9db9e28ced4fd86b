#!/usr/bin/env bash
# structure_test.sh has to find what it is there for: each kind of wrong include, planted in a
# small tree of its own, makes it fail and is named.
set -euo pipefail
test=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/structure_test.sh
tree=$(mktemp --directory)
trap 'rm --recursive --force "$tree"' EXIT

plant() { # FILE INCLUDE
  mkdir --parents "$tree/$(dirname "$1")"
  printf '#include %s\n' "$2" >"$tree/$1"
}

reset() {
  rm --recursive --force "${tree:?}"/*
  mkdir "$tree"/{config,postgres,plan,triggers,copier,cutover,daemon}
  plant postgres/connection.cpp '<libpq-fe.h>'
  plant daemon/runner.cpp '"copier/phases.hpp"'
}

reset
"$test" "$tree" >/dev/null || { echo 'a clean tree is rejected' && exit 1; }

while read -r file include; do
  reset
  plant "$file" "$include"
  if output=$("$test" "$tree"); then
    echo "$file with $include is accepted" && exit 1
  fi
  [[ $output == *"$file:1:"* ]] || { echo "$file is not named: $output" && exit 1; }
done <<END
config/settings.cpp "postgres/connection.hpp"
postgres/pool.cpp "plan/plan.hpp"
plan/planner.cpp "copier/phases.hpp"
copier/copy.cpp "triggers/triggers.hpp"
triggers/install.cpp "cutover/cutover.hpp"
cutover/swap.cpp "copier/phases.hpp"
cutover/swap.hpp "daemon/service.hpp"
copier/copy.cpp <libpq-fe.h>
daemon/client/main.cpp "postgres/quoting.hpp"
daemon/client/main.cpp "daemon/service.hpp"
plan/planner.cpp "../copier/phases.hpp"
END
echo 'every planted include is found'
