#!/usr/bin/env bash
# systemd finds nothing wrong with deploy/eidolond.service, and gives it an exposure of at most 2.0 of 10.
#
#   service_test.sh EIDOLOND     skipped (77) where there is no systemd-analyze
set -euo pipefail
unit=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/deploy/eidolond.service
command -v systemd-analyze >/dev/null || { echo 'skipped: there is no systemd-analyze' && exit 77; }

directory=$(mktemp --directory)
trap 'rm --recursive --force "$directory"' EXIT
# The program has to be where the unit says.
sed "s|^\(Exec[A-Za-z]*\)=[^ ]*/eidolond|\1=$1|" "$unit" >"$directory/eidolond.service"
complaints=$(systemd-analyze verify "$directory/eidolond.service" 2>&1) && [[ -z $complaints ]] || { echo "$complaints" && exit 1; }
systemd-analyze security --offline=true --no-pager --threshold=20 "$directory/eidolond.service" | tail -n 1
